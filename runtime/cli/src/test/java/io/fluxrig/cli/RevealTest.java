package io.fluxrig.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fluxrig.node.Tap;
import io.fluxrig.signal.FluxId;
import io.fluxrig.simulate.Cards;
import io.fluxrig.simulate.TerminalSim;
import io.fluxrig.vault.Leaf;
import io.fluxrig.vault.LeafKind;
import io.fluxrig.vault.VaultReader;
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
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An auditor sees into the signals of a running Rack; nobody else does, and never without a trace. */
class RevealTest {
    @TempDir
    private static Path folder;

    private static LiveSwitch live;
    private static String request;

    @BeforeAll
    static void start() throws IOException {
        Path tokens = folder.resolve("tokens");
        for (String role : List.of("viewer", "operator", "auditor")) {
            DemoTest.Ran made = DemoTest.fluxrig(
                    "api", "token", "--name", role + "-1", "--role", role, "--tokens", tokens.toString());
            assertThat(made.exit()).as(made.err()).isZero();
            Files.writeString(folder.resolve(role), made.out());
            assertThat(Files.readString(tokens)).doesNotContain(made.out().strip());
        }
        live = LiveSwitch.start(folder, Map.of("fluxrig.api.tokens", tokens.toString()), text -> text);
        try (TerminalSim terminals = live.terminals(4, 50, folder.resolve("ledger.jsonl"))) {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> live.node.tap().total(Tap.Total.ENTERED) > 60);
        }
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> live.node.status().inFlight() == 0);
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> metrics().contains("fluxrig_metadata_backlog_leaves 0.0"));
        request = anAnsweredRequest();
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

    /** The id of a purchase with track data that a card scheme has answered. */
    private static String anAnsweredRequest() throws IOException {
        String data = live.data.root().toString();
        String purchases = DemoTest.fluxrig("audit", "list", "--data", data, "--field", "0=0200", "--json")
                .out();
        for (String line : purchases.split("\n")) {
            String id = new ObjectMapper().readTree(line).path("id").asText();
            String story = DemoTest.fluxrig("audit", "show", id, "--data", data, "--json")
                    .out();
            if (story.contains("\"0210\"") && story.contains("\"neverStored\":[\"35\"")) {
                return id;
            }
        }
        throw new AssertionError("no purchase with track data was answered");
    }

    private static DemoTest.Ran as(String role, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--api", live.api()));
        if (!role.isEmpty()) {
            all.addAll(List.of("--token-file", folder.resolve(role).toString()));
        }
        return DemoTest.fluxrig(all.toArray(String[]::new));
    }

    private static List<Leaf> looks() {
        List<Leaf> all = new ArrayList<>();
        VaultReader.at(live.data.rackWal(LiveSwitch.RACK)).forEach(leaf -> {
            if (leaf.is(LeafKind.CONTROL)
                    && leaf.note().text("event").orElse("").equals("reveal")) {
                all.add(leaf);
            }
        });
        return all;
    }

    @Test
    void withATokenFileNobodyIsBelievedWithoutAToken() throws Exception {
        DemoTest.Ran nobody = as("", "status");
        assertThat(nobody.exit()).isEqualTo(7);
        assertThat(nobody.err()).contains("FLX-6056").contains("--token-file");
        Files.writeString(folder.resolve("stranger"), "fluxrig_of-somebody-who-is-not-in-the-file\n");
        DemoTest.Ran stranger = as("stranger", "status");
        assertThat(stranger.exit()).isEqualTo(7);
        assertThat(stranger.err()).contains("FLX-6057");
        assertThat(as("viewer", "status").exit()).isZero();
        assertThat(metrics())
                .containsPattern("fluxrig_api_refused_total\\{code=\"FLX-6056\"\\} [1-9]")
                .containsPattern("fluxrig_api_refused_total\\{code=\"FLX-6057\"\\} [1-9]");
        assertThat(metrics()).doesNotContain("of-somebody-who");
    }

    @Test
    void onlyAnOperatorChangesWhatRuns() throws IOException {
        for (String role : List.of("viewer", "auditor")) {
            DemoTest.Ran refused = as(role, "scenario", "rollback");
            assertThat(refused.exit()).as(refused.err()).isEqualTo(7);
            assertThat(refused.err()).contains("FLX-6058").contains("'" + role + "-1' is no operator");
            DemoTest.Ran blob = as(
                    role,
                    "scenario",
                    "push",
                    folder.resolve("v1.scenario").toString(),
                    "--data",
                    live.data.root().toString());
            assertThat(blob.err()).contains("FLX-6058");
        }
        assertThat(as("operator", "scenario", "rollback").err()).contains("FLX-6042");
    }

    @Test
    void onlyAnAuditorSeesIntoASignal() {
        int before = looks().size();
        for (String role : List.of("viewer", "operator")) {
            DemoTest.Ran refused = as(role, "audit", "show", request, "--reveal", "--reason", "curious");
            assertThat(refused.exit()).as(refused.err()).isEqualTo(7);
            assertThat(refused.err()).contains("FLX-6058");
            assertThat(Cards.all()).noneMatch(refused.out()::contains);
            DemoTest.Ran detail = as(role, "signals", "show", request, "--detail");
            assertThat(detail.exit()).isEqualTo(7);
            assertThat(detail.err()).contains("is no auditor");
        }
        assertThat(looks()).hasSize(before);
    }

    @Test
    void valuesAreMaskedUntilSomebodySaysWhyAndALeafIsThereFirst() throws IOException {
        DemoTest.Ran masked = as("auditor", "audit", "show", request, "--json");
        assertThat(masked.exit()).as(masked.err()).isZero();
        assertThat(masked.out()).contains("\"0210\"").contains("Card number");
        assertThat(Cards.all()).noneMatch(masked.out()::contains);
        assertThat(looks().getLast().note().text("shown")).contains("masked");

        DemoTest.Ran open = as("auditor", "audit", "show", request, "--json", "--reveal", "--reason", "dispute 7");
        // It was on the disk before the answer left, so it is there now without waiting.
        Leaf look = looks().getLast();
        assertThat(open.exit()).as(open.err()).isZero();
        assertThat(Cards.all()).anyMatch(open.out()::contains);
        assertThat(look.note().text("who")).contains("auditor-1");
        assertThat(look.note().text("why")).contains("dispute 7");
        assertThat(look.note().text("signal")).contains(request);
        assertThat(look.note().text("shown")).contains("clear");
        assertThat(look.id()).isZero();
        assertThat(live.node.status().vault().orElseThrow().sealed()).isGreaterThan(look.n());
        DemoTest.Ran verified =
                DemoTest.fluxrig("audit", "verify", "--data", live.data.root().toString());
        assertThat(verified.exit()).as(verified.out()).isZero();
    }

    @Test
    void whatIsNeverStoredIsNeverShown() throws IOException {
        DemoTest.Ran open = as("auditor", "audit", "show", request, "--json", "--reveal", "--reason", "dispute 7");
        assertThat(open.json().path("leaves").findValues("neverStored").toString())
                .contains("\"35\"");
        for (JsonNode leaf : open.json().path("leaves")) {
            assertThat(leaf.path("data").has("35")).isFalse();
            assertThat(leaf.path("data").has("52")).isFalse();
        }
        assertThat(open.out()).doesNotContainPattern("=3012201");
    }

    @Test
    void aKeyThatIsGoneOpensNothingMoreThoughTheRackRuns() throws IOException {
        Path keys = live.data.rackDataKeys(LiveSwitch.RACK);
        Path away = folder.resolve("away");
        Files.move(keys, away);
        try {
            DemoTest.Ran open = as("auditor", "audit", "show", request, "--json", "--reveal", "--reason", "dispute 9");
            assertThat(open.exit()).as(open.err()).isZero();
            assertThat(open.json().path("leaves").path(0).path("sealed").asBoolean())
                    .isTrue();
            assertThat(Cards.all()).noneMatch(open.out()::contains);
        } finally {
            Files.move(away, keys);
        }
    }

    @Test
    void signalsShowTellsDetailOfTheRackThatHasIt() throws IOException {
        DemoTest.Ran masked = as("auditor", "signals", "show", request, "--detail", "--json");
        assertThat(masked.exit()).as(masked.err()).isZero();
        JsonNode detail = masked.json().path("detail").path(0);
        assertThat(detail.path("rack").asText()).isEqualTo(LiveSwitch.RACK);
        assertThat(detail.path("leaves").size()).isGreaterThan(4);
        assertThat(Cards.all()).noneMatch(masked.out()::contains);
        DemoTest.Ran text = as("auditor", "signals", "show", request, "--detail", "--reveal", "--reason", "dispute 8");
        assertThat(text.exit()).as(text.err()).isZero();
        assertThat(Cards.all()).anyMatch(text.out()::contains);
        assertThat(text.out()).contains("Card number").contains("never stored");
        assertThat(as("auditor", "signals", "show", request, "--reveal", "--reason", "x")
                        .exit())
                .isEqualTo(2);
    }

    @Test
    void wrongQuestionsSayWhatIsRight() {
        assertThat(as("auditor", "audit", "show", request, "--reveal").err()).contains("--reason");
        assertThat(as("auditor", "audit", "show", request, "--reveal", "--reason", " ")
                        .exit())
                .isEqualTo(2);
        DemoTest.Ran unknown = as("auditor", "audit", "show", FluxId.text(42));
        assertThat(unknown.exit()).isEqualTo(2);
        assertThat(unknown.err()).contains("FLX-6063");
        DemoTest.Ran nowhere = as("auditor", "audit", "show", request, "--rack", "rack-z");
        assertThat(nowhere.exit()).isEqualTo(1);
        assertThat(nowhere.err()).contains("FLX-6062").contains("rack-z");
        DemoTest.Ran both = as(
                "auditor", "audit", "show", request, "--data", live.data.root().toString());
        assertThat(both.exit()).isEqualTo(2);
        String data = live.data.root().toString();
        DemoTest.Ran beside = DemoTest.fluxrig(
                "audit",
                "show",
                request,
                "--data",
                data,
                "--reveal",
                "--reason",
                "x",
                "--access-log",
                folder.resolve("access.jsonl").toString());
        assertThat(beside.exit()).isEqualTo(7);
        assertThat(beside.err()).contains("FLX-9007").contains("--api");
        assertThat(folder.resolve("access.jsonl")).doesNotExist();
    }

    @Test
    void aTokenIsNotSentToAnotherMachineInClear() {
        DemoTest.Ran ran = DemoTest.fluxrig(
                "status",
                "--api",
                "http://192.0.2.7:8090",
                "--token-file",
                folder.resolve("viewer").toString());
        assertThat(ran.exit()).isEqualTo(7);
        assertThat(ran.err()).contains("FLX-9140");
        assertThat(DemoTest.fluxrig(
                                "status",
                                "--api",
                                live.api(),
                                "--token-file",
                                folder.resolve("none").toString())
                        .err())
                .contains("FLX-9141");
    }
}
