package io.fluxrig.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fluxrig.simulate.Cards;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The demo as its user runs it, and what can be done with the data that it leaves. */
class DemoTest {
    @TempDir
    private static Path folder;

    private static Path data;
    private static Ran demo;

    /** What a command gave. */
    record Ran(int exit, String out, String err) {
        JsonNode json() throws IOException {
            return new ObjectMapper().readTree(out);
        }
    }

    static Ran fluxrig(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err));
        return new Ran(line.execute(arguments), out.toString(), err.toString());
    }

    @BeforeAll
    static void run() {
        System.setProperty("fluxrig.home", Program.HOME.toString());
        data = folder.resolve("data");
        demo = fluxrig("demo", "--duration", "3s", "--rate", "100", "--json", "--data", data.toString());
    }

    @Test
    void printsOneDocumentWhoseBooksBalance() throws IOException {
        assertThat(demo.exit()).as(demo.err()).isZero();
        JsonNode book = demo.json();
        assertThat(book.path("sent").asLong()).isGreaterThan(200);
        assertThat(book.path("sent").asLong())
                .isEqualTo(book.path("answered").asLong() + book.path("failed").asLong());
        assertThat(book.path("answered").asLong())
                .isEqualTo(
                        book.path("approved").asLong() + book.path("declined").asLong());
        assertThat(book.path("crossWired").asLong()).isZero();
        assertThat(book.path("duplicates").asLong()).isZero();
        assertThat(book.path("failed").asLong()).isZero();
        assertThat(book.path("auditIntact").asBoolean()).isTrue();
        assertThat(book.path("scenario").asText()).hasSize(64);
        assertThat(List.of("timeouts", "late", "inDoubt", "tps", "p50Ms", "p99Ms", "leaves", "dataDir"))
                .allMatch(book::has);
    }

    @Test
    void leavesAVaultThatVerifiesAndReplays() throws IOException {
        Ran verified = fluxrig("audit", "verify", "--data", data.toString(), "--json");
        assertThat(verified.exit()).as(verified.out()).isZero();
        assertThat(verified.json().path("trust").asText()).isEqualTo("pinned");
        Ran replayed = fluxrig("audit", "replay", "--data", data.toString(), "--json");
        assertThat(replayed.exit()).as(replayed.out()).isZero();
        assertThat(replayed.json().path("handlings").asLong()).isGreaterThan(100);
    }

    @Test
    void holdsNoCardNumberInClearAnywhere() throws IOException {
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                assertThat(Cards.all()).as("card numbers in " + file).noneMatch(content::contains);
            }
        }
    }

    @Test
    void namesThePlaceWhereOneByteWasChanged() throws IOException {
        Path copy = copyOf(data, folder.resolve("altered"));
        Path segment = copy.resolve("racks/rack-a/wal/0000000001.seg");
        byte[] bytes = Files.readAllBytes(segment);
        bytes[60_000] ^= 1;
        Files.write(segment, bytes);
        Ran verified = fluxrig("audit", "verify", "--data", copy.toString(), "--json");
        assertThat(verified.exit()).isEqualTo(3);
        assertThat(verified.json().path("problems").path(0).path("where").asText())
                .startsWith("0000000001.seg offset ");
        Ran run = fluxrig("run", "--data", copy.toString(), "--management-port", "0");
        assertThat(run.exit()).as("refused until somebody acts").isEqualTo(7);
        assertThat(run.err()).contains("FLX-5003", "0000000001.seg offset ");
    }

    @Test
    void noticesASpecThatWasChangedOnDisk() throws IOException {
        Path copy = copyOf(data, folder.resolve("changed-spec"));
        try (Stream<Path> blobs = Files.list(copy.resolve("blobs/sha256"))) {
            for (Path blob : blobs.toList()) {
                if (Files.readString(blob, StandardCharsets.ISO_8859_1).contains("id: payments")) {
                    Files.writeString(blob, "# changed\n" + Files.readString(blob));
                }
            }
        }
        assertThat(fluxrig("audit", "verify", "--data", copy.toString()).exit()).isEqualTo(3);
        Ran run = fluxrig("run", "--data", copy.toString(), "--management-port", "0");
        assertThat(run.exit()).isEqualTo(3);
        assertThat(run.err()).contains("FLX-2011");
    }

    @Test
    void refusesAnUnsignedAndAnUntrustedScenario() {
        String yaml =
                Program.HOME.resolve("examples/payment-switch/scenario.yaml").toString();
        String own = folder.resolve("own").toString();
        assertThat(fluxrig("run", yaml, "--data", own, "--management-port", "0").exit())
                .isEqualTo(2);
        String key = folder.resolve("somebody.pem").toString();
        String artifact = folder.resolve("somebody.scenario").toString();
        assertThat(fluxrig("keys", "generate", "--out", key).exit()).isZero();
        assertThat(fluxrig("scenario", "sign", yaml, "--key", key, "--out", artifact, "--data", own)
                        .exit())
                .isZero();
        Ran run = fluxrig("run", artifact, "--data", own, "--management-port", "0");
        assertThat(run.exit()).isEqualTo(3);
        assertThat(run.err()).contains("FLX-1011");
    }

    @Test
    void tellsWhatIsWrongWithAScenarioAllAtOnce() throws IOException {
        Path copy = copyOf(Program.HOME.resolve("examples/payment-switch"), folder.resolve("broken"));
        Path yaml = copy.resolve("scenario.yaml");
        Files.writeString(
                yaml,
                Files.readString(yaml)
                        .replace("type: router", "type: ruoter")
                        .replace("from: alpha.out", "from: alpha.outt")
                        .replace("routes:", "rutes:")
                        .replace("to: terminals.in", "to: terminal.in"));
        Ran lint = fluxrig("scenario", "lint", yaml.toString());
        assertThat(lint.exit()).isEqualTo(5);
        assertThat(lint.err())
                .contains(
                        "did you mean 'router'?",
                        "did you mean 'out'?",
                        "did you mean 'routes'?",
                        "did you mean 'terminals'?")
                .contains("scenario.yaml:26:11: error FLX-4001");
    }

    static Path copyOf(Path source, Path target) throws IOException {
        try (Stream<Path> files = Files.walk(source)) {
            for (Path file : files.toList()) {
                Path copy = target.resolve(source.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy);
                }
            }
        }
        return target;
    }
}
