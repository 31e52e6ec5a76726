package io.fluxrig.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fluxrig.spec.Spec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Terminals that talk to a scheme's host without a switch between them. */
class SimulatorsTest {
    private static final Spec SPEC = Dialect.open(Path.of("../../examples/payment-switch/specs/payments.yaml"));

    @TempDir
    private Path directory;

    private static TerminalPlan plan(SchemeSim scheme) {
        return TerminalPlan.to("127.0.0.1", scheme.port())
                .terminals(4)
                .rate(400)
                .duration(Duration.ofSeconds(2))
                .waiting(Duration.ofMillis(700));
    }

    private static TerminalStats run(TerminalPlan plan) throws InterruptedException {
        try (TerminalSim terminals = new TerminalSim(plan, SPEC).start()) {
            assertThat(terminals.await(Duration.ofSeconds(20))).isTrue();
            return terminals.stats();
        }
    }

    private static List<JsonNode> lines(Path file) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            lines.add(new ObjectMapper().readTree(line));
        }
        return lines;
    }

    @Test
    void everyRequestHasExactlyOneEnd() throws Exception {
        try (SchemeSim scheme = new SchemeSim("127.0.0.1", 0, "alpha", SPEC, Optional.empty())
                .lateBy(Duration.ofSeconds(1))
                .start()) {
            TerminalStats stats = run(plan(scheme).seed(11));
            assertThat(stats.sent()).isGreaterThan(600).isEqualTo(stats.answered() + stats.failed());
            assertThat(stats.answered()).isEqualTo(stats.approved() + stats.declined());
            assertThat(stats.approved()).isGreaterThan(stats.declined());
            assertThat(stats.declined()).isPositive();
            assertThat(stats.crossWired()).isZero();
            assertThat(stats.unreadable()).isZero();
            assertThat(stats.p50Ms()).isPositive().isLessThanOrEqualTo(stats.p99Ms());
            assertThat(stats.open()).isZero();
        }
    }

    @Test
    void noticesDuplicatesAndWhatIsNeverAnswered() throws Exception {
        try (SchemeSim scheme = new SchemeSim("127.0.0.1", 0, "alpha", SPEC, Optional.empty()).start()) {
            TerminalStats stats = run(plan(scheme).rate(1500).seed(3));
            assertThat(stats.duplicates()).isPositive();
            assertThat(stats.failed()).isPositive();
            assertThat(stats.inDoubt()).isEqualTo(stats.failed() + stats.timeouts());
        }
    }

    @Test
    void bothLedgersTellTheSameStory() throws Exception {
        Path ofScheme = directory.resolve("alpha.jsonl");
        Path ofTerminals = directory.resolve("terminals.jsonl");
        TerminalStats stats;
        try (SchemeSim scheme = new SchemeSim("127.0.0.1", 0, "alpha", SPEC, Optional.of(ofScheme)).start()) {
            stats = run(plan(scheme).ledger(ofTerminals));
        }
        Map<String, String> codes = new HashMap<>();
        for (JsonNode line : lines(ofScheme)) {
            assertThat(codes.put(line.get("rrn").asText(), line.get("rc").asText()))
                    .as("a transaction came twice")
                    .isNull();
        }
        Set<String> seen = new HashSet<>();
        for (JsonNode line : lines(ofTerminals)) {
            assertThat(seen.add(line.get("rrn").asText())).isTrue();
            String code = codes.get(line.get("rrn").asText());
            switch (line.get("outcome").asText()) {
                case "approved" -> assertThat(code).isEqualTo("00");
                case "declined" ->
                    assertThat(code).isNotEqualTo("00").isEqualTo(line.get("rc").asText());
                case "in-doubt" -> assertThat(line.get("why").asText()).isNotEmpty();
                default -> throw new AssertionError(line.get("outcome"));
            }
        }
        assertThat(seen).hasSize((int) stats.sent());
    }

    @Test
    void noLedgerHoldsACardNumber() throws Exception {
        Path ofScheme = directory.resolve("alpha.jsonl");
        Path ofTerminals = directory.resolve("terminals.jsonl");
        try (SchemeSim scheme = new SchemeSim("127.0.0.1", 0, "alpha", SPEC, Optional.of(ofScheme)).start()) {
            run(plan(scheme).ledger(ofTerminals));
        }
        String everything = Files.readString(ofScheme) + Files.readString(ofTerminals);
        assertThat(everything).contains("\"pan\":\"9999");
        Cards.all().forEach(pan -> assertThat(everything).doesNotContain(pan));
    }

    @Test
    void terminalsComeBackWhenTheirConnectionsBreak() throws Exception {
        try (SchemeSim scheme = new SchemeSim("127.0.0.1", 0, "alpha", SPEC, Optional.empty()).start();
                TerminalSim terminals = new TerminalSim(plan(scheme).duration(Duration.ofSeconds(30)), SPEC).start()) {
            Awaitility.await().until(() -> terminals.stats().answered() > 50);
            scheme.hangUp();
            Awaitility.await().until(() -> terminals.stats().connects() >= 8);
            long before = terminals.stats().answered();
            Awaitility.await().until(() -> terminals.stats().answered() > before + 50);
            terminals.stop();
            assertThat(terminals.await(Duration.ofSeconds(10))).isTrue();
            TerminalStats stats = terminals.stats();
            assertThat(stats.sent()).isEqualTo(stats.answered() + stats.failed());
            assertThat(stats.crossWired()).isZero();
        }
    }

    @Test
    void aSilentHostRecordsAndAnswersNothing() throws Exception {
        try (SchemeSim scheme = new SchemeSim("127.0.0.1", 0, "alpha", SPEC, Optional.empty()).start()) {
            scheme.silent(true);
            TerminalStats stats = run(plan(scheme).duration(Duration.ofMillis(300)));
            assertThat(stats.answered()).isZero();
            assertThat(stats.failed()).isEqualTo(stats.sent()).isPositive();
            assertThat(scheme.stats().requests()).isEqualTo(stats.sent());
            assertThat(scheme.stats().answers()).isZero();
        }
    }
}
