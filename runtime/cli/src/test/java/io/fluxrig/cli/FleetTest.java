package io.fluxrig.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fluxrig.gear.GearTypes;
import io.fluxrig.node.Node;
import io.fluxrig.scenario.DataDir;
import io.fluxrig.scenario.GearJars;
import io.fluxrig.scenario.Scenario;
import io.fluxrig.scenario.ScenarioFile;
import io.fluxrig.scenario.ScenarioSigner;
import io.fluxrig.scenario.SwapPlan;
import io.fluxrig.scenario.Trust;
import io.fluxrig.scenario.VerifiedScenario;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.SigningKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many Racks in one process, and large scenarios. More Racks: {@code -Dfleet.racks=100}. */
class FleetTest {
    private static final int RACKS = Integer.getInteger("fleet.racks", 6);

    @TempDir
    private Path folder;

    private final SigningKey key = SigningKey.generate(new SecureRandom());
    private DataDir data;

    @BeforeEach
    void setUp() throws IOException {
        data = DataDir.openOrCreate(folder.resolve("data"), Optional.of("fleet.test"));
        Files.writeString(
                data.trustDir().resolve("scenario/release.pem"), key.publicKey().pem());
    }

    private static GearTypes types() {
        return GearTypes.load(FleetTest.class.getClassLoader());
    }

    private byte[] sign(long serial, String text) throws IOException {
        Path yaml = Files.writeString(folder.resolve("scenario.yaml"), text);
        ScenarioFile.Linted linted = ScenarioFile.lint(yaml, types());
        return ScenarioSigner.sign(
                linted.blueprint().orElseThrow(() -> new AssertionError(linted.findings())),
                GearJars.none(),
                data,
                key,
                new ScenarioSigner.Terms(OptionalLong.of(serial), 1_700_000_000L, Optional.empty()));
    }

    private static String small(String level) {
        return "meta: { name: fleet, version: 1.0.0 }\n"
                + "racks: [{ name: rack-0 }, { labels: { zone: north } }]\n"
                + "gears:\n"
                + "  - { name: sink, type: log, config: { level: " + level + " } }\n"
                + "  - { name: far, type: log, deploy: zone=north, config: { level: info } }\n";
    }

    private Node start(byte[] artifact) {
        return Node.start(new Node.Settings(
                "rack-0",
                Map.of(),
                data,
                types(),
                GearJars.none(),
                Trust.load(data.trustDir()),
                Optional.of(Bytes.wrap(artifact)),
                "127.0.0.1",
                OptionalInt.of(0),
                Clock.systemUTC(),
                Map.of()));
    }

    @Test
    void everyRackOfTheFleetRunsWhatWasPushed() throws Exception {
        try (Node node = start(sign(1, small("info")))) {
            node.awaitRunning(Duration.ofSeconds(60));
            List<CompletableFuture<Void>> starting = new ArrayList<>();
            for (int i = 1; i < RACKS; i++) {
                starting.add(node.host("rack-" + i, Map.of("zone", "north")));
            }
            CompletableFuture.allOf(starting.toArray(CompletableFuture[]::new)).get(5, TimeUnit.MINUTES);
            Path next = Files.write(folder.resolve("next.scenario"), sign(2, small("warn")));
            String api = "http://127.0.0.1:" + node.managementPort();
            long began = System.nanoTime();
            DemoTest.Ran pushed = DemoTest.fluxrig(
                    "scenario",
                    "push",
                    next.toString(),
                    "--api",
                    api,
                    "--data",
                    data.root().toString());
            DemoTest.Ran activated = DemoTest.fluxrig("scenario", "activate", next.toString(), "--api", api, "--json");
            long millis = (System.nanoTime() - began) / 1_000_000;
            assertThat(pushed.exit()).as(pushed.err()).isZero();
            assertThat(activated.exit()).as(activated.err()).isZero();
            JsonNode racks = activated.json().path("racks");
            assertThat(racks).hasSize(RACKS);
            racks.forEach(rack -> assertThat(rack.path("verdict").asText()).isEqualTo("running"));
            JsonNode status = DemoTest.fluxrig("scenario", "status", "--api", api, "--json")
                    .json();
            status.path("racks")
                    .forEach(rack -> assertThat(rack.path("identity").asText()).isEqualTo(Artifacts.identity(next)));
            System.out.println("FleetTest: push to running on " + RACKS + " Racks took " + millis + " ms");

            Path third = Files.write(folder.resolve("third.scenario"), sign(3, small("info")));
            DemoTest.fluxrig(
                    "scenario",
                    "push",
                    third.toString(),
                    "--api",
                    api,
                    "--data",
                    data.root().toString());
            DemoTest.Ran canary = DemoTest.fluxrig(
                    "scenario",
                    "activate",
                    third.toString(),
                    "--api",
                    api,
                    "--canary",
                    "rack-1",
                    "--quiet",
                    "500ms",
                    "--json");
            assertThat(canary.exit()).as(canary.err()).isZero();
            assertThat(canary.json().path("racks")).hasSize(RACKS);
        }
    }

    @Test
    void labelsDecideWhichGearsRunOnARack() throws Exception {
        Scenario scenario = Scenario.claimedBy(sign(1, small("info"))).orElseThrow();
        SwapPlan north = SwapPlan.of(scenario, scenario, types(), "rack-9", Map.of("zone", "north"));
        SwapPlan named = SwapPlan.of(scenario, scenario, types(), "rack-0", Map.of());
        SwapPlan stranger = SwapPlan.of(scenario, scenario, types(), "rack-9", Map.of("zone", "south"));
        assertThat(north.gears()).containsOnlyKeys("sink", "far");
        assertThat(named.gears()).containsOnlyKeys("sink");
        assertThat(stranger.gears()).isEmpty();
    }

    @Test
    void twoHundredGearsAreVerifiedAndPlannedAtOnce() throws Exception {
        byte[] one = sign(1, chain(200, "info"));
        byte[] two = sign(2, chain(200, "warn"));
        Trust trust = Trust.load(data.trustDir());
        long best = Long.MAX_VALUE;
        SwapPlan plan = null;
        for (int i = 0; i < 20; i++) {
            long began = System.nanoTime();
            VerifiedScenario a = VerifiedScenario.verify(one, trust, "fleet.test", Instant.now());
            VerifiedScenario b = VerifiedScenario.verify(two, trust, "fleet.test", Instant.now());
            plan = SwapPlan.of(a.scenario(), b.scenario(), types(), "rack-0", Map.of());
            best = Math.min(best, System.nanoTime() - began);
        }
        System.out.println(
                "FleetTest: verifying two scenarios of 200 gears and planning takes " + best / 1_000 + " us");
        assertThat(plan.names(SwapPlan.GearFate.CHANGED)).containsExactly("sink");
        assertThat(plan.names(SwapPlan.GearFate.KEPT)).hasSize(199);
    }

    private static String chain(int gears, String level) {
        StringBuilder text = new StringBuilder("meta: { name: chain, version: 1.0.0 }\ngears:\n");
        StringBuilder wires = new StringBuilder("wires:\n");
        for (int i = 0; i < gears - 1; i++) {
            text.append("  - { name: r")
                    .append(i)
                    .append(", type: router, config: { rules: [{ field: a, prefix: \"1\", to: on }] } }\n");
            wires.append("  - { from: r")
                    .append(i)
                    .append(".on, to: ")
                    .append(i == gears - 2 ? "sink" : "r" + (i + 1))
                    .append(".in }\n");
        }
        return text.append("  - { name: sink, type: log, config: { level: ")
                .append(level)
                .append(" } }\n")
                .append(wires)
                .toString();
    }
}
