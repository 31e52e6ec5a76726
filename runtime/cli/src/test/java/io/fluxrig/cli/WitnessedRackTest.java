package io.fluxrig.cli;

import static io.fluxrig.cli.DemoTest.fluxrig;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.fluxrig.audit.Witness;
import io.fluxrig.gear.GearTypes;
import io.fluxrig.node.Node;
import io.fluxrig.scenario.DataDir;
import io.fluxrig.scenario.GearJars;
import io.fluxrig.scenario.Trust;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.SigningKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Rack shows its checkpoints to a witness, and an auditor sees what the witness saw. */
class WitnessedRackTest {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @TempDir
    private static Path folder;

    private static Path data;

    @BeforeAll
    static void aShortDay() {
        System.setProperty("fluxrig.home", Program.HOME.toString());
        data = folder.resolve("data");
        DemoTest.Ran demo = fluxrig("demo", "--duration", "1s", "--rate", "50", "--json", "--data", data.toString());
        assertThat(demo.exit()).as(demo.err()).isZero();
    }

    private static Node start(Path directory, int witnessPort) {
        Node node = open(directory, witnessPort);
        node.awaitRunning(PATIENCE);
        return node;
    }

    private static Node open(Path directory, int witnessPort) {
        DataDir opened = DataDir.openOrCreate(directory, Optional.empty());
        return Node.start(new Node.Settings(
                "rack-a",
                Map.of(),
                opened,
                GearTypes.load(WitnessedRackTest.class.getClassLoader()),
                GearJars.none(),
                Trust.load(opened.trustDir()),
                Optional.empty(),
                "127.0.0.1",
                OptionalInt.empty(),
                Clock.systemUTC(),
                Map.of(
                        "persistence.vault.witness.urls",
                        "http://127.0.0.1:" + witnessPort,
                        "persistence.vault.witness.every",
                        "100ms")));
    }

    private static List<String> witnesses(Path directory) {
        return verdict(directory).path("witnesses").findValuesAsText("witness");
    }

    private static JsonNode verdict(Path directory, String... more) {
        List<String> arguments = new ArrayList<>(List.of("audit", "verify", "--data", directory.toString(), "--json"));
        arguments.addAll(List.of(more));
        try {
            return fluxrig(arguments.toArray(String[]::new)).json();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void whatAWitnessSawIsInTheVerdictAndARollbackIsNot() throws IOException {
        Path home = folder.resolve("witness");
        Path pinned = Files.createDirectories(home.resolve("trust/root"));
        Files.copy(data.resolve("trust/root/root.pub.pem"), pinned.resolve("root.pub.pem"));
        SigningKey key = SigningKey.generate(new SecureRandom());
        key.writePem(folder.resolve("auditor.example.pem"));
        Path older = DemoTest.copyOf(data, folder.resolve("older"));
        Path witnesses = Files.createDirectories(data.resolve("trust/witness"));
        Files.copy(folder.resolve("auditor.example.pub.pem"), witnesses.resolve("auditor.example.pem"));
        List<String> log = new CopyOnWriteArrayList<>();
        Witness witness = new Witness(home, "auditor.example", key, Clock.systemUTC());
        try (WitnessDoor door = WitnessDoor.open(new InetSocketAddress("127.0.0.1", 0), witness, log::add)) {
            try (Node node = start(data, door.port())) {
                await().atMost(PATIENCE).until(() -> witnesses(data).contains("auditor.example"));
            }
            JsonNode verified = verdict(data);
            assertThat(verified.path("intact").asBoolean())
                    .as(verified.toString())
                    .isTrue();
            assertThat(log).anyMatch(line -> line.startsWith("knows local/vault/"));

            // Somebody puts yesterday's disk back, and the Rack goes on from there.
            try (Node node = start(older, door.port())) {
                await().atMost(PATIENCE).until(() -> log.stream().anyMatch(l -> l.contains("does not sign")));
            }
        }
        Path remembered = last(home);
        DemoTest.Ran compared =
                fluxrig("audit", "verify", "--data", older.toString(), "--checkpoint", remembered.toString(), "--json");
        assertThat(compared.exit()).as(compared.out()).isIn(3, 4);
        DemoTest.Ran honest =
                fluxrig("audit", "verify", "--data", data.toString(), "--checkpoint", remembered.toString(), "--json");
        assertThat(honest.exit()).as(honest.out()).isZero();
    }

    /** F28, F29: only the Rack's own disk goes back; the Mixer remembers, and nothing is repaired by forgetting. */
    @Test
    void aRackThatWasPutBackIsQuarantinedUntilItBeginsANewGeneration() throws Exception {
        Path mine = DemoTest.copyOf(data, folder.resolve("quarantine"));
        Path yesterday = DemoTest.copyOf(mine.resolve("racks/rack-a"), folder.resolve("yesterday"));
        try (Node node = start(mine, 1)) {
            await().atMost(PATIENCE).until(() -> witnesses(mine).contains("local.mixer"));
        }
        delete(mine.resolve("racks/rack-a"));
        DemoTest.copyOf(yesterday, mine.resolve("racks/rack-a"));

        try (Node node = open(mine, 1)) {
            FluxException held = node.whenHeld().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(held.code().code()).isEqualTo("FLX-6012");
        }
        assertThat(fluxrig("audit", "list", "--data", mine.toString(), "--kind", "control")
                        .out())
                .contains("event=quarantined");
        try (Node node = open(mine, 1)) {
            assertThat(node.whenHeld()
                            .get(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                            .code()
                            .code())
                    .as("a restart changes nothing")
                    .isEqualTo("FLX-6012");
        }

        DemoTest.Ran renewed = fluxrig("racks", "renew", "rack-a", "--data", mine.toString(), "--json");
        assertThat(renewed.exit()).as(renewed.err()).isZero();
        assertThat(renewed.json().path("generation").asLong()).isEqualTo(2);
        try (Node node = start(mine, 1)) {
            await().atMost(PATIENCE).until(() -> witnesses(mine).contains("local.mixer"));
        }
        JsonNode second = verdict(mine);
        assertThat(second.path("intact").asBoolean()).as(second.toString()).isTrue();
        assertThat(second.path("origin").asText()).endsWith("/2");
        assertThat(fluxrig("audit", "list", "--data", mine.toString(), "--limit", "1")
                        .out())
                .contains("continues local/vault/rack-0001-0000000001/1");
        JsonNode first = verdict(mine, "--generation", "1");
        assertThat(first.path("intact").asBoolean()).as(first.toString()).isTrue();
        assertThat(first.path("origin").asText()).endsWith("/1");
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static Path last(Path home) throws IOException {
        try (Stream<Path> files = Files.walk(home)) {
            return files.filter(f -> f.getFileName().toString().equals("last"))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
