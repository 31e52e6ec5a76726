package io.fluxrig.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fluxrig.scenario.Policy;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.SigningKey;
import io.fluxrig.vault.VaultReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** An operator changes what runs, goes back, and an attacker gets nowhere. The tests tell one story, in this order. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ReleaseTest {
    @TempDir
    private static Path folder;

    private static LiveSwitch live;
    private static Path first;
    private static Path second;

    @BeforeAll
    static void start() throws IOException {
        live = LiveSwitch.start(folder);
        first = folder.resolve("v1.scenario");
    }

    @AfterAll
    static void stop() {
        live.close();
    }

    private static String running() throws IOException {
        JsonNode status = live.scenario("status", "--json").json();
        return status.path("racks").path(0).path("identity").asText();
    }

    private static void refused(String code, DemoTest.Ran ran) throws IOException {
        String before = running();
        assertThat(ran.err()).contains(code);
        assertThat(ran.exit()).isNotZero();
        assertThat(running()).as("what runs is untouched").isEqualTo(before);
    }

    private static DemoTest.Ran push(Path artifact) {
        return live.scenario(
                "push", artifact.toString(), "--data", live.data.root().toString());
    }

    @Test
    @Order(1)
    void aPlanTellsWhatAChangeKeepsAndTouches() throws IOException {
        second = live.sign(
                text -> text.replace("timeout: 2s", "timeout: 3s").replace("sender-timeout: 5s", "sender-timeout: 6s"));
        JsonNode plan = live.scenario("plan", second.toString(), "--json")
                .json()
                .path("racks")
                .path(0)
                .path("plan");
        assertThat(plan.path("changed").toString()).isEqualTo("[\"switch\",\"terminals\"]");
        assertThat(plan.path("kept")).hasSize(4);
        assertThat(plan.path("sockets").path(0).path("fate").asText()).isEqualTo("handed-over");
        assertThat(running()).isEqualTo(Artifacts.identity(first));
    }

    @Test
    @Order(2)
    void whatWasPushedRunsOnceItIsActivated() throws IOException {
        assertThat(push(second).exit()).isZero();
        assertThat(running()).isEqualTo(Artifacts.identity(first));
        DemoTest.Ran activated = live.scenario("activate", second.toString());
        assertThat(activated.exit()).as(activated.err()).isZero();
        assertThat(running()).isEqualTo(Artifacts.identity(second));
    }

    @Test
    @Order(3)
    void anOlderArtifactIsRefusedByTheRackItself() throws IOException {
        DemoTest.Ran pushed = push(first);
        refused("FLX-4024", pushed);
        refused("FLX-4024", live.scenario("activate", first.toString()));
    }

    @Test
    @Order(4)
    void anotherContentUnderTheSameSerialIsEquivocation() throws IOException {
        Files.copy(second, folder.resolve("second.scenario"));
        Path twin = live.sign(2, text -> text.replace("timeout: 2s", "timeout: 4s"));
        refused("FLX-4025", push(twin));
        second = folder.resolve("second.scenario");
    }

    @Test
    @Order(5)
    void aTamperedArtifactOrAStrangersIsRefusedByTheMixer() throws IOException {
        byte[] bytes = Files.readAllBytes(second);
        bytes[bytes.length / 2] ^= 1;
        Path tampered = Files.write(folder.resolve("tampered.scenario"), bytes);
        DemoTest.Ran ran = push(tampered);
        assertThat(ran.exit()).isNotZero();
        assertThat(running()).isEqualTo(Artifacts.identity(second));
    }

    @Test
    @Order(6)
    void anOnCallPersonGoesBackWithoutAKey() throws IOException {
        refused("FLX-6043", live.scenario("rollback"));
        Path key = folder.resolve("release-key.pem");
        live.key.writePem(key);
        Path back = folder.resolve("back.scenario");
        DemoTest.Ran signed = DemoTest.fluxrig(
                "scenario",
                "sign",
                "--return",
                first.toString(),
                "--key",
                key.toString(),
                "--serial",
                "3",
                "--out",
                back.toString(),
                "--data",
                live.data.root().toString());
        assertThat(signed.exit()).as(signed.err()).isZero();
        assertThat(push(back).exit()).isZero();
        DemoTest.Ran rolled = live.scenario("rollback");
        assertThat(rolled.exit()).as(rolled.err()).isZero();
        assertThat(running()).isEqualTo(Artifacts.identity(back));
    }

    @Test
    @Order(7)
    void aLinkThatDoesNotComeUpBringsBackWhatRan() throws IOException {
        int nobody = LiveSwitch.freePort();
        Path dead = live.sign(
                4, text -> text.replace("connect: 127.0.0.1:" + live.alpha.port(), "connect: 127.0.0.1:" + nobody));
        assertThat(push(dead).exit()).isZero();
        refused("FLX-6041", live.scenario("activate", dead.toString()));
    }

    @Test
    @Order(8)
    void aPortThatIsTakenBringsBackWhatRan() throws IOException {
        Path taken = live.sign(
                5, text -> text.replace("listen: 127.0.0.1:" + live.port, "listen: 127.0.0.1:" + live.beta.port()));
        assertThat(push(taken).exit()).isZero();
        refused("FLX-3014", live.scenario("activate", taken.toString()));
    }

    @Test
    @Order(9)
    void aTrialWithErrorsBringsBackWhatRan() throws IOException, InterruptedException {
        Path risky = live.sign(6, text -> text.replace("level: warn", "level: info"));
        assertThat(push(risky).exit()).isZero();
        String wanted = Artifacts.identity(risky);
        Thread breaks = Thread.ofVirtual().start(() -> {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> live.node.status().scenario().map(Bytes::hex).equals(Optional.of(wanted)));
            live.alpha.close();
        });
        String before = running();
        DemoTest.Ran ran = live.scenario("activate", risky.toString(), "--canary", LiveSwitch.RACK, "--quiet", "10s");
        breaks.join();
        assertThat(ran.err()).contains("FLX-6046", "alpha");
        assertThat(running()).isEqualTo(before);
    }

    @Test
    @Order(10)
    void aPolicyDecidesFromTheMomentItIsInForce() throws IOException {
        SigningKey root = SigningKey.readPem(live.data.rootKeyFile());
        SigningKey other = SigningKey.generate(new SecureRandom());
        Policy.Grant grant = new Policy.Grant(
                "release",
                List.of(other.publicKey().raw()),
                1,
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty());
        Policy policy = new Policy("swap.test", 2, 1_700_000_000, Optional.empty(), List.of(grant), Set.of(), Map.of());
        Path file = Files.write(folder.resolve("site.policy"), policy.sign(root));
        DemoTest.Ran pushed = DemoTest.fluxrig("policy", "push", file.toString(), "--api", live.api());
        assertThat(pushed.exit()).as(pushed.err()).isZero();
        Path mine = live.sign(7, text -> text.replace("timeout: 2s", "timeout: 5s"));
        DemoTest.Ran ran = push(mine);
        assertThat(ran.err()).contains("FLX-1");
        assertThat(ran.exit()).isEqualTo(3);
        Policy older = new Policy("swap.test", 1, 1_700_000_000, Optional.empty(), List.of(grant), Set.of(), Map.of());
        Path rolledBack = Files.write(folder.resolve("old.policy"), older.sign(root));
        assertThat(DemoTest.fluxrig("policy", "push", rolledBack.toString(), "--api", live.api())
                        .err())
                .contains("FLX-3041");
    }

    @Test
    @Order(11)
    void everyVerdictStandsInTheVault() {
        int[] refusals = new int[1];
        int[] activations = new int[1];
        VaultReader.at(live.data.rackWal(LiveSwitch.RACK)).forEach(leaf -> {
            String event = leaf.note().text("event").orElse("");
            refusals[0] += event.equals("refused") ? 1 : 0;
            activations[0] += event.equals("activated") ? 1 : 0;
        });
        assertThat(refusals[0]).isGreaterThanOrEqualTo(5);
        assertThat(activations[0]).isGreaterThanOrEqualTo(4);
    }
}
