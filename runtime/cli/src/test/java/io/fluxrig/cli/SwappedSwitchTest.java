package io.fluxrig.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fluxrig.audit.AuditVerify;
import io.fluxrig.audit.RackFiles;
import io.fluxrig.audit.Verdict;
import io.fluxrig.replay.Replay;
import io.fluxrig.replay.ReplayReport;
import io.fluxrig.scenario.Trust;
import io.fluxrig.simulate.TerminalSim;
import io.fluxrig.simulate.TerminalStats;
import io.fluxrig.vault.DataKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A switch under load changes its scenario again and again, and afterwards the books must balance. More swaps: {@code -Dswitch.swaps=1000}.
 */
class SwappedSwitchTest {
    private static final int SWAPS = Integer.getInteger("switch.swaps", 40);
    private static final int TERMINALS = 8;
    private static final Set<String> SCHEMES_SAY = Set.of("00", "51", "61");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What operators change: settings of each kind of gear, gears that come and go, and names. */
    private static final List<UnaryOperator<String>> CHANGES = List.of(
            text -> text,
            text -> text.replace("timeout: 2s", "timeout: 2500ms"),
            text -> text.replace("sender-timeout: 5s", "sender-timeout: 6s"),
            text -> text.replace("level: warn", "level: info"),
            text -> text.replace("rules:\n", "rules:\n        - { field: mti, prefix: \"09\", to: local }\n"),
            text -> text.replace("switch.", "hub.").replace("name: switch", "name: hub"),
            text -> text.replace("terminals.", "tills.").replace("name: terminals", "name: tills"),
            text -> text.replace("connect: 127", "connections: 2\n      connect: 127"),
            text -> text.replace("by-prefix.", "paths.").replace("name: by-prefix", "name: paths"));

    @TempDir
    private Path folder;

    @Test
    void losesNothingDoublesNothingAndKeepsEveryConnection() throws Exception {
        long seed = Long.getLong("switch.seed", System.nanoTime());
        System.out.println("SwappedSwitchTest seed " + seed + ", " + SWAPS + " swaps");
        Random chance = new Random(seed);
        Path ledger = folder.resolve("terminals.jsonl");
        TerminalStats stats;
        try (LiveSwitch live = LiveSwitch.start(folder);
                TerminalSim terminals = live.terminals(TERMINALS, 200, ledger)) {
            for (int swap = 0; swap < SWAPS; swap++) {
                UnaryOperator<String> one = CHANGES.get(chance.nextInt(CHANGES.size()));
                UnaryOperator<String> two = CHANGES.get(chance.nextInt(CHANGES.size()));
                live.pushAndActivate(live.sign(text -> one == two ? one.apply(text) : two.apply(one.apply(text))));
            }
            terminals.stop();
            assertThat(terminals.await(Duration.ofSeconds(30)))
                    .as("every request has its answer")
                    .isTrue();
            stats = terminals.stats();
        }
        System.out.println("  " + stats);
        assertThat(stats.sent()).isGreaterThan(100);
        assertThat(stats.failed()).as("lost: " + unanswered(ledger)).isZero();
        assertThat(stats.duplicates()).as("answered twice").isZero();
        assertThat(stats.crossWired()).as("answered to somebody else").isZero();
        assertThat(stats.connects()).as("connections of the terminals").isEqualTo(TERMINALS);
        assertThat(answeredByTheSwitch(ledger)).isEmpty();
        assertThat(reachedASchemeTwice()).isEmpty();
        vaultIsWholeAndReplays();
    }

    private static List<String> unanswered(Path ledger) throws IOException {
        return Files.readAllLines(ledger).stream()
                .filter(line -> line.contains("\"rc\":\"\""))
                .toList();
    }

    /** Cards that schemes answer at once must have had a scheme's answer, not one of the switch's own. */
    private static List<String> answeredByTheSwitch(Path ledger) throws IOException {
        List<String> wrong = new ArrayList<>();
        for (String line : Files.readAllLines(ledger)) {
            JsonNode told = JSON.readTree(line);
            String pan = told.path("pan").asText();
            boolean normal = pan.startsWith("999910") || pan.startsWith("999920");
            if (normal && !SCHEMES_SAY.contains(told.path("rc").asText())) {
                wrong.add(line);
            }
        }
        return wrong;
    }

    private List<String> reachedASchemeTwice() throws IOException {
        List<String> twice = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (String scheme : List.of("alpha", "beta")) {
            for (String line : Files.readAllLines(folder.resolve(scheme + ".jsonl"))) {
                JsonNode told = JSON.readTree(line);
                String request = told.path("mti").asText() + told.path("rrn").asText();
                if (!seen.add(request)) {
                    twice.add(request);
                }
            }
        }
        return twice;
    }

    private void vaultIsWholeAndReplays() {
        Path data = folder.resolve("data");
        RackFiles files = new RackFiles(data, LiveSwitch.RACK);
        Trust trust = Trust.load(data.resolve("trust"));
        Verdict verdict = AuditVerify.run(files, trust.root(), trust.scenario(), leaves -> {});
        assertThat(verdict.problems()).as("audit verify").isEmpty();
        assertThat(verdict.openSignals()).as("signals without an end").isZero();
        DataKeys keys = DataKeys.readOnly(files.dataKeys(), data.resolve("keys").resolve(LiveSwitch.RACK + ".kek"));
        ReplayReport replay = Replay.run(files, keys, LiveSwitch.types(), leaves -> {});
        assertThat(replay.differences()).as("audit replay").isEmpty();
    }
}
