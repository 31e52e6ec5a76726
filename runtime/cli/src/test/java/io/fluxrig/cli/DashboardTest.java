package io.fluxrig.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fluxrig.node.Tap;
import io.fluxrig.simulate.TerminalSim;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The dashboard and the alert rules that we ship name nothing that a running node does not tell. */
class DashboardTest {
    private static final Path SHIPPED = Program.HOME.resolve("docker/telemetry");
    private static final Pattern METRIC = Pattern.compile("fluxrig_[a-z_]+");
    /** What is there only when something has happened that this test does not make happen. */
    private static final Set<String> SELDOM =
            Set.of("fluxrig_refused_total", "fluxrig_wire_backlog", "fluxrig_wire_backlog_age_seconds");

    @TempDir
    private static Path folder;

    private static Set<String> told;
    private static String scrape;

    @BeforeAll
    static void run() throws Exception {
        try (LiveSwitch live = LiveSwitch.start(folder)) {
            try (TerminalSim terminals = live.terminals(2, 40, folder.resolve("ledger.jsonl"))) {
                live.receives("0200garbage");
                Awaitility.await()
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> live.node.tap().total(Tap.Total.FAILED) > 0);
            }
            HttpRequest metrics =
                    HttpRequest.newBuilder(URI.create(live.api() + "/metrics")).build();
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> {
                scrape = HttpClient.newHttpClient()
                        .send(metrics, BodyHandlers.ofString())
                        .body();
                return scrape.contains("fluxrig_signal_seconds_bucket");
            });
            told = scrape.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("[{ ]", 2)[0])
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static Set<String> unknownIn(List<String> expressions) {
        Set<String> named = new TreeSet<>();
        expressions.forEach(e -> METRIC.matcher(e).results().forEach(m -> named.add(m.group())));
        assertThat(named).isNotEmpty();
        named.removeAll(told);
        named.removeAll(SELDOM);
        return named;
    }

    @Test
    void everyPanelAsksForWhatThereIs() throws IOException {
        JsonNode dashboard = new ObjectMapper().readTree(Files.readString(SHIPPED.resolve("dashboard.json")));
        List<String> expressions = dashboard.path("panels").findValuesAsText("expr");
        assertThat(dashboard.path("title").asText()).isEqualTo("fluxrig");
        assertThat(expressions).hasSizeGreaterThan(15);
        assertThat(unknownIn(expressions)).isEmpty();
    }

    @Test
    void everyRuleLooksAtWhatThereIsAndSaysWhatToDo() throws IOException {
        Object rules = new Load(LoadSettings.builder().build())
                .loadFromString(Files.readString(SHIPPED.resolve("alerts.yaml")));
        List<String> expressions = new ArrayList<>();
        for (Object group : (List<?>) ((Map<?, ?>) rules).get("groups")) {
            for (Object each : (List<?>) ((Map<?, ?>) group).get("rules")) {
                Map<?, ?> rule = (Map<?, ?>) each;
                expressions.add((String) rule.get("expr"));
                assertThat((Map<?, ?>) rule.get("annotations"))
                        .as("%s", rule.get("alert"))
                        .hasSize(2);
            }
        }
        assertThat(expressions).hasSizeGreaterThan(10);
        assertThat(unknownIn(expressions)).isEmpty();
    }

    @Test
    void everyStateThatARuleComparesWithExists() throws IOException {
        Pattern compared = Pattern.compile("(fluxrig_[a-z_]+)\\{([a-z]+=\"[a-z_]+\")}");
        compared.matcher(Files.readString(SHIPPED.resolve("alerts.yaml")))
                .results()
                .forEach(m -> assertThat(scrape.lines())
                        .as(m.group())
                        .anyMatch(line -> line.startsWith(m.group(1)) && line.contains(m.group(2))));
    }

    @Test
    void everythingIsInBaseUnitsAndNoLabelIsUnbounded() {
        assertThat(told).noneMatch(name -> name.matches(".*(millis|micros|nanos|_ms|_kb|_minutes).*"));
        assertThat(scrape.lines().filter(line -> !line.startsWith("#")).count()).isLessThan(2_000);
        assertThat(scrape).doesNotContainPattern("=\"[^\"]*[0-9]{7,}[^\"]*\"");
    }
}
