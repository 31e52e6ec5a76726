package io.fluxrig.cli;

import static io.fluxrig.cli.DemoTest.fluxrig;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A replay answers what would have been: of a part, from a bundle, and through another scenario, with the reason of each difference. */
class ReplayQuestionsTest {
    @TempDir
    private static Path folder;

    private static Path data;

    @BeforeAll
    static void aShortDay() {
        System.setProperty("fluxrig.home", Program.HOME.toString());
        data = folder.resolve("data");
        DemoTest.Ran demo = fluxrig("demo", "--duration", "2s", "--rate", "60", "--json", "--data", data.toString());
        assertThat(demo.exit()).as(demo.err()).isZero();
    }

    private static DemoTest.Ran replay(String... more) {
        List<String> arguments = new ArrayList<>(List.of("audit", "replay", "--json"));
        arguments.addAll(List.of(more));
        return fluxrig(arguments.toArray(String[]::new));
    }

    @Test
    void aPartIsComparedInTheStateThatTheRestLeft() throws IOException {
        DemoTest.Ran part = replay("--data", data.toString(), "--from", "100", "--to", "200");
        assertThat(part.exit()).as(part.out()).isZero();
        assertThat(part.json().path("compared").asLong()).isBetween(20L, 100L);
        DemoTest.Ran whole = replay("--data", data.toString());
        assertThat(whole.exit()).as(whole.out()).isZero();
        assertThat(whole.json().path("compared").asLong()).isGreaterThan(300);
    }

    @Test
    void aBundleWithKeysReplaysOnItsOwn() throws IOException {
        Path bundle = folder.resolve("day.evidence.zip");
        assertThat(fluxrig("audit", "export", "--data", data.toString(), "--with-keys", "--out", bundle.toString())
                        .exit())
                .isZero();
        DemoTest.Ran replayed = replay(bundle.toString());
        assertThat(replayed.exit()).as(replayed.out() + replayed.err()).isZero();
        assertThat(replayed.json().path("compared").asLong()).isGreaterThan(300);
    }

    @Test
    void anotherScenarioShowsWhatItWouldHaveDoneAndWhy() throws IOException {
        Path next = DemoTest.copyOf(Program.HOME.resolve("examples/payment-switch"), folder.resolve("next"));
        Path yaml = next.resolve("scenario.yaml");
        Files.writeString(
                yaml,
                Files.readString(yaml)
                        .replace("version: 1.0.0", "version: 1.1.0")
                        .replace("\"99991\", to: alpha", "\"99991\", to: beta")
                        .replace("\"99992\", to: beta", "\"99992\", to: alpha"));
        Path artifact = folder.resolve("next.scenario");
        DemoTest.Ran signed = fluxrig(
                "scenario",
                "sign",
                yaml.toString(),
                "--key",
                data.resolve("keys/demo.pem").toString(),
                "--out",
                artifact.toString(),
                "--data",
                data.toString());
        assertThat(signed.exit()).as(signed.err()).isZero();
        DemoTest.Ran replayed = replay("--data", data.toString(), "--with", artifact.toString());
        assertThat(replayed.exit()).as(replayed.out()).isEqualTo(6);
        JsonNode first = replayed.json().path("first").path(0);
        assertThat(first.path("gear").asText()).isEqualTo("by-prefix");
        assertThat(List.of(first.path("recorded").asText(), first.path("now").asText()))
                .containsExactlyInAnyOrder("emit on port alpha", "emit on port beta");
        assertThat(first.path("cause").asText()).isEqualTo("scenario changed");
    }

    @Test
    void aJobThatIsDoneLeavesNothingBehindAndAnotherQuestionIsRefused() throws IOException {
        Path job = folder.resolve("replay.job");
        assertThat(replay("--data", data.toString(), "--job", job.toString()).exit())
                .isZero();
        assertThat(job).doesNotExist();
        Files.write(job, new byte[] {(byte) 0xa1, 0x61, 0x78, 0x01});
        assertThat(replay("--data", data.toString(), "--job", job.toString()).err())
                .contains("another replay");
    }
}
