package io.fluxrig.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxrig.audit.AuditVerify;
import io.fluxrig.audit.RackFiles;
import io.fluxrig.audit.Verdict;
import io.fluxrig.gear.GearTypes;
import io.fluxrig.node.SwapStep;
import io.fluxrig.scenario.DataDir;
import io.fluxrig.scenario.GearJars;
import io.fluxrig.scenario.ScenarioFile;
import io.fluxrig.scenario.ScenarioSigner;
import io.fluxrig.signal.SigningKey;
import io.fluxrig.simulate.SchemeSim;
import io.fluxrig.simulate.TerminalPlan;
import io.fluxrig.simulate.TerminalSim;
import io.fluxrig.spec.Spec;
import io.fluxrig.spec.Specs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A Rack is killed in the middle of changing its scenario, and comes back with the old one or the new one, whole: at every step, and at any moment. More of the
 * latter: {@code -Dswap.kills=100}.
 */
class KilledSwapTest {
    private static final int KILLS = Integer.getInteger("swap.kills", 4);

    @TempDir
    private Path folder;

    private final SigningKey key = SigningKey.generate(new SecureRandom());
    private DataDir data;
    private int listen;
    private int management;
    private Path log;
    private UnaryOperator<String> peers = text -> text;

    @BeforeEach
    void pinKeys() throws IOException {
        data = DataDir.openOrCreate(folder.resolve("data"), Optional.of("swap.test"));
        Files.writeString(
                data.trustDir().resolve("scenario/release.pem"), key.publicKey().pem());
        listen = LiveSwitch.freePort();
        management = LiveSwitch.freePort();
        log = Files.createFile(folder.resolve("switch.log"));
    }

    /** Each start brings back what the kill before has left, with nobody there to help, and is killed at the next step. */
    @Test
    void aKillAtEachStepOfASwapLeavesTheOldOrTheNewScenarioWhole() throws Exception {
        Path ledger = folder.resolve("terminals.jsonl");
        Spec spec = Specs.load(Program.HOME.resolve("examples/payment-switch/specs/payments.yaml"))
                .orThrow();
        try (SchemeSim alpha = scheme("alpha", spec);
                SchemeSim beta = scheme("beta", spec)) {
            peers = text -> text.replace("127.0.0.1:9001", "127.0.0.1:" + alpha.port())
                    .replace("127.0.0.1:9002", "127.0.0.1:" + beta.port());
            Path running = sign(1);
            try (TerminalSim terminals = new TerminalSim(
                            TerminalPlan.to("127.0.0.1", listen)
                                    .terminals(8)
                                    .rate(100)
                                    .ledger(ledger),
                            spec)
                    .start()) {
                Optional<Path> first = Optional.of(running);
                for (SwapStep step : SwapStep.values()) {
                    running = killedAt(step, first, running);
                    first = Optional.empty();
                }
                try (Program last = run(log, Optional.empty())) {
                    assertThat(running()).isEqualTo(Artifacts.identity(running));
                    terminals.stop();
                    assertThat(terminals.await(Duration.ofSeconds(60))).isTrue();
                    assertThat(last.terminate()).isZero();
                }
            }
        }
        System.out.println("  " + Books.balance(folder, data.root(), LiveSwitch.RACK, ledger));
    }

    /** Returns what must run afterwards. */
    private Path killedAt(SwapStep step, Optional<Path> first, Path running) throws Exception {
        Path next = sign(step.ordinal() + 2);
        try (Program program = run(log, first, "-Dfluxrig.halt-at=" + step)) {
            assertThat(running()).as("before " + step).isEqualTo(Artifacts.identity(running));
            push(next);
            scenario("activate", next.toString());
            assertThat(program.awaitEnd()).as("killed at " + step).isEqualTo(137);
        }
        return step.compareTo(SwapStep.REMEMBERED) < 0 ? running : next;
    }

    private SchemeSim scheme(String name, Spec spec) throws IOException {
        return new SchemeSim("127.0.0.1", 0, name, spec, Optional.of(folder.resolve(name + ".jsonl"))).start();
    }

    @Test
    void aKillAtAnyMomentOfASwapLeavesTheOldOrTheNewScenarioWhole() throws Exception {
        long seed = Long.getLong("swap.seed", System.nanoTime());
        System.out.println("KilledSwapTest seed " + seed + ", " + KILLS + " kills");
        Random chance = new Random(seed);
        Path running = sign(1);
        int newOnes = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            Path next = sign(kill + 2);
            try (Program program = run(log, kill == 0 ? Optional.of(running) : Optional.empty())) {
                push(next);
                Thread activating = Thread.ofVirtual().start(() -> scenario("activate", next.toString()));
                Thread.sleep(chance.nextInt(kill % 2 == 0 ? 150 : 1500)); // the moment of the kill is what varies
                program.kill();
                activating.join();
            }
            try (Program back = run(log, Optional.empty())) {
                String identity = running();
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

    private String running() throws IOException {
        return scenario("status", "--json")
                .json()
                .path("racks")
                .path(0)
                .path("identity")
                .asText();
    }

    private void push(Path artifact) {
        DemoTest.Ran pushed =
                scenario("push", artifact.toString(), "--data", data.root().toString());
        assertThat(pushed.exit()).as(pushed.err()).isZero();
    }

    private DemoTest.Ran scenario(String... words) {
        List<String> all = new ArrayList<>(List.of("scenario"));
        all.addAll(List.of(words));
        all.addAll(List.of("--api", "http://127.0.0.1:" + management));
        return DemoTest.fluxrig(all.toArray(String[]::new));
    }

    private Program run(Path log, Optional<Path> artifact, String... options) throws IOException {
        long from = Files.size(log);
        List<String> arguments = new ArrayList<>(List.of("run"));
        artifact.ifPresent(a -> arguments.add(a.toString()));
        arguments.addAll(List.of(
                "--data", data.root().toString(), "--name", LiveSwitch.RACK, "--management-port", "" + management));
        Program program = Program.start(
                log, Map.of("JDK_JAVA_OPTIONS", String.join(" ", options)), arguments.toArray(String[]::new));
        program.awaitText("runs; management", from);
        return program;
    }

    private Path sign(long serial) throws IOException {
        Path example = Program.HOME.resolve("examples/payment-switch");
        Path copy = Files.createDirectories(folder.resolve("scenario/specs"));
        Files.write(copy.resolve("payments.yaml"), Files.readAllBytes(example.resolve("specs/payments.yaml")));
        Path yaml = Files.writeString(
                folder.resolve("scenario/scenario.yaml"),
                peers.apply(Files.readString(example.resolve("scenario.yaml"))
                        .replace("127.0.0.1:8583", "127.0.0.1:" + listen)
                        .replace("sender-timeout: 5s", "sender-timeout: " + (5000 + serial) + "ms")
                        .replace(" timeout: 2s", " timeout: " + (2000 + serial) + "ms")));
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
