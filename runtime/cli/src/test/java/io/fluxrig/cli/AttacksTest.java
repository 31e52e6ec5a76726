package io.fluxrig.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fluxrig.scenario.Passport;
import io.fluxrig.scenario.Scenario;
import io.fluxrig.signal.FluxCbor;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.SignedArtifact;
import io.fluxrig.signal.SigningKey;
import io.fluxrig.signal.Value;
import io.fluxrig.simulate.TerminalSim;
import io.fluxrig.vault.VaultReader;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Attacks on what runs, sent to a switch that works under load: each is refused with its number, told with the hash of what came and the reason, and felt by nobody. The
 * whole catalogue, with the test of each row: {@code docs/attacks.md}.
 */
class AttacksTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final BigInteger ORDER =
            BigInteger.ONE.shiftLeft(252).add(new BigInteger("27742317777372353535851937790883648493"));
    private static final int SIGNATURE = 64;

    @TempDir
    private Path folder;

    private LiveSwitch live;
    private byte[] good;
    private FluxMap payload;

    /** What is sent, and the number that it must be refused with. */
    private record Attack(byte[] file, String code) {}

    @Test
    void everyAttackIsRefusedWithItsNumberAndLeavesWhatRunsUntouched() throws Exception {
        try (LiveSwitch started = LiveSwitch.start(folder);
                TerminalSim terminals = started.terminals(4, 50, folder.resolve("terminals.jsonl"))) {
            live = started;
            Path first = folder.resolve("v1.scenario");
            Path second = live.sign(text -> text.replace("level: warn", "level: info"));
            live.pushAndActivate(second);
            good = Files.readAllBytes(second);
            payload = (FluxMap) FluxCbor.decode(
                    SignedArtifact.parse(good, Scenario.CONTENT_TYPE).payload().toArray());
            String before = running();
            Map<String, Attack> attacks = attacks(Files.readAllBytes(first));
            for (Map.Entry<String, Attack> attack : attacks.entrySet()) {
                JsonNode answer = push(attack.getValue().file());
                assertThat(answer.toString())
                        .as(attack.getKey())
                        .contains(attack.getValue().code());
                assertThat(running()).as("after " + attack.getKey()).isEqualTo(before);
            }
            terminals.stop();
            assertThat(terminals.await(Duration.ofSeconds(30))).isTrue();
            assertThat(terminals.stats().failed()).isZero();
            assertThat(terminals.stats().connects()).isEqualTo(4);
            eachWasTold(attacks);
        }
    }

    private Map<String, Attack> attacks(byte[] older) {
        Map<String, Attack> attacks = new LinkedHashMap<>();
        byte[] tampered = good.clone();
        tampered[good.length / 2] ^= 1;
        attacks.put("A01 tampered", new Attack(tampered, "FLX-10"));
        attacks.put("A02 no signature", new Attack(signature(new byte[0]), "FLX-1009"));
        attacks.put(
                "A02 63 bytes",
                new Attack(signature(Arrays.copyOfRange(good, good.length - 64, good.length - 1)), "FLX-1009"));
        attacks.put("A02 zeros", new Attack(signature(new byte[SIGNATURE]), "FLX-1010"));
        attacks.put("A02 S + L", new Attack(signature(moreThanReduced()), "FLX-1010"));
        attacks.put("A03 signed as another type", new Attack(signed(Passport.CONTENT_TYPE, payload), "FLX-1009"));
        attacks.put("A04 a MAC's tag", new Attack(changed(0, 0xd1), "FLX-1009"));
        attacks.put("A04 another algorithm", new Attack(changed(algorithmAt(), 0x26), "FLX-1009"));
        attacks.put("A07 an older serial", new Attack(older, "FLX-4024"));
        attacks.put("A07 the same serial, other content", new Attack(signed(with("version", "9.9.9")), "FLX-4025"));
        attacks.put("A09 a serial far ahead", new Attack(signed(serial(5_000_000)), "FLX-4026"));
        attacks.put("A10 another spec set", new Attack(signed(serial(3).with("specs", otherSizes())), "FLX-4027"));
        attacks.put("A11 a stranger's key", new Attack(stranger(), "FLX-1011"));
        attacks.put("A12 one signature twice", new Attack(twice(), "FLX-1009"));
        attacks.put("A13 a byte behind it", new Attack(Arrays.copyOf(good, good.length + 1), "FLX-1009"));
        attacks.put("A14 a name that leads away", new Attack(signed(with("name", "../x")), "FLX-4021"));
        attacks.put("A14 NUL in a name", new Attack(signed(with("name", "payment\0switch")), "FLX-4021"));
        return attacks;
    }

    /** Either the Mixer, whom it reached first, or the Rack has recorded it. */
    private void eachWasTold(Map<String, Attack> attacks) throws IOException {
        Set<String> told = new HashSet<>();
        live.scenario("history", "--json").json().path("events").forEach(event -> {
            if (event.path("event").asText().equals("refused")) {
                told.add(event.path("identity").asText() + " "
                        + event.path("why").asText());
            }
        });
        live.node.close();
        VaultReader.at(live.data.rackWal(LiveSwitch.RACK)).forEach(leaf -> {
            if (leaf.note().text("event").orElse("").equals("refused")) {
                told.add(((Value.Bin) leaf.note().get("artifact")).value().hex() + " error "
                        + leaf.note().text("code").orElseThrow());
            }
        });
        attacks.forEach((name, attack) -> {
            String hash =
                    SignedArtifact.nameOf(attack.file(), Scenario.CONTENT_TYPE).hex();
            assertThat(told).as(name).anyMatch(t -> t.startsWith(hash + " ") && t.contains(attack.code()));
        });
    }

    /** A37: a clock that is set back makes nothing valid again that had ended before a time somebody trusted has signed. */
    @Test
    void aClockThatIsSetBackMakesNothingValidAgain() throws Exception {
        try (LiveSwitch started = LiveSwitch.start(folder)) {
            live = started;
            Path second = live.sign(text -> text);
            good = Files.readAllBytes(second);
            payload = (FluxMap) FluxCbor.decode(
                    SignedArtifact.parse(good, Scenario.CONTENT_TYPE).payload().toArray());
            long clock = System.currentTimeMillis() / 1000;
            // The same as a clock that has gone back by an hour since this was signed.
            FluxMap ahead = serial(2).with("issued", Value.of(clock + 3600));
            live.pushAndActivate(Files.write(folder.resolve("ahead.scenario"), signed(ahead)));
            FluxMap over = serial(3).with("issued", Value.of(clock)).with("expires", Value.of(clock + 1800));
            String before = running();
            assertThat(push(signed(over)).toString()).contains("FLX-4023");
            assertThat(running()).isEqualTo(before);
            FluxMap stillGood = over.with("expires", Value.of(clock + 5400));
            live.pushAndActivate(Files.write(folder.resolve("good.scenario"), signed(stillGood)));
            // A time that is too far ahead to be believed is not remembered, or one signature would end everything
            // else.
            FluxMap absurd = serial(4).with("issued", Value.of(clock + 400L * 86_400));
            live.pushAndActivate(Files.write(folder.resolve("absurd.scenario"), signed(absurd)));
            FluxMap next = serial(5).with("issued", Value.of(clock)).with("expires", Value.of(clock + 5400));
            live.pushAndActivate(Files.write(folder.resolve("next.scenario"), signed(next)));
        }
    }

    private FluxMap with(String key, String value) {
        return payload.with(key, value);
    }

    private FluxMap serial(long serial) {
        return payload.with("serial", Value.of(serial));
    }

    private FluxMap otherSizes() {
        FluxMap specs = (FluxMap) payload.get("specs");
        FluxMap other = specs;
        for (int i = 0; i < specs.size(); i++) {
            FluxMap pin = (FluxMap) specs.get(specs.keyAt(i));
            other = other.with(specs.keyAt(i), pin.with("size", Value.of(pin.integer("size", 0) + 1)));
        }
        return other;
    }

    private byte[] signed(FluxMap map) {
        return signed(Scenario.CONTENT_TYPE, map);
    }

    private byte[] signed(String contentType, FluxMap map) {
        return SignedArtifact.sign(contentType, FluxCbor.encode(map), live.key);
    }

    private byte[] stranger() {
        return SignedArtifact.sign(
                Scenario.CONTENT_TYPE, FluxCbor.encode(serial(3)), SigningKey.generate(new SecureRandom()));
    }

    private byte[] twice() {
        byte[] both = Arrays.copyOf(good, 2 * good.length);
        System.arraycopy(good, 0, both, good.length, good.length);
        return both;
    }

    private byte[] changed(int at, int value) {
        byte[] other = good.clone();
        assertThat(other[at]).isNotEqualTo((byte) value);
        other[at] = (byte) value;
        return other;
    }

    /** The protected header begins with {@code a3 01 32}: three entries, the first of them algorithm -19. */
    private int algorithmAt() {
        for (int at = 0; at < 16; at++) {
            if (good[at] == (byte) 0xa3 && good[at + 1] == 1 && good[at + 2] == 0x32) {
                return at + 2;
            }
        }
        throw new AssertionError("no protected header");
    }

    private byte[] signature(byte[] other) {
        List<Byte> bytes = new ArrayList<>();
        for (int i = 0; i < good.length - SIGNATURE - 2; i++) {
            bytes.add(good[i]);
        }
        if (other.length >= 24) {
            bytes.add((byte) 0x58);
            bytes.add((byte) other.length);
        } else {
            bytes.add((byte) (0x40 + other.length));
        }
        for (byte b : other) {
            bytes.add(b);
        }
        byte[] file = new byte[bytes.size()];
        for (int i = 0; i < file.length; i++) {
            file[i] = bytes.get(i);
        }
        return file;
    }

    /** The same signature with the order of the group added to its scalar: a lenient verifier takes it for a second signature. */
    private byte[] moreThanReduced() {
        byte[] signature = Arrays.copyOfRange(good, good.length - SIGNATURE, good.length);
        byte[] scalar = reversed(Arrays.copyOfRange(signature, 32, 64));
        byte[] more = new BigInteger(1, scalar).add(ORDER).toByteArray();
        byte[] padded = new byte[32];
        System.arraycopy(more, 0, padded, 32 - more.length, more.length);
        System.arraycopy(reversed(padded), 0, signature, 32, 32);
        return signature;
    }

    private static byte[] reversed(byte[] bytes) {
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return reversed;
    }

    private String running() throws IOException {
        return live.scenario("status", "--json")
                .json()
                .path("racks")
                .path(0)
                .path("identity")
                .asText();
    }

    /** As an attacker does it, without the command that would look at the file first. */
    private JsonNode push(byte[] file) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(live.api() + "/api/v1/scenarios"))
                .header("X-Fluxrig", "attack")
                .POST(HttpRequest.BodyPublishers.ofByteArray(file))
                .build();
        String body = HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
        return JSON.readTree(body);
    }
}
