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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Rack shows its checkpoints to a witness, and an auditor sees what the witness saw. */
class WitnessedRackTest {
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
        DataDir opened = DataDir.openOrCreate(directory, Optional.empty());
        Node node = Node.start(new Node.Settings(
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
        node.awaitRunning(Duration.ofMinutes(1));
        return node;
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
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> verdict(data).path("witnesses").path(0).has("size"));
            }
            JsonNode verified = verdict(data);
            assertThat(verified.path("intact").asBoolean())
                    .as(verified.toString())
                    .isTrue();
            assertThat(verified.path("witnesses").path(0).path("witness").asText())
                    .isEqualTo("auditor.example");
            assertThat(log).anyMatch(line -> line.startsWith("knows local/vault/"));

            // Somebody puts yesterday's disk back, and the Rack goes on from there.
            try (Node node = start(older, door.port())) {
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> log.stream().anyMatch(l -> l.contains("does not sign")));
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

    private static Path last(Path home) throws IOException {
        try (Stream<Path> files = Files.walk(home)) {
            return files.filter(f -> f.getFileName().toString().equals("last"))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
