package io.fluxrig.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxrig.node.Tap;
import io.fluxrig.simulate.Cards;
import io.fluxrig.simulate.TerminalSim;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every byte that leaves a Rack beside its business connections is recorded and searched for what must not be in it. */
class BorderTest {
    private static final Leaks LEAKS = new Leaks();

    @TempDir
    private Path folder;

    /** What was recorded, and how many signals had entered and left a trace of themselves. */
    private record Left(byte[] sent, String metrics, byte[] book, String listed, byte[] bundle) {
        void holdsNoCard() {
            for (byte[] part : List.of(sent, metrics.getBytes(StandardCharsets.UTF_8), book, bundle)) {
                assertThat(part).isNotEmpty();
                assertThat(LEAKS.in(part)).isEmpty();
            }
            assertThat(LEAKS.in(listed.getBytes(StandardCharsets.UTF_8))).isEmpty();
        }
    }

    private static Map<String, String> tellingEverythingTo(Recorder recorder) {
        return Map.of(
                "fluxrig.telemetry.otlp", recorder.url(),
                "fluxrig.telemetry.sample", "1",
                "fluxrig.telemetry.every", "500ms",
                "persistence.vault.witness.urls", recorder.url(),
                "persistence.vault.witness.every", "500ms");
    }

    private Left run(String residency, Recorder recorder) throws Exception {
        try (LiveSwitch live = LiveSwitch.start(
                folder, tellingEverythingTo(recorder), text -> text + "\nresidency: " + residency + "\n")) {
            try (TerminalSim terminals = live.terminals(8, 100, folder.resolve("ledger.jsonl"))) {
                entered(live, 150);
                // Errors too: the requests of this scheme time out or find the link down.
                live.alpha.close();
                entered(live, 300);
            }
            live.receives("0200garbage" + Cards.all().getFirst());
            Awaitility.await().until(() -> live.node.tap().total(Tap.Total.FAILED) > 0);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> live.node.status().inFlight() == 0);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> get(live, "/metrics").contains("fluxrig_metadata_backlog_leaves 0.0"));
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> recorder.paths.contains("/v1/metrics") && recorder.paths.contains("/add-checkpoint"));
            Awaitility.await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
            assertThat(live.node.tap().total(Tap.Total.FAILED)).isPositive();
            Path zip = folder.resolve("support.zip");
            assertThat(DemoTest.fluxrig(
                                    "support",
                                    "bundle",
                                    "--data",
                                    live.data.root().toString(),
                                    "--api",
                                    live.api(),
                                    "--out",
                                    zip.toString())
                            .exit())
                    .isZero();
            return new Left(
                    recorder.bytes(),
                    get(live, "/metrics"),
                    book(live.data.root().resolve("mixer")),
                    get(live, "/api/v1/signals?limit=10000"),
                    unpacked(zip));
        }
    }

    private static void entered(LiveSwitch live, long signals) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> live.node.tap().total(Tap.Total.ENTERED) > signals);
    }

    private static String get(LiveSwitch live, String path) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(live.api() + path)).build(), BodyHandlers.ofString())
                .body();
    }

    private static byte[] book(Path mixer) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try (Stream<Path> files = Files.list(mixer)) {
            for (Path file : files.filter(f -> f.getFileName().toString().startsWith("signals.db"))
                    .toList()) {
                all.write(Files.readAllBytes(file));
            }
        }
        return all.toByteArray();
    }

    private static byte[] unpacked(Path zip) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try (ZipInputStream in = new ZipInputStream(Files.newInputStream(zip))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                all.write((entry.getName() + "\n").getBytes(StandardCharsets.UTF_8));
                in.transferTo(all);
            }
        }
        return all.toByteArray();
    }

    @Test
    void withMetadataFactsLeaveAndNoCardDoes() throws Exception {
        try (Recorder recorder = new Recorder()) {
            Left left = run("metadata", recorder);
            left.holdsNoCard();
            assertThat(recorder.paths).contains("/v1/traces");
            assertThat(new String(left.sent(), StandardCharsets.ISO_8859_1))
                    .contains("fluxrig.outcome", "fluxrig.leaf");
            assertThat(left.listed()).contains("\"outcome\":\"failed\"", "\"hash\"");
            assertThat(new String(left.bundle(), StandardCharsets.UTF_8))
                    .contains("manifest.json", "versions.json", "fluxrig_signals_total", "\"intact\":true");
        }
    }

    @Test
    void whatTheScenarioNamesLeavesWithTheMetadataAndNothingElseOfAMessage() throws Exception {
        try (Recorder recorder = new Recorder()) {
            Left left = run(
                    "{ level: local, racks: { " + LiveSwitch.RACK
                            + ": metadata }, allow: { data: [merchant.type, \"49\"] } }",
                    recorder);
            left.holdsNoCard();
            assertThat(left.listed()).contains("\"data\":{\"49\":\"978\",\"merchant.type\":\"5411\"}");
            assertThat(left.listed()).doesNotContain("TERM0001", "\"stan\"");
        }
    }

    @Test
    void withLocalNothingOfASignalLeaves() throws Exception {
        try (Recorder recorder = new Recorder()) {
            Left left = run("local", recorder);
            left.holdsNoCard();
            assertThat(recorder.paths).doesNotContain("/v1/traces");
            assertThat(left.listed()).isEqualToIgnoringWhitespace("{\"signals\":[]}");
        }
    }

    @Test
    void theSearchFindsACardInEveryEncoding() {
        String pan = Cards.all().getLast();
        byte[] ebcdic = pan.getBytes(Charset.forName("IBM037"));
        byte[] bcd = HexFormat.of().parseHex(pan);
        for (byte[] form : List.of(
                pan.getBytes(StandardCharsets.US_ASCII),
                ebcdic,
                bcd,
                HexFormat.of().formatHex(ebcdic).getBytes(StandardCharsets.US_ASCII),
                Base64.getEncoder().encode(("xy" + pan).getBytes(StandardCharsets.US_ASCII)),
                Base64.getEncoder().encode(("x" + pan + "tail").getBytes(StandardCharsets.US_ASCII)),
                Base64.getEncoder().encode(bcd))) {
            byte[] inside = new byte[form.length + 9];
            System.arraycopy(form, 0, inside, 5, form.length);
            assertThat(LEAKS.in(inside)).hasSize(1);
        }
    }
}
