package io.fluxrig.cli;

import static io.fluxrig.cli.DemoTest.fluxrig;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fluxrig.simulate.Cards;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an auditor asks: the index suggests, the log decides, and nobody sees a card number without a trace. */
class AuditQuestionsTest {
    @TempDir
    private static Path folder;

    private static Path data;
    private static List<JsonNode> leaves;

    @BeforeAll
    static void aShortDay() throws IOException {
        System.setProperty("fluxrig.home", Program.HOME.toString());
        data = folder.resolve("data");
        DemoTest.Ran demo = fluxrig("demo", "--duration", "2s", "--rate", "80", "--json", "--data", data.toString());
        assertThat(demo.exit()).as(demo.err()).isZero();
        leaves = lines("--no-index");
    }

    private static DemoTest.Ran ask(String... more) {
        List<String> arguments = new ArrayList<>(List.of("audit", "list", "--data", data.toString(), "--json"));
        arguments.addAll(List.of(more));
        DemoTest.Ran ran = fluxrig(arguments.toArray(String[]::new));
        assertThat(ran.exit()).as(ran.err()).isZero();
        return ran;
    }

    private static List<JsonNode> lines(String... more) throws IOException {
        ObjectMapper json = new ObjectMapper();
        List<JsonNode> all = new ArrayList<>();
        for (String line : ask(more).out().split("\n")) {
            if (!line.isEmpty()) {
                all.add(json.readTree(line));
            }
        }
        return all;
    }

    private static String[] with(String[] question, String more) {
        String[] all = Arrays.copyOf(question, question.length + 1);
        all[question.length] = more;
        return all;
    }

    @Test
    void theIndexAnswersWhatTheLogAnswers() throws IOException {
        JsonNode some = leaves.get(leaves.size() / 2);
        String answered =
                lines("--field", "0=0200", "--no-index").getFirst().path("id").asText();
        String[][] questions = {
            {"--id", answered},
            {"--ref", answered},
            {"--gear", "switch", "--kind", "emit"},
            {"--gear", "terminals", "--outcome", "sent"},
            {"--outcome", "failed"},
            {"--since", some.path("at").asText(), "--kind", "done"},
            {"--until", some.path("at").asText(), "--kind", "egress"},
            {"--field", "0=0200", "--limit", "7"},
            {"--field", "card.pan=" + Cards.all().iterator().next()},
            {"--field", "card.pan=" + Cards.all().iterator().next(), "--field", "0=0210"},
            {"--field", "card.pan=0000000000000000"},
        };
        for (String[] question : questions) {
            assertThat(lines(question)).as(String.join(" ", question)).isEqualTo(lines(with(question, "--no-index")));
        }
        assertThat(lines("--field", "0=0200")).isNotEmpty();
        assertThat(lines("--ref", answered)).isNotEmpty();
    }

    @Test
    void aPageEndsWithWhereTheNextBegins() throws IOException {
        DemoTest.Ran page = ask("--limit", "5");
        assertThat(page.out().lines()).hasSize(5);
        assertThat(page.err()).contains("go on with --from 5");
        assertThat(lines("--from", "5", "--limit", "1").getFirst().path("n").asLong())
                .isEqualTo(5);
    }

    @Test
    void theIndexHoldsNoValue() throws IOException {
        ask("--field", "0=0200");
        try (Stream<Path> files = Files.walk(data.resolve("racks/rack-a/index"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                assertThat(Cards.all()).as("card numbers in " + file).noneMatch(content::contains);
            }
        }
    }

    @Test
    void anIndexOfAnotherLogIsMadeAnew() throws IOException {
        Path copy = DemoTest.copyOf(data, folder.resolve("other"));
        ask("--outcome", "failed");
        DemoTest.Ran second = fluxrig(
                "demo",
                "--duration",
                "1s",
                "--rate",
                "20",
                "--json",
                "--data",
                folder.resolve("second").toString());
        assertThat(second.exit()).isZero();
        Path wal = copy.resolve("racks/rack-a/wal");
        try (Stream<Path> files = Files.list(wal)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        try (Stream<Path> files = Files.list(folder.resolve("second/racks/rack-a/wal"))) {
            for (Path file : files.toList()) {
                Files.copy(file, wal.resolve(file.getFileName().toString()));
            }
        }
        DemoTest.Ran asked = fluxrig("audit", "list", "--data", copy.toString(), "--kind", "ingress", "--json");
        DemoTest.Ran read =
                fluxrig("audit", "list", "--data", copy.toString(), "--kind", "ingress", "--json", "--no-index");
        assertThat(asked.out()).isEqualTo(read.out()).isNotEmpty();
    }

    @Test
    void wrongQuestionsSayWhatIsRight() {
        String where = data.toString();
        assertThat(fluxrig("audit", "list", "--data", where, "--kind", "ingres").exit())
                .isEqualTo(2);
        assertThat(fluxrig("audit", "list", "--data", where, "--since", "yesterday")
                        .err())
                .contains("2026-11-23T00:00:00Z");
        assertThat(fluxrig("audit", "list", "--data", where, "--gear", "swich").err())
                .contains("switch");
        assertThat(fluxrig("audit", "list", "--data", where, "--field", "card.pan")
                        .exit())
                .isEqualTo(2);
    }

    @Test
    void aStoryIsMaskedUntilSomebodySaysWhyAndLeavesATrace() throws IOException {
        String id =
                lines("--field", "0=0200", "--limit", "1").getFirst().path("id").asText();
        String where = data.toString();
        DemoTest.Ran masked = fluxrig("audit", "show", id, "--data", where, "--json");
        assertThat(masked.exit()).as(masked.err()).isZero();
        assertThat(Cards.all()).noneMatch(masked.out()::contains);
        assertThat(masked.out()).contains("\"0210\"");

        assertThat(fluxrig("audit", "show", id, "--data", where, "--reveal").exit())
                .isEqualTo(2);
        Path log = folder.resolve("access.log");
        DemoTest.Ran open = fluxrig(
                "audit",
                "show",
                id,
                "--data",
                where,
                "--json",
                "--reveal",
                "--reason",
                "dispute 7",
                "--access-log",
                log.toString());
        assertThat(open.exit()).as(open.err()).isZero();
        assertThat(Cards.all()).anyMatch(open.out()::contains);
        assertThat(Files.readString(log)).contains("dispute 7").contains(id);
    }

    @Test
    void aBundleTellsTheSameStory() throws IOException {
        String id =
                lines("--field", "0=0200", "--limit", "1").getFirst().path("id").asText();
        Path sealed = folder.resolve("sealed.evidence.zip");
        Path open = folder.resolve("open.evidence.zip");
        String where = data.toString();
        assertThat(fluxrig("audit", "export", "--data", where, "--out", sealed.toString())
                        .exit())
                .isZero();
        assertThat(fluxrig("audit", "export", "--data", where, "--with-keys", "--out", open.toString())
                        .exit())
                .isZero();
        String story = fluxrig("audit", "show", id, "--data", where, "--json").out();
        assertThat(fluxrig("audit", "show", id, open.toString(), "--json").out())
                .isEqualTo(story);
        assertThat(fluxrig("audit", "show", id, sealed.toString()).out()).contains("sealed: its data key is not here");
        DemoTest.Ran listed = fluxrig("audit", "list", open.toString(), "--field", "0=0200", "--limit", "3", "--json");
        assertThat(listed.out())
                .isEqualTo(ask("--field", "0=0200", "--limit", "3").out());
    }

    @Test
    void whatIsShreddedIsNeverBroken() throws IOException {
        Path copy = DemoTest.copyOf(data, folder.resolve("shredded"));
        String day = leaves.getFirst().path("at").asText().substring(0, 10);
        DemoTest.Ran shredded =
                fluxrig("audit", "shred", "--data", copy.toString(), "--day", day, "--reason", "thirty days", "--json");
        assertThat(shredded.exit()).as(shredded.err()).isZero();
        assertThat(shredded.json().path("shredded").path(0).path("messages").asLong())
                .isPositive();
        DemoTest.Ran verified = fluxrig("audit", "verify", "--data", copy.toString(), "--json");
        assertThat(verified.exit()).as(verified.out()).isZero();
        assertThat(verified.json().path("shredded").asLong()).isPositive();
        assertThat(fluxrig("audit", "list", "--data", copy.toString(), "--kind", "control")
                        .out())
                .contains("event=shredded")
                .contains("thirty days");
    }
}
