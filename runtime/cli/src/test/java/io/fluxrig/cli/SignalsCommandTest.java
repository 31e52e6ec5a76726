package io.fluxrig.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fluxrig.signal.FluxId;
import io.fluxrig.simulate.TerminalSim;
import io.fluxrig.vault.Leaf;
import io.fluxrig.vault.LeafKind;
import io.fluxrig.vault.VaultReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An operator asks the Mixer what became of signals that a Rack has taken. */
class SignalsCommandTest {
    @TempDir
    private static Path folder;

    private static LiveSwitch live;

    @BeforeAll
    static void start() throws IOException {
        live = LiveSwitch.start(folder);
        try (TerminalSim terminals = live.terminals(4, 50, folder.resolve("ledger.jsonl"))) {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> live.node.tap().total(io.fluxrig.node.Tap.Total.ENTERED) > 200);
        }
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> live.node.status().inFlight() == 0);
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> metrics().contains("fluxrig_metadata_backlog_leaves 0.0"));
    }

    @AfterAll
    static void stop() {
        live.close();
    }

    private static String metrics() throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(live.api() + "/metrics"))
                                .build(),
                        BodyHandlers.ofString())
                .body();
    }

    private static DemoTest.Ran signals(String... arguments) {
        List<String> all = new ArrayList<>(List.of("signals"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--api", live.api()));
        return DemoTest.fluxrig(all.toArray(String[]::new));
    }

    private static List<Leaf> leaves(LeafKind kind) {
        List<Leaf> all = new ArrayList<>();
        VaultReader.at(live.data.rackWal(LiveSwitch.RACK)).forEach(leaf -> {
            if (leaf.is(kind)) {
                all.add(leaf);
            }
        });
        return all;
    }

    @Test
    void everySignalOfTheVaultIsListedOnceWithItsEnd() {
        // A late answer may still come in, to the vault first.
        Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            JsonNode listed =
                    signals("list", "--limit", "10000", "--json").json().path("signals");
            assertThat(listed.findValuesAsText("id"))
                    .doesNotHaveDuplicates()
                    .containsExactlyInAnyOrderElementsOf(leaves(LeafKind.INGRESS).stream()
                            .map(leaf -> FluxId.text(leaf.id()))
                            .toList());
            assertThat(listed).noneMatch(s -> s.path("outcome").asText().equals("open"));
        });
        assertThat(signals("list", "--outcome", "open", "--json-lines").out()).isEmpty();
    }

    @Test
    void aRequestIsShownWithItsAnswer() throws IOException {
        JsonNode reply = null;
        for (JsonNode each :
                signals("list", "--limit", "10000", "--json").json().path("signals")) {
            if (each.has("ref")) {
                reply = each;
            }
        }
        assertThat(reply).isNotNull();
        JsonNode shown = signals("show", reply.path("ref").asText(), "--json").json();
        assertThat(shown.path("answers").findValuesAsText("id"))
                .contains(reply.path("id").asText());
        Leaf first = leaves(LeafKind.INGRESS).getFirst();
        JsonNode one = signals("show", "--id", FluxId.text(first.id()), "--json")
                .json()
                .path("signals")
                .path(0);
        assertThat(one.path("leaf").asLong()).isEqualTo(first.n());
        assertThat(one.path("size").asInt()).isEqualTo(first.bytes().length());
    }

    @Test
    void aQuestionThatCannotBeReadIsWrongUseAndAnUnknownSignalIsSaid() {
        assertThat(signals("list", "--since", "yesterday").exit()).isEqualTo(2);
        assertThat(signals("list", "--outcome", "bad").err()).contains("FLX-8012");
        DemoTest.Ran unknown = signals("show", FluxId.text(42));
        assertThat(unknown.exit()).isEqualTo(2);
        assertThat(unknown.err()).contains("FLX-8013");
    }

    @Test
    void whatTheMixerKeepsHoldsNoCardData() throws IOException {
        String all = signals("list", "--limit", "10000", "--json").out();
        assertThat(all).isNotEmpty();
        assertThat(java.util.regex.Pattern.compile("(?<![0-9a-f])[0-9]{13,19}(?![0-9a-f])")
                        .matcher(all)
                        .results()
                        .map(m -> m.group()))
                .isEmpty();
    }
}
