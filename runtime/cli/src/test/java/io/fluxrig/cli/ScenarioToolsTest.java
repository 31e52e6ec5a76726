package io.fluxrig.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody does with a scenario before it is signed. */
class ScenarioToolsTest {
    private static final Path EXAMPLE = Program.HOME.resolve("examples/payment-switch");

    @TempDir
    private Path folder;

    private Path scenario;

    @BeforeEach
    void copy() throws IOException {
        Files.createDirectories(folder.resolve("specs"));
        Files.copy(EXAMPLE.resolve("specs/payments.yaml"), folder.resolve("specs/payments.yaml"));
        scenario = Files.copy(EXAMPLE.resolve("scenario.yaml"), folder.resolve("scenario.yaml"));
        Files.copy(EXAMPLE.resolve("switch.test.yaml"), folder.resolve("switch.test.yaml"));
    }

    private void change(Path file, String old, String with) throws IOException {
        Files.writeString(file, Files.readString(file).replace(old, with));
    }

    @Test
    void everyShippedExamplePassesItsCases() throws IOException {
        Path gears = Files.createDirectory(folder.resolve("gears"));
        int packed = ToolProvider.findFirst("jar")
                .orElseThrow()
                .run(
                        System.out,
                        System.err,
                        "--create",
                        "--file",
                        gears.resolve("velocity.jar").toString(),
                        "-C",
                        Program.HOME
                                .resolve("examples/custom-gear/target/classes")
                                .toString(),
                        ".");
        assertThat(packed).isZero();
        try (Stream<Path> all = Files.list(Program.HOME.resolve("examples"))) {
            List<Path> examples = all.map(example -> example.resolve("scenario.yaml"))
                    .filter(Files::exists)
                    .toList();
            assertThat(examples).hasSizeGreaterThanOrEqualTo(2);
            for (Path example : examples) {
                DemoTest.Ran ran =
                        DemoTest.fluxrig("scenario", "test", example.toString(), "--gears", gears.toString(), "--json");
                assertThat(ran.exit()).as(example + ran.out() + ran.err()).isZero();
                assertThat(ran.json().path("cases").asInt())
                        .as(example.toString())
                        .isGreaterThanOrEqualTo(4);
            }
        }
    }

    @Test
    void aChangedScenarioFailsTheCaseThatItBreaks() throws IOException {
        change(scenario, "timeout: 2s", "timeout: 3s");
        Path xml = folder.resolve("report.xml");
        DemoTest.Ran ran = DemoTest.fluxrig("scenario", "test", scenario.toString(), "--junit", xml.toString());
        assertThat(ran.exit()).isEqualTo(6);
        assertThat(ran.out()).contains("switch.test.yaml:", "nothing left by terminals.in");
        assertThat(Files.readString(xml)).contains("failures=\"2\"", "<failure message=");
    }

    @Test
    void mistakesInATestFileAreToldTogetherWithTheirPlaces() throws IOException {
        Path test = Files.writeString(
                folder.resolve("switch.test.yaml"),
                "cases:\n  - name: a\n    steps:\n      - sent: terminals.out\n      - after: soon\n");
        DemoTest.Ran ran = DemoTest.fluxrig("scenario", "test", scenario.toString());
        assertThat(ran.exit()).isEqualTo(5);
        assertThat(ran.err()).contains(test + ":4:", test + ":5:", "FLX-9122");
    }

    @Test
    void anUnknownKeyHidesNoImpossibleValue() throws IOException {
        Path file = Files.writeString(folder.resolve("wrong.yaml"), """
                meta: { name: wrong, version: 1.0.0 }
                gears:
                  - { name: way, type: tcp-client, config: { connect: 7001, spek: x } }
                """);
        DemoTest.Ran ran = DemoTest.fluxrig("scenario", "lint", file.toString());
        assertThat(ran.exit()).isEqualTo(5);
        assertThat(ran.err()).contains("wrong.yaml:3:", "unknown key 'spek'", "not host:port");
    }

    @Test
    void aFileInTheOlderVocabularyIsRead() throws IOException {
        Path file = Files.writeString(folder.resolve("older.yaml"), """
                meta: { name: older, version: 1.0.0 }
                racks: [{ name: rack-a }]
                gears:
                  - { name: door, type: tcp-server, config: { listen: "127.0.0.1:7000" } }
                  - { name: way, type: tcp-client, config: { connect: "127.0.0.1:7001" } }
                pipes:
                  - { from: rack-a.door.out, to: rack-a.way.in, lane: hot }
                  - { from: way.out, to: rack-a.door.in, lane: hot }
                """);
        DemoTest.Ran ran = DemoTest.fluxrig("scenario", "lint", file.toString());
        assertThat(ran.exit()).as(ran.err()).isZero();
    }

    @Test
    void aDifferenceIsToldInWords() throws IOException {
        change(scenario, "timeout: 2s", "timeout: 3s");
        DemoTest.Ran ran = DemoTest.fluxrig(
                "scenario", "diff", EXAMPLE.resolve("scenario.yaml").toString(), scenario.toString());
        assertThat(ran.exit()).isEqualTo(6);
        assertThat(ran.out().strip()).isEqualTo("gear 'switch': timeout was 2s, is 3s");
    }

    @Test
    void aPictureShowsEveryGearAndWire() throws IOException {
        Path svg = folder.resolve("s.svg");
        Path mermaid = folder.resolve("s.mmd");
        assertThat(DemoTest.fluxrig("scenario", "viz", scenario.toString(), "--out", svg.toString())
                        .exit())
                .isZero();
        assertThat(DemoTest.fluxrig("scenario", "viz", scenario.toString(), "--out", mermaid.toString())
                        .exit())
                .isZero();
        assertThat(Files.readString(svg))
                .contains("terminals", "by-prefix", "switch", "alpha", "beta", "error-log", "</svg>");
        assertThat(Files.readString(mermaid)).startsWith("flowchart LR").contains("g_switch -->|alpha| g_alpha");
    }

    @Test
    void layoutIsMendedAndMeaningAndCommentsStay() throws IOException {
        String before = Files.readString(scenario);
        assertThat(DemoTest.fluxrig("scenario", "fmt", scenario.toString(), "--check")
                        .exit())
                .isZero();
        change(scenario, "wires:", "\n\n\npipes:   ");
        assertThat(DemoTest.fluxrig("scenario", "fmt", scenario.toString(), "--check")
                        .exit())
                .isEqualTo(6);
        assertThat(DemoTest.fluxrig("scenario", "fmt", scenario.toString()).exit())
                .isZero();
        assertThat(Files.readString(scenario)).isEqualTo(before);
    }

    @Test
    void aScenarioInTheWordsOfTheGoImplementationIsRead() throws IOException {
        change(scenario, "wires:", "pipes:");
        change(scenario, "from: terminals.out", "from: rack-a.terminals.out");
        DemoTest.Ran ran = DemoTest.fluxrig("scenario", "lint", scenario.toString());
        assertThat(ran.exit()).as(ran.err()).isZero();
    }

    @Test
    void aGearTypePublishesItsSettingsAsASchema() throws IOException {
        DemoTest.Ran ran = DemoTest.fluxrig("gears", "schema", "tcp-server");
        assertThat(ran.exit()).isZero();
        assertThat(ran.json().at("/properties/max-connections/maximum").asInt()).isEqualTo(65_536);
        assertThat(ran.json().path("required").toString()).contains("listen");
    }
}
