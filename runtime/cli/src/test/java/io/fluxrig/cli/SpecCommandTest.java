package io.fluxrig.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class SpecCommandTest {
    private static final String SPEC = """
            spec:
              id: x
              version: 1.0.0
              wire: { source: moov:spec87ascii }
              messages: { catalog: { "0200": { name: Purchase, flow: request } } }
              fields:
                "2": { name: Card, alias: card.pan, sensitivity: pan, messages: [{ mti: "0200", usage: optional }] }
                "48": { name: Ours, scope: private }
            """;

    @TempDir
    Path folder;

    private record Ran(int exit, String out, String err) {}

    private Ran run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err));
        return new Ran(line.execute(arguments), out.toString(), err.toString());
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private String data() {
        return folder.resolve("data").toString();
    }

    @Test
    void lintTellsEverythingAndExitsWithFive() throws IOException {
        Ran good = run("spec", "lint", file("good.yaml", SPEC), "--data", data());
        assertThat(good.exit()).isZero();
        assertThat(folder.resolve("data")).doesNotExist();
        Ran bad = run("spec", "lint", file("bad.yaml", SPEC.replace("0200\", usage", "0300\", usage")), "--json");
        assertThat(bad.exit()).isEqualTo(5);
        JsonNode finding =
                new ObjectMapper().readTree(bad.out()).get("findings").get(0);
        assertThat(finding.get("line").asInt()).isEqualTo(7);
        assertThat(finding.get("code").asText()).isEqualTo("FLX-2033");
    }

    @Test
    void aNameAndATagCanBeGivenAndNeverMove() throws IOException {
        String spec = file("x.yaml", SPEC);
        Ran first = run("spec", "import", spec, "--name", "acme", "--tag", "2.0.0", "--data", data());
        assertThat(first.exit()).isZero();
        assertThat(first.out()).startsWith("acme:2.0.0  sha256:");
        assertThat(run("spec", "import", spec, "--name", "acme", "--tag", "2.0.0", "--data", data())
                        .exit())
                .isZero();
        file("x.yaml", SPEC.replace("Card,", "Number,"));
        Ran moved = run("spec", "import", spec, "--name", "acme", "--tag", "2.0.0", "--data", data());
        assertThat(moved.exit()).isEqualTo(3);
        assertThat(moved.err()).contains("FLX-2014");
        assertThat(run("spec", "import", spec, "--tag", "latest", "--data", data())
                        .exit())
                .isEqualTo(2);
    }

    @Test
    void historySaysHowMuchChanged() throws IOException {
        run("spec", "import", file("a.yaml", SPEC), "--data", data());
        run(
                "spec",
                "import",
                file(
                        "b.yaml",
                        SPEC.replace("1.0.0", "1.1.0")
                                .replace("name: Card", "name: Number")
                                .replace("optional", "mandatory")),
                "--data",
                data());
        Ran history = run("spec", "history", "x", "--data", data());
        assertThat(history.out().lines()).hasSize(2);
        assertThat(history.out().lines().toList().getLast())
                .startsWith("1.1.0")
                .endsWith("  wire 0  meaning 1  rules 1");
        JsonNode json = new ObjectMapper()
                .readTree(
                        run("spec", "history", "x", "--json", "--data", data()).out());
        assertThat(json.get("versions").get(1).get("changes").get("rules").asInt())
                .isEqualTo(1);
        assertThat(run("spec", "history", "nobody", "--data", data()).exit()).isEqualTo(3);
    }

    @Test
    void whatIsExportedGivesTheSameBlobsElsewhere() throws IOException {
        run("spec", "import", file("a.yaml", SPEC), "--data", data());
        String out = folder.resolve("out/x.yaml").toString();
        assertThat(run("spec", "export", "x:1.0.0", "--out", out, "--data", data())
                        .exit())
                .isZero();
        Ran there = run("spec", "import", out, "--data", folder.resolve("there").toString());
        assertThat(there.exit()).isZero();
        assertThat(there.out()).isEqualTo(run("spec", "list", "--data", data()).out());
        assertThat(run("spec", "export", "x:latest", "--data", data()).out()).isEqualTo(Files.readString(Path.of(out)));
        // A base that is not what its name says is not taken.
        try (var files = Files.list(folder.resolve("out"))) {
            Path base = files.filter(f -> f.getFileName().toString().length() > 20)
                    .findFirst()
                    .orElseThrow();
            Files.writeString(base, Files.readString(base) + "# more\n");
        }
        assertThat(run("spec", "lint", out).exit()).isEqualTo(5);
    }

    @Test
    void diffSpeaksInWordsAndExitsWithSix() throws IOException {
        String a = file("a.yaml", SPEC);
        String b = file(
                "b.yaml",
                SPEC.replace("name: Card", "name: Number")
                        .replace("sensitivity: pan", "sensitivity: chd")
                        .replace("usage: optional", "usage: mandatory")
                        .replace(
                                "moov:spec87ascii }",
                                "moov:spec87ascii, fields: { \"3\": { type: Numeric, length: 8, enc: ASCII, prefix: ASCII.Fixed } } }"));
        assertThat(run("spec", "diff", a, a).exit()).isZero();
        Ran diff = run("spec", "diff", a, b);
        assertThat(diff.exit()).isEqualTo(6);
        assertThat(diff.out().lines().map(String::strip))
                .contains(
                        "wire",
                        "3: the form was 'n 6', is 'n 8'",
                        "meaning",
                        "2: the name was 'Card', is 'Number'",
                        "2: the sensitivity was 'pan', is 'chd'",
                        "rules",
                        "2: in 0200 was 'optional', is 'mandatory'");
        JsonNode json =
                new ObjectMapper().readTree(run("spec", "diff", a, b, "--json").out());
        assertThat(json.get("different").asBoolean()).isTrue();
        assertThat(json.get("changes").get(0).get("area").asText()).isEqualTo("wire");
    }

    @Test
    void theReferenceLeavesOutWhatIsPrivate() throws IOException {
        String spec = file("x.yaml", SPEC);
        String shared = run("spec", "doc", spec, "--format", "markdown").out();
        assertThat(shared).contains("Card").doesNotContain("Ours");
        String complete = run("spec", "doc", spec, "--format", "markdown", "--scope", "complete")
                .out();
        assertThat(complete).contains("Ours");
        String html = run("spec", "doc", spec, "--format", "html").out();
        assertThat(html).startsWith("<!doctype html>").endsWith("</html>\n").doesNotContain("http://", "src=");
        assertThat(run("spec", "doc", spec).exit()).isEqualTo(2);
    }

    @Test
    void thePublishedSchemaIsTheOneThatIsPrinted() throws IOException {
        Path published = Path.of("../../docs/spec.schema.json");
        String printed = run("spec", "schema").out();
        if (Boolean.getBoolean("schema.write")) {
            Files.writeString(published, printed);
        }
        assertThat(published).hasContent(printed);
    }
}
