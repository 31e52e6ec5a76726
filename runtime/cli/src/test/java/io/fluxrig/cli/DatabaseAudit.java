package io.fluxrig.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** What audit commands tell of a movable Rack that has stopped: the same by its database's URL as by the directory of its last host. */
final class DatabaseAudit {
    private final MovableSite site;
    private final List<String> byUrl;
    private final List<String> byDirectory;
    private int runs;

    DatabaseAudit(MovableSite site, String lastHost) {
        this.site = site;
        this.byUrl = List.of("--jdbc", site.url(), "--rack", MovableSite.RACK);
        this.byDirectory = List.of("--data", site.data(lastHost).toString(), "--rack", MovableSite.RACK);
    }

    void isThatOfTheLastHost() throws Exception {
        String signal = leavesAreListedAlike();
        storyIsToldAlike(signal);
        proofsAreTheSame(signal);
        bundlesAreTheSame();
    }

    private static DemoTest.Ran audit(List<String> where, String... question) {
        List<String> all = new ArrayList<>(List.of("audit"));
        all.addAll(Arrays.asList(question));
        all.addAll(where);
        DemoTest.Ran ran = DemoTest.fluxrig(all.toArray(String[]::new));
        assertThat(ran.exit()).as(all + "\n" + ran.out() + ran.err()).isZero();
        return ran;
    }

    /** By a process that was given the secret; returns the documents that it prints. */
    private List<String> withSecret(List<String> where, String... question) throws Exception {
        List<String> all = new ArrayList<>(List.of("audit"));
        all.addAll(Arrays.asList(question));
        all.addAll(where);
        Path output = Files.createFile(site.folder.resolve("audit-" + runs++ + ".log"));
        Map<String, String> secret =
                Map.of("FLUXRIG_RACK_SECRET_FILE", site.secret().toString());
        try (Program program = Program.start(output, secret, all.toArray(String[]::new))) {
            int exit = program.awaitEnd();
            assertThat(exit).as(all + "\n" + Files.readString(output)).isZero();
        }
        return Files.readAllLines(output).stream()
                .filter(line -> line.startsWith("{"))
                .toList();
    }

    /** Returns the last signal among them. */
    private String leavesAreListedAlike() throws Exception {
        String[] question = {"list", "--json", "--from", "50", "--limit", "400"};
        List<String> listed = audit(byDirectory, question).out().lines().toList();
        assertThat(listed).hasSize(400);
        assertThat(withSecret(byUrl, question)).isEqualTo(listed);
        // What is asked of leaves alone needs no key.
        assertThat(audit(byUrl, "list", "--json", "--limit", "20").out())
                .isEqualTo(audit(byDirectory, "list", "--json", "--limit", "20").out());
        String signal = "";
        for (String line : listed) {
            JsonNode leaf = new ObjectMapper().readTree(line);
            signal = leaf.has("id") ? leaf.path("id").asText() : signal;
        }
        String[] outcome = {"list", "--json", "--outcome", "sent", "--limit", "50"};
        assertThat(withSecret(byUrl, outcome))
                .isEqualTo(audit(byDirectory, outcome).out().lines().toList())
                .hasSize(50);
        return signal;
    }

    private void storyIsToldAlike(String signal) throws Exception {
        List<String> told =
                audit(byDirectory, "show", signal, "--json").out().lines().toList();
        assertThat(withSecret(byUrl, "show", signal, "--json")).isEqualTo(told);
        assertThat(told.getFirst()).contains("\"data\":").doesNotContain("\"sealed\":true");
        // Without the secret its own leaves are told, sealed; those that it caused are named in what is sealed.
        JsonNode story = audit(byUrl, "show", signal, "--json").json();
        JsonNode whole = new ObjectMapper().readTree(told.getFirst());
        assertThat(own(story, signal)).isNotEmpty().isEqualTo(own(whole, signal));
        assertThat(story.findValuesAsText("sealed")).contains("true");
    }

    private static List<String> own(JsonNode story, String signal) {
        List<String> leaves = new ArrayList<>();
        for (JsonNode leaf : story.path("leaves")) {
            if (leaf.path("id").asText().equals(signal)) {
                leaves.add(leaf.path("n").asText());
            }
        }
        return leaves;
    }

    private void proofsAreTheSame(String signal) throws IOException {
        Path fromUrl = site.folder.resolve("url-proof.json");
        Path fromDirectory = site.folder.resolve("directory-proof.json");
        audit(byUrl, "prove", signal, "--out", fromUrl.toString());
        audit(byDirectory, "prove", signal, "--out", fromDirectory.toString());
        assertThat(fromUrl).hasSameBinaryContentAs(fromDirectory);
        DemoTest.Ran checked = DemoTest.fluxrig(
                "audit",
                "check-proof",
                fromUrl.toString(),
                "--trust",
                site.trust().toString());
        assertThat(checked.exit()).as(checked.out() + checked.err()).isZero();
    }

    private void bundlesAreTheSame() throws Exception {
        sameBundle("part", "--from", "100", "--to", "400");
        Path whole = sameBundle("whole");
        DemoTest.Ran verified = DemoTest.fluxrig(
                "audit", "verify", whole.toString(), "--trust", site.trust().toString(), "--json");
        assertThat(verified.exit()).as(verified.out() + verified.err()).isZero();
        assertThat(verified.json().path("trust").asText()).isEqualTo("pinned");
        assertThat(verified.json().path("artifacts").asInt()).isEqualTo(1);
        assertThat(verified.json().path("specs").asInt()).isPositive();

        Path fromUrl = site.folder.resolve("url-keys.evidence.zip");
        Path fromDirectory = site.folder.resolve("directory-keys.evidence.zip");
        withSecret(byUrl, "export", "--with-keys", "--from", "100", "--to", "200", "--out", fromUrl.toString());
        audit(byDirectory, "export", "--with-keys", "--from", "100", "--to", "200", "--out", fromDirectory.toString());
        assertThat(fromUrl).hasSameBinaryContentAs(fromDirectory);
    }

    private Path sameBundle(String name, String... range) {
        Path fromUrl = export(byUrl, "url-" + name, range);
        assertThat(fromUrl).hasSameBinaryContentAs(export(byDirectory, "directory-" + name, range));
        return fromUrl;
    }

    private Path export(List<String> where, String name, String... range) {
        Path out = site.folder.resolve(name + ".evidence.zip");
        List<String> question = new ArrayList<>(List.of("export", "--out", out.toString()));
        question.addAll(Arrays.asList(range));
        audit(where, question.toArray(String[]::new));
        return out;
    }
}
