package io.fluxrig.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fluxrig.audit.AuditVerify;
import io.fluxrig.audit.RackFiles;
import io.fluxrig.audit.Verdict;
import io.fluxrig.gear.GearTypes;
import io.fluxrig.scenario.DataDir;
import io.fluxrig.scenario.GearJars;
import io.fluxrig.scenario.ScenarioFile;
import io.fluxrig.scenario.ScenarioSigner;
import io.fluxrig.signal.SigningKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Rack is killed in the middle of changing its scenario, and comes back with the old one or the new one, whole. More kills: {@code -Dswap.kills=100}. */
class KilledSwapTest {
    private static final int KILLS = Integer.getInteger("swap.kills", 8);

    @TempDir
    private Path folder;

    private final SigningKey key = SigningKey.generate(new SecureRandom());
    private DataDir data;
    private int listen;
    private int management;

    @Test
    void aKillInASwapLeavesTheOldOrTheNewScenarioWhole() throws Exception {
        long seed = Long.getLong("swap.seed", System.nanoTime());
        System.out.println("KilledSwapTest seed " + seed + ", " + KILLS + " kills");
        Random chance = new Random(seed);
        data = DataDir.openOrCreate(folder.resolve("data"), Optional.of("swap.test"));
        Files.writeString(
                data.trustDir().resolve("scenario/release.pem"), key.publicKey().pem());
        listen = LiveSwitch.freePort();
        management = LiveSwitch.freePort();
        Path log = Files.createFile(folder.resolve("switch.log"));
        Path running = sign(1);
        int newOnes = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            Path next = sign(kill + 2);
            try (Program program = run(log, kill == 0 ? Optional.of(running) : Optional.empty())) {
                assertThat(scenario(
                                        "push",
                                        next.toString(),
                                        "--data",
                                        data.root().toString())
                                .exit())
                        .isZero();
                Thread activating = Thread.ofVirtual().start(() -> scenario("activate", next.toString()));
                Thread.sleep(chance.nextInt(kill % 2 == 0 ? 150 : 1500)); // the moment of the kill is what varies
                program.kill();
                activating.join();
            }
            try (Program back = run(log, Optional.empty())) {
                JsonNode rack =
                        scenario("status", "--json").json().path("racks").path(0);
                String identity = rack.path("identity").asText();
                assertThat(identity).isIn(Artifacts.identity(running), Artifacts.identity(next));
                if (identity.equals(Artifacts.identity(next))) {
                    running = next;
                    newOnes++;
                }
                assertThat(back.terminate()).isZero();
            }
        }
        System.out.println("  " + newOnes + " times the new one, " + (KILLS - newOnes) + " times the old one");
        Verdict verdict = AuditVerify.run(
                new RackFiles(data.root(), LiveSwitch.RACK),
                PinnedKeys.in(Optional.of(data.trustDir())),
                Optional.empty(),
                leaves -> {});
        assertThat(verdict.problems()).as("audit verify").isEmpty();
    }

    private DemoTest.Ran scenario(String... words) {
        List<String> all = new ArrayList<>(List.of("scenario"));
        all.addAll(List.of(words));
        all.addAll(List.of("--api", "http://127.0.0.1:" + management));
        return DemoTest.fluxrig(all.toArray(String[]::new));
    }

    private Program run(Path log, Optional<Path> artifact) throws IOException {
        long from = Files.size(log);
        List<String> arguments = new ArrayList<>(List.of("run"));
        artifact.ifPresent(a -> arguments.add(a.toString()));
        arguments.addAll(List.of(
                "--data", data.root().toString(), "--name", LiveSwitch.RACK, "--management-port", "" + management));
        Program program = Program.start(log, arguments.toArray(String[]::new));
        program.awaitText("runs; management", from);
        return program;
    }

    private Path sign(long serial) throws IOException {
        Path example = Program.HOME.resolve("examples/payment-switch");
        Path copy = Files.createDirectories(folder.resolve("scenario/specs"));
        Files.write(copy.resolve("payments.yaml"), Files.readAllBytes(example.resolve("specs/payments.yaml")));
        Path yaml = Files.writeString(
                folder.resolve("scenario/scenario.yaml"),
                Files.readString(example.resolve("scenario.yaml"))
                        .replace("127.0.0.1:8583", "127.0.0.1:" + listen)
                        .replace("timeout: 2s", "timeout: " + (2000 + serial) + "ms"));
        ScenarioFile.Linted linted =
                ScenarioFile.lint(yaml, GearTypes.load(getClass().getClassLoader()));
        byte[] artifact = ScenarioSigner.sign(
                linted.blueprint().orElseThrow(),
                GearJars.none(),
                data,
                key,
                new ScenarioSigner.Terms(OptionalLong.of(serial), 1_700_000_000L, Optional.empty()));
        return Files.write(folder.resolve("v" + serial + ".scenario"), artifact);
    }
}
