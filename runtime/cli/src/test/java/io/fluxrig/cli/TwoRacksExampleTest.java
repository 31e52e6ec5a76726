package io.fluxrig.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fluxrig.simulate.SchemeSim;
import io.fluxrig.simulate.TerminalPlan;
import io.fluxrig.simulate.TerminalSim;
import io.fluxrig.spec.Spec;
import io.fluxrig.spec.Specs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code examples/two-racks}: requests go to the schemes over another Rack, and their replies come back to who asked. */
class TwoRacksExampleTest {
    private static final Path EXAMPLE = Program.HOME.resolve("examples/two-racks");

    @TempDir
    private Path folder;

    @Test
    void terminalsAreAnsweredOverTwoRacks() throws Exception {
        Spec spec = Specs.load(EXAMPLE.resolve("specs/payments.yaml")).orThrow();
        Files.createDirectories(folder.resolve("specs"));
        Files.copy(EXAMPLE.resolve("specs/payments.yaml"), folder.resolve("specs/payments.yaml"));
        int port = LiveSwitch.freePort();
        Path ledger = folder.resolve("terminals.jsonl");
        try (SchemeSim alpha = new SchemeSim("127.0.0.1", 0, "alpha", spec, Optional.of(folder.resolve("alpha.jsonl")))
                        .start();
                SchemeSim beta =
                        new SchemeSim("127.0.0.1", 0, "beta", spec, Optional.of(folder.resolve("beta.jsonl"))).start();
                PairOfRacks pair = new PairOfRacks(folder, "rack-edge", "rack-hub")) {
            String text = Files.readString(EXAMPLE.resolve("scenario.yaml"))
                    .replace("127.0.0.1:8583", "127.0.0.1:" + port)
                    .replace("127.0.0.1:9001", "127.0.0.1:" + alpha.port())
                    .replace("127.0.0.1:9002", "127.0.0.1:" + beta.port());
            pair.start(Optional.of(pair.sign(1, text)));
            pair.hostOther();
            TerminalPlan plan = TerminalPlan.to("127.0.0.1", port)
                    .terminals(4)
                    .rate(100)
                    .duration(Duration.ofHours(1))
                    .ledger(ledger);
            TerminalSim terminals = new TerminalSim(plan, spec).start();
            Awaitility.await("terminals are answered")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> Files.readString(ledger).split("approved").length > 300);
            terminals.stop();
            Awaitility.await("nothing is on its way")
                    .atMost(Duration.ofSeconds(60))
                    .during(Duration.ofSeconds(1))
                    .until(() -> isQuiet(pair));
            terminals.close();
            pair.close();
        }
        WireBooks edge = new WireBooks(folder.resolve("data"), "rack-edge");
        WireBooks hub = new WireBooks(folder.resolve("data"), "rack-hub");
        for (String wire : new String[] {"by-prefix.alpha>switch.alpha", "by-prefix.beta>switch.beta"}) {
            assertThat(edge.handedOver(wire)).hasSizeGreaterThan(50);
            assertThat(hub.arrived(wire)).containsAll(edge.handedOver(wire));
        }
        assertThat(edge.arrived("switch.reply>terminals.in")).containsAll(hub.handedOver("switch.reply>terminals.in"));
        edge.areInOrder();
        hub.areInOrder();
    }

    private static boolean isQuiet(PairOfRacks pair) throws Exception {
        JsonNode node =
                DemoTest.fluxrig("status", "--api", pair.api(), "--json").json();
        boolean quiet = node.path("inFlight").asInt() == 0;
        for (JsonNode wire : node.path("wires")) {
            quiet &= wire.path("backlog").asInt() == 0;
        }
        return quiet;
    }

    @Test
    void whatIsNeverStoredIsNotHandedOverAfterARestart() throws Exception {
        Spec spec = Specs.load(EXAMPLE.resolve("specs/payments.yaml")).orThrow();
        Files.createDirectories(folder.resolve("specs"));
        Files.copy(EXAMPLE.resolve("specs/payments.yaml"), folder.resolve("specs/payments.yaml"));
        int port = LiveSwitch.freePort();
        try (PairOfRacks pair = new PairOfRacks(folder, "rack-edge", "rack-hub")) {
            String text = Files.readString(EXAMPLE.resolve("scenario.yaml"))
                    .replace("127.0.0.1:8583", "127.0.0.1:" + port)
                    .replace("127.0.0.1:9001", "127.0.0.1:" + LiveSwitch.freePort())
                    .replace("127.0.0.1:9002", "127.0.0.1:" + LiveSwitch.freePort())
                    .replace("sender-timeout: 5s", "sender-timeout: 1h");
            byte[] artifact = pair.sign(1, text);
            pair.start(Optional.of(artifact));
            TerminalPlan plan = TerminalPlan.to("127.0.0.1", port)
                    .terminals(2)
                    .rate(50)
                    .duration(Duration.ofHours(1))
                    .ledger(folder.resolve("terminals.jsonl"));
            try (TerminalSim terminals = new TerminalSim(plan, spec).start()) {
                Awaitility.await("requests wait for the hub")
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> backlog(pair) > 50);
            }
            pair.close();
            pair.start(Optional.of(artifact));
            assertThat(backlog(pair)).isGreaterThan(50);
            pair.hostOther();
            Awaitility.await("the wires are empty")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> isQuiet(pair));
        }
        WireBooks edge = new WireBooks(folder.resolve("data"), "rack-edge");
        WireBooks hub = new WireBooks(folder.resolve("data"), "rack-hub");
        assertThat(edge.failed("FLX-6081")).isPositive();
        for (String wire : new String[] {"by-prefix.alpha>switch.alpha", "by-prefix.beta>switch.beta"}) {
            assertThat(hub.arrived(wire)).isEqualTo(edge.handedOver(wire));
        }
        edge.areInOrder();
        hub.areInOrder();
    }

    private static int backlog(PairOfRacks pair) throws Exception {
        int waiting = 0;
        JsonNode node =
                DemoTest.fluxrig("status", "--api", pair.api(), "--json").json();
        for (JsonNode wire : node.path("wires")) {
            waiting += wire.path("backlog").asInt();
        }
        return waiting;
    }
}
