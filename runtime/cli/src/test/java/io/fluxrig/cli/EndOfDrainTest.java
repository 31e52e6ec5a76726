package io.fluxrig.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fluxrig.audit.AuditVerify;
import io.fluxrig.audit.RackFiles;
import io.fluxrig.audit.Verdict;
import io.fluxrig.node.Tap;
import io.fluxrig.replay.Replay;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.simulate.Cards;
import io.fluxrig.spec.Codec;
import io.fluxrig.spec.Spec;
import io.fluxrig.spec.Specs;
import io.fluxrig.vault.DataKeys;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a change replaces has until limits.drain-timeout; what is still under way then ends with an answer or with a reason, and is counted. */
class EndOfDrainTest {
    private static final Spec SPEC = Specs.load(Program.HOME.resolve("examples/payment-switch/specs/payments.yaml"))
            .orThrow();

    /** Schemes may take a minute, changes a second; cards without a scheme go to a gear that never answers. */
    private static final UnaryOperator<String> PATIENT = text -> text.replace(" timeout: 2s", " timeout: 60s")
                    .replace("sender-timeout: 5s", "sender-timeout: 90s")
                    .replace(
                            "rules:\n",
                            "rules:\n        - { field: card.pan, prefix: \"" + Cards.Network.NO_ROUTE.prefix()
                                    + "\", to: hole }\n")
                    .replace("wires:\n", "wires:\n  - { from: by-prefix.hole, to: hole.in, lane: guaranteed }\n")
                    .replace("gears:\n", "gears:\n  - { name: hole, type: silent }\n")
            + "\nlimits:\n  drain-timeout: 1s\n";

    private static final UnaryOperator<String> RENAMED = text -> text.replace("switch.", "hub.")
            .replace("name: switch", "name: hub")
            .replace("hole.in", "pit.in")
            .replace("name: hole", "name: pit");

    @TempDir
    private Path folder;

    @Test
    void nothingIsDroppedWithoutAnAnswerOrAReason() throws Exception {
        try (LiveSwitch live = LiveSwitch.start(folder, Map.of(), PATIENT);
                Socket till = new Socket("127.0.0.1", live.port)) {
            till.setSoTimeout(60_000);
            send(till, 1, Cards.card(Cards.Network.ALPHA, Cards.Kind.SILENT, 0));
            send(till, 2, Cards.card(Cards.Network.NO_ROUTE, Cards.Kind.NORMAL, 0));
            Awaitility.await()
                    .until(() -> live.node.tap().total(Tap.Total.ENTERED) == 2
                            && live.scenario("plan", live.sign(PATIENT).toString(), "--json")
                                            .json()
                                            .path("racks")
                                            .path(0)
                                            .path("openExchanges")
                                            .asLong()
                                    == 1);
            live.pushAndActivate(live.sign(text -> RENAMED.apply(PATIENT.apply(text))));
            assertThat(status(live).path("draining").asInt()).isEqualTo(1);

            assertThat(answers(till)).containsOnly(Map.entry("000001", "91"), Map.entry("000002", "96"));
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> status(live).path("draining").asInt() == 0);
            assertThat(status(live).path("cutShort").asInt()).isEqualTo(2);
            assertThat(metrics(live))
                    .contains("fluxrig_signals_total{what=\"cut_short\"} 2.0")
                    .containsPattern("fluxrig_failed_total\\{code=\"FLX-4041\"\\} 1.0");
        }
        assertThat(DemoTest.fluxrig(
                                "audit",
                                "list",
                                "--data",
                                folder.resolve("data").toString(),
                                "--kind",
                                "failed")
                        .out())
                .contains("code=FLX-4041", "'hole' was stopped");
        assertThat(DemoTest.fluxrig(
                                "audit",
                                "list",
                                "--data",
                                folder.resolve("data").toString(),
                                "--in-doubt")
                        .out())
                .contains("RRN000000001", "RRN000000002");
        theRecordIsWhole();
    }

    @Test
    void aNodeThatStopsFirstAnswersWhatIsUnderWay() throws Exception {
        try (LiveSwitch live = LiveSwitch.start(
                        folder,
                        Map.of(),
                        text -> text.replace(" timeout: 2s", " timeout: 4s")
                                .replace("sender-timeout: 5s", "sender-timeout: 20s"));
                Socket till = new Socket("127.0.0.1", live.port)) {
            till.setSoTimeout(60_000);
            send(till, 1, Cards.card(Cards.Network.ALPHA, Cards.Kind.SILENT, 0));
            Awaitility.await().until(() -> live.node.tap().total(Tap.Total.ENTERED) == 1);
            live.node.close();
            assertThat(answer(till)).isEqualTo(Map.entry("000001", "91"));
        }
        theRecordIsWhole();
    }

    private void theRecordIsWhole() {
        RackFiles files = new RackFiles(folder.resolve("data"), LiveSwitch.RACK);
        Verdict verdict = AuditVerify.run(
                files, PinnedKeys.in(Optional.of(folder.resolve("data/trust"))), Optional.empty(), leaves -> {});
        assertThat(verdict.problems()).isEmpty();
        assertThat(verdict.counts().openSignals()).isZero();
        DataKeys keys = DataKeys.readOnly(files.dataKeys(), folder.resolve("data/keys/" + LiveSwitch.RACK + ".kek"));
        assertThat(Replay.run(files, keys, LiveSwitch.types(), leaves -> {}).differences())
                .isEmpty();
    }

    private static void send(Socket till, int number, String card) throws IOException {
        byte[] request = SPEC.codec()
                .encode(FluxMap.builder()
                        .put("0", "0200")
                        .put("2", card)
                        .put("3", "000000")
                        .put("4", "000000001000")
                        .put("7", "1126120000")
                        .put("11", "00000" + number)
                        .put("37", "RRN00000000" + number)
                        .put("41", "TERM0001")
                        .build());
        till.getOutputStream().write(new byte[] {(byte) (request.length >> 8), (byte) request.length});
        till.getOutputStream().write(request);
    }

    /** Response codes of the next two answers, by trace number. */
    private static Map<String, String> answers(Socket till) throws IOException {
        return Map.ofEntries(answer(till), answer(till));
    }

    private static Map.Entry<String, String> answer(Socket till) throws IOException {
        DataInputStream in = new DataInputStream(till.getInputStream());
        byte[] bytes = in.readNBytes(in.readUnsignedShort());
        FluxMap data = ((Codec.Decoded.Ok) SPEC.codec().decode(bytes, 0, bytes.length)).data();
        return Map.entry(data.text("11").orElseThrow(), data.text("39").orElseThrow());
    }

    private static JsonNode status(LiveSwitch live) throws IOException {
        return DemoTest.fluxrig("status", "--api", live.api(), "--json").json();
    }

    private static String metrics(LiveSwitch live) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(live.api() + "/metrics"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
