package io.fluxrig.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fluxrig.simulate.TerminalSim;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code fluxrig top} where standard output is no terminal. */
class TopCommandTest {
    @TempDir
    private Path folder;

    private static List<JsonNode> documents(DemoTest.Ran ran) throws IOException {
        assertThat(ran.exit()).as(ran.err()).isZero();
        List<JsonNode> all = new ArrayList<>();
        for (String line : ran.out().split("\n")) {
            all.add(new ObjectMapper().readTree(line));
        }
        return all;
    }

    @Test
    void tellsOneObjectASecond() throws Exception {
        try (LiveSwitch live = LiveSwitch.start(folder);
                TerminalSim terminals = live.terminals(2, 100, folder.resolve("ledger.jsonl"))) {
            List<JsonNode> told = documents(DemoTest.fluxrig("top", "--api", live.api(), "--json", "--count", "4"));
            assertThat(told).hasSize(4);
            assertThat(documents(DemoTest.fluxrig("top", "--api", live.api(), "--json")))
                    .hasSize(1);
            // Names that scripts know: none of them goes.
            assertThat(List.of(
                            "rack",
                            "site",
                            "phase",
                            "ready",
                            "why",
                            "degraded",
                            "scenario",
                            "inFlight",
                            "draining",
                            "cutShort",
                            "links",
                            "vault",
                            "backlog",
                            "wires",
                            "tapDropped",
                            "freeDiskBytes",
                            "movable",
                            "members",
                            "mixerOn",
                            "leavesPerSecond",
                            "bytesPerSecond",
                            "at",
                            "signalsPerSecond",
                            "refusedPerSecond",
                            "failedPerSecond"))
                    .allMatch(told.getFirst()::has);
            JsonNode last = told.getLast();
            assertThat(last.path("signalsPerSecond").asDouble()).isBetween(20.0, 500.0);
            assertThat(last.path("leavesPerSecond").asLong()).isPositive();
            assertThat(last.path("bytesPerSecond").asLong()).isPositive();
            assertThat(last.path("p50Ms").asDouble()).isPositive();
            assertThat(last.path("p99Ms").asDouble())
                    .isGreaterThanOrEqualTo(last.path("p50Ms").asDouble());
            assertThat(last.path("racks").path(0).path("rack").asText()).isEqualTo(LiveSwitch.RACK);
            assertThat(last.path("racks").path(0).path("standing").asText()).isEqualTo("approved");

            assertThat(String.join("\n", TopPage.of(last)))
                    .contains("rack-a of swap.test: running", "links        up alpha, beta", "this one", "the Mixer");

            String[] lines = DemoTest.fluxrig("top", "--api", live.api(), "--count", "2")
                    .out()
                    .split("\n");
            assertThat(lines)
                    .hasSize(2)
                    .allMatch(line -> line.matches(
                            "rack-a of swap\\.test: running, \\d+ in flight" + "   [\\d,]+ leaves/s   [\\d,]+ KiB/s"));
        }
    }

    @Test
    void whoeverCannotBeReachedIsToldAtOnce() {
        DemoTest.Ran ran = DemoTest.fluxrig("top", "--api", "http://127.0.0.1:1");
        assertThat(ran.exit()).isEqualTo(1);
        assertThat(ran.err()).contains("FLX-9121");
    }
}
