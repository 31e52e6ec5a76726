package io.fluxrig.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.Value;
import io.fluxrig.spec.Finding;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScenarioFileTest {
    @TempDir
    Path folder;

    private ScenarioFile.Linted lint(String text) throws IOException {
        return ScenarioFile.lint(Files.writeString(folder.resolve("scenario.yaml"), text), Workbench.TYPES);
    }

    private List<String> told(String text) throws IOException {
        String start = folder.resolve("scenario.yaml") + ":";
        return lint(text).findings().stream()
                .map(f -> f.text().replace(start, ""))
                .toList();
    }

    @Test
    void theExampleHasNoFindings() {
        ScenarioFile.Linted linted = ScenarioFile.lint(Workbench.EXAMPLE.resolve("scenario.yaml"), Workbench.TYPES);
        assertThat(linted.findings()).isEmpty();
        Blueprint blueprint = linted.blueprint().orElseThrow();
        assertThat(blueprint.name()).isEqualTo("payment-switch");
        assertThat(blueprint.gears()).hasSize(6);
        assertThat(blueprint.wires()).hasSize(14);
        assertThat(blueprint.specs()).containsExactly("specs/payments.yaml");
    }

    @Test
    void textStaysTextWhereTheSchemaSaysSo() {
        Blueprint blueprint = ScenarioFile.lint(Workbench.EXAMPLE.resolve("scenario.yaml"), Workbench.TYPES)
                .blueprint()
                .orElseThrow();
        Value.Array rules = (Value.Array) blueprint.gears().get(1).config().get("rules");
        assertThat(((FluxMap) rules.items().getFirst()).text("prefix")).contains("08");
        assertThat(((FluxMap) rules.items().get(1)).get("prefix")).isEqualTo(Value.of("99991"));
        assertThat(blueprint.gears().getFirst().config().text("sender-timeout")).contains("5s");
    }

    @Test
    void everythingWrongIsToldAtOnceWithItsPlaceAndWhatWasMeant() throws IOException {
        assertThat(told("""
                        meta:
                          name: Payment Switch
                          version: 1.0
                        rack: []
                        racks:
                          - name: rack-a
                          - name: rack-a
                        gears:
                          - name: a
                            type: rooter
                          - name: b
                            type: log
                            config: { level: warm }
                          - name: b
                            type: log
                            config: { level: warn, lvl: 1 }
                          - name: c
                            type: log
                            deploy: rack-b
                            config: { level: warn }
                          - name: s
                            type: tcp-server
                            config: { listen: "127.0.0.1:1", spec: nowhere.yaml }
                        wires:
                          - { from: s.ot, to: c.in }
                          - { from: s.out, to: d.in }
                          - { from: s.out, to: c.inn, lane: fast }
                          - { from: s.out, to: rack-z.c.in }
                          - { from: nonsense, to: c.in }
                          - { form: s.out, to: c.in }
                          - { from: s.error, to: c.in }
                          - { from: s.error, to: c.in }
                        limits: { request: 5 }
                        residency: everywhere
                        """))
                .containsExactly(
                        "4:1: error FLX-4002: unknown key 'rack' (did you mean 'racks'?)",
                        "2:9: error FLX-4004: meta.name 'Payment Switch' (use lower-case letters, digits, - and _, at most 63)",
                        "3:12: error FLX-4004: meta.version '1.0' (use a version such as 1.0.0)",
                        "7:11: error FLX-4005: two Racks are called 'rack-a' (rename one of them)",
                        "10:11: error FLX-4001: unknown gear type 'rooter' (did you mean 'router'?)",
                        "13:15: error FLX-4007: gear 'b': expected info | warn, found 'warm' (write info | warn)",
                        "16:28: error FLX-4007: gear 'b': unknown key 'lvl' (did you mean 'level'?)",
                        "14:11: error FLX-4005: two gears are called 'b' (rename one of them)",
                        "19:13: error FLX-4011: no Rack is called 'rack-b' (did you mean 'rack-a'?)",
                        "23:38: error FLX-4008: spec file 'nowhere.yaml' cannot be read (name a file beside the scenario, or name:version)",
                        "25:13: error FLX-4006: gear 's' has no out-port 'ot' (did you mean 'out'?)",
                        "26:24: error FLX-4006: no gear is called 'd' (did you mean 'a'?)",
                        "27:24: error FLX-4006: gear 'c' has no in-port 'inn' (did you mean 'in'?)",
                        "27:37: error FLX-4004: lane 'fast' (write hot or guaranteed)",
                        "28:24: error FLX-4011: no Rack is called 'rack-z' (did you mean 'rack-a'?)",
                        "29:13: error FLX-4006: 'from' is not gear.port (write the gear's name, a dot, and its port)",
                        "30:7: error FLX-4002: unknown key 'form' (did you mean 'from'?)",
                        "30:5: error FLX-4006: 'from' is not gear.port (write the gear's name, a dot, and its port)",
                        "32:5: error FLX-4005: this wire stands here twice (remove one of them)",
                        "33:11: error FLX-4007: limits: unknown key 'request' (did you mean 'requests'?)",
                        "34:12: error FLX-4004: residency 'everywhere' (write local, metadata or full)");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    meta: x                                  | 'meta' is not a map
                    limits: [requests]                       | 'limits' is not a map
                    racks: x                                 | 'racks' is not a list
                    wires: {from: g.out}                     | 'wires' is not a list
                    racks: [{name: [a]}]                     | 'name' is not text
                    racks: [{labels: {zone: [a]}}]           | 'zone' is not text
                    residency: [full]                        | 'residency' is not text
                    residency: {level: all}                  | residency 'all'
                    residency: {allow: {date: [a]}}          | unknown key 'date'
                    residency: {allow: {meta: [[a]]}}        | 'meta' holds a name
                    gears: [{name: g, type: log, config: []}]                         | 'config' is not a map
                    gears: [{name: g, type: log, deploy: [a], config: {level: warn}}] | 'deploy' is not text
                    gears: [{name: g, type: log, labels: x, config: {level: warn}}]   | 'labels' is not a map
                    gears: [{name: g, type: log}]            | gear 'g': 'level' is missing
                    gears: [{name: G, type: log}]            | a gear's name is missing or malformed
                    gears: [{name: "g\\u0131", type: log}]   | a gear's name is missing or malformed
                    gears: [{type: log}]                     | a gear's name is missing or malformed
                    gears: [{name: g}]                       | a gear has a type
                    gears: [g]                               | a gear is a map
                    gears: []                                | a scenario has gears
                    wires: [g]                               | a wire is a map
                    wires: [{from: g.in, to: g.in}]          | gear 'g' has no out-port 'in'
                    wires: [{from: g.error, to: g.error}]    | gear 'g' has no in-port 'error'
                    gears: [{name: g, type: correlator, config: {spec: "x:1.0.0", routes: [a], timeout: 0s}}] | gear 'g': the timeout is zero
                    """)
    void nothingIsLeftOutInSilence(String wrong, String what) throws IOException {
        String gears = wrong.startsWith("gears") ? "" : "gears: [{name: g, type: log, config: {level: warn}}]\n";
        String meta = wrong.startsWith("meta") ? "" : "meta: {name: x, version: 1.0.0}\n";
        ScenarioFile.Linted linted = lint(meta + gears + wrong + "\n");
        assertThat(linted.blueprint()).isEmpty();
        assertThat(linted.findings()).extracting(Finding::what).contains(what);
    }

    @Test
    void anOutPortThatIsNotWiredIsAWarningOnly() throws IOException {
        ScenarioFile.Linted linted = lint("""
                meta: { name: x, version: 1.0.0 }
                gears:
                  - { name: a, type: tcp-client, config: { connect: "h:1", spec: "payments:1.0.0" } }
                """);
        assertThat(linted.blueprint()).isPresent();
        assertThat(linted.findings()).singleElement().satisfies(f -> {
            assertThat(f.warning()).isTrue();
            assertThat(f.code()).isEqualTo(ScenarioError.UNWIRED);
            assertThat(f.line()).isEqualTo(3);
        });
    }

    @Test
    void twoGearsMayNotWantOneAddressUnlessTheyRunOnTwoRacks() throws IOException {
        String two = """
                meta: { name: x, version: 1.0.0 }
                racks: [{ name: rack-a }, { name: rack-b }]
                gears:
                  - { name: a, type: tcp-server, %s config: { listen: "0:1", spec: "p:1.0.0" } }
                  - { name: b, type: tcp-server, %s config: { listen: "0:1", spec: "p:1.0.0" } }
                """;
        String both = "'b' and 'a' both want tcp:0:1";
        assertThat(lint(two.formatted("", "")).findings())
                .extracting(Finding::what)
                .contains(both);
        assertThat(lint(two.formatted("deploy: rack-a,", "deploy: rack-a,")).findings())
                .extracting(Finding::what)
                .contains(both);
        assertThat(lint(two.formatted("deploy: rack-a,", "")).findings())
                .extracting(Finding::what)
                .contains(both);
        assertThat(lint(two.formatted("deploy: rack-a,", "deploy: zone=1,")).findings())
                .extracting(Finding::what)
                .contains(both);
        assertThat(lint(two.formatted("deploy: rack-a,", "deploy: rack-b,")).findings())
                .allMatch(Finding::warning);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../secret.yaml",
                "/etc/passwd",
                "specs/../../x",
                "specs/CON",
                "specs/x.",
                "specs//x",
                "x y",
                "",
                "~/x",
                "file:///etc/passwd",
                "sha256:abc",
                "payments:1",
                "C:x"
            })
    void aSpecReferenceOfAnotherFormIsRefused(String reference) throws IOException {
        ScenarioFile.Linted linted = lint("meta: { name: x, version: 1.0.0 }\ngears:\n"
                + "  - { name: a, type: tcp-client, config: { connect: \"h:1\", spec: \"" + reference + "\" } }\n");
        assertThat(linted.blueprint()).isEmpty();
        assertThat(linted.findings())
                .filteredOn(f -> !f.warning())
                .extracting(Finding::what)
                .containsExactly("'" + reference + "' is not a spec reference");
    }

    @Test
    void findingsOfASpecStandAmongThoseOfTheScenario() throws IOException {
        Files.writeString(folder.resolve("p.yaml"), "spec: {id: p, version: 1.0.0, wire: {sauce: x}}\n");
        ScenarioFile.Linted linted = lint("meta: { name: x, version: 1.0.0 }\ngears:\n"
                + "  - { name: a, type: tcp-client, config: { connect: \"h:1\", spec: p.yaml } }\n");
        assertThat(linted.blueprint()).isEmpty();
        assertThat(linted.findings())
                .extracting(Finding::text)
                .contains(folder.resolve("p.yaml")
                        + ":1:38: error FLX-2002: unknown key 'sauce' (did you mean 'source'?)");
    }

    @Test
    void aFileThatIsNoScenarioIsTold() throws IOException {
        assertThat(told("- a\n")).singleElement().asString().startsWith("1:1: error FLX-4003: a scenario is a map");
        assertThat(ScenarioFile.lint(folder.resolve("none.yaml"), Workbench.TYPES)
                        .findings())
                .extracting(Finding::what)
                .containsExactly("the file cannot be read");
        assertThat(told("{}\n")).hasSize(3);
    }

    @Test
    void noFileMakesItThrow() throws IOException {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("ScenarioFileTest seed " + seed);
        Random random = new Random(seed);
        byte[] good = Files.readAllBytes(Workbench.EXAMPLE.resolve("scenario.yaml"));
        byte[] spice = "\t\n :-?[]{}&*!|>'\"%,\\0~.=9".getBytes(StandardCharsets.US_ASCII);
        Files.createDirectories(folder.resolve("specs"));
        Files.copy(Workbench.EXAMPLE.resolve("specs/payments.yaml"), folder.resolve("specs/payments.yaml"));
        int broken = 0;
        for (int round = 0; round < 400; round++) {
            byte[] input = good.clone();
            for (int i = random.nextInt(3); i >= 0; i--) {
                input[random.nextInt(input.length)] = spice[random.nextInt(spice.length)];
            }
            ScenarioFile.Linted linted =
                    ScenarioFile.lint(Files.write(folder.resolve("scenario.yaml"), input), Workbench.TYPES);
            assertThat(linted.blueprint().isPresent() || !linted.findings().isEmpty())
                    .as("seed %s round %s", seed, round)
                    .isTrue();
            broken += linted.blueprint().isPresent() ? 0 : 1;
        }
        assertThat(broken).isBetween(1, 399);
    }

    private static String twoRacks(String wire) {
        return """
                meta: { name: two, version: 1.0.0 }
                racks: [{ name: rack-a }, { name: rack-b }, { labels: { zone: north } }]
                gears:
                  - { name: door, type: log, deploy: rack-a, config: { level: warn } }
                  - { name: near, type: log, deploy: rack-a, config: { level: warn } }
                  - { name: far, type: log, deploy: rack-b, config: { level: warn } }
                  - { name: many, type: log, deploy: zone=north, config: { level: warn } }
                wires:
                """ + "  - " + wire + "\n";
    }

    @Test
    void aWireMayLeadToAnotherRackOnTheGuaranteedLane() throws IOException {
        Blueprint blueprint =
                lint(twoRacks("{ from: door.error, to: far.in }")).blueprint().orElseThrow();
        assertThat(blueprint.wires().getFirst().name()).isEqualTo("door.error>far.in");
        assertThat(lint(twoRacks("{ from: door.error, to: rack-b.many.in }")).blueprint())
                .isPresent();
        assertThat(lint(twoRacks("{ from: door.error, to: near.in, lane: hot }"))
                        .blueprint())
                .isPresent();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ from: door.error, to: far.in, lane: hot } | 9:43: error FLX-4045",
                "{ from: door.error, to: many.in } | 9:29: error FLX-4044",
                "{ from: door.error, to: rack-a.far.in } | 9:29: error FLX-4046",
                "{ from: rack-b.door.error, to: near.in } | 9:13: error FLX-4046"
            })
    void aWireThatCannotLeadToAnotherRackIsTold(String wire, String finding) throws IOException {
        assertThat(told(twoRacks(wire))).hasSize(1).first().asString().startsWith(finding);
    }

    private static String threeRacks(String copy) {
        return """
                meta: { name: three, version: 1.0.0 }
                racks: [{ name: rack-a }, { name: rack-b }, { name: rack-c }]
                gears:
                  - { name: door, type: router, deploy: rack-a, config: { rules: [ { field: a, prefix: b, to: out } ] } }
                  - { name: there, type: router, deploy: rack-b, config: { rules: [ { field: a, prefix: b, to: back } ] } }
                  - { name: here, type: log, deploy: rack-a, config: { level: warn } }
                  - { name: copy, type: log, deploy: rack-c, config: { level: warn } }
                wires:
                  - { from: door.out, to: there.in }
                  - { from: there.back, to: here.in }
                """ + "  - " + copy + "\n";
    }

    @Test
    void aSignalThatWouldWaitForItselfIsTold() throws IOException {
        assertThat(told(threeRacks("{ from: door.out, to: copy.in }")))
                .anyMatch(line -> line.startsWith("4:5: warning FLX-4048") && line.contains("there.back>here.in"));
        assertThat(told(threeRacks("{ from: there.back, to: copy.in }"))).noneMatch(line -> line.contains("FLX-4048"));
    }

    private static String waiting(String timeout, String limits) {
        return """
                meta: { name: patient, version: 1.0.0 }
                gears:
                  - { name: switch, type: correlator, config: { spec: "sha256:%s", routes: [ alpha ], timeout: %s } }
                %s
                """.formatted("0".repeat(64), timeout, limits);
    }

    @Test
    void aDrainThatEndsBeforeTheLongestAnswerIsTold() throws IOException {
        assertThat(told(waiting("20s", "")))
                .anyMatch(line ->
                        line.startsWith("3:5: warning FLX-4050") && line.contains("20.0 s") && line.contains("10.0 s"));
        assertThat(told(waiting("20s", "limits: { drain-timeout: 21s }"))).noneMatch(line -> line.contains("FLX-4050"));
        assertThat(told(waiting("9s", ""))).noneMatch(line -> line.contains("FLX-4050"));
    }
}
