package io.fluxrig.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.ConfigFactory;
import io.fluxrig.gear.GearError;
import io.fluxrig.gear.Intake;
import io.fluxrig.scenario.Residency.Level;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxId;
import io.fluxrig.vault.LeafPlace;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** F31: whatever becomes of the sink, the path goes on, memory stays bounded, and what is lost is counted. */
class TelemetryTest {
    private static final Intake.End LATE = new Intake.Failure(GearError.EXPIRED, "older than its sender waits");
    private static final int SIGNALS = 3 * SpanQueue.QUEUE;

    private final Tap tap = new Tap();
    private SpanQueue queue;
    private Spans spans;

    @AfterEach
    void stop() {
        if (spans != null) {
            spans.close();
        }
        tap.close();
    }

    private void sendTo(URI collector, double fraction, Level residency) {
        make(collector, fraction, residency);
        tap.to(spans);
    }

    private void make(URI collector, double fraction, Level residency) {
        queue = new SpanQueue(OtlpHttpSpanExporter.builder()
                .setEndpoint(collector + "/v1/traces")
                .setTimeout(Duration.ofSeconds(1))
                .setRetryPolicy(null)
                .build());
        spans = new Spans("rack-a", fraction, () -> residency, queue);
    }

    private void signal(long id, long ref, String trace, Intake.End end) {
        tap.entered(new Fact.Entered(id, ref, trace, "", "terminals", "out", 1_000, new LeafPlace()));
        tap.copy(new Fact.Took(id, "router", "in", 2_000, 500, new LeafPlace()));
        tap.ended(id, end, 5_000, 4_000);
    }

    /** Goes on as fast as it can; every signal is one span and one for its gear. */
    private void load() {
        long began = System.nanoTime();
        for (int i = 1; i <= SIGNALS; i++) {
            signal(i, 0, "", Intake.Done.SENT);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .as("copying %d facts", 3 * SIGNALS)
                .isLessThan(Duration.ofSeconds(5));
    }

    private void everythingIsSentOrCounted() {
        await().atMost(Duration.ofSeconds(60)).until(() -> queue.dropped() > 0 || tap.dropped() > 0);
        assertThat(tap.total(Tap.Total.SENT)).isEqualTo(SIGNALS);
    }

    @Test
    void tellsOneSpanForTheSignalAndOneForEachGearLinkedOverTheLog() throws IOException {
        try (Collector collector = new Collector()) {
            sendTo(collector.url(), 1, Level.METADATA);
            signal(77, 0, "", Intake.Done.SENT);
            signal(78, 77, "", LATE);
            await().until(() -> collector.spans.size() == 4);
            Span request = root(collector, 77);
            Span reply = root(collector, 78);
            assertThat(reply.getTraceId()).isEqualTo(request.getTraceId());
            assertThat(reply.getParentSpanId()).isEmpty();
            assertThat(reply.getLinks(0).getSpanId()).isEqualTo(request.getSpanId());
            assertThat(reply.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
            assertThat(attribute(reply, "fluxrig.code")).isEqualTo(GearError.EXPIRED.code());
            assertThat(collector.spans)
                    .filteredOn(s -> s.getName().equals("router"))
                    .allMatch(s -> s.getEndTimeUnixNano() - s.getStartTimeUnixNano() == 500)
                    .extracting(Span::getParentSpanId)
                    .containsExactlyInAnyOrder(request.getSpanId(), reply.getSpanId());
        }
    }

    @Test
    void keepsTheTraceThatTheMessageCarries() throws IOException {
        String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        try (Collector collector = new Collector()) {
            sendTo(collector.url(), 1, Level.METADATA);
            signal(77, 0, trace, Intake.Done.SENT);
            await().until(() -> collector.spans.size() == 2);
            assertThat(collector.spans)
                    .allMatch(s -> HexFormat.of()
                            .formatHex(s.getTraceId().toByteArray())
                            .equals(trace));
        }
    }

    @Test
    void aSignalIsAPartOfWhatItsCallerKeeps() throws IOException {
        String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        try (Collector collector = new Collector()) {
            sendTo(collector.url(), 0, Level.METADATA);
            tap.entered(new Fact.Entered(
                    77, 0, trace, "00-" + trace + "-00f067aa0ba902b7-01", "door", "out", 1_000, new LeafPlace()));
            tap.ended(77, Intake.Done.SENT, 5_000, 4_000);
            await().until(() -> collector.spans.size() == 1);
            assertThat(HexFormat.of()
                            .formatHex(
                                    collector.spans.getFirst().getParentSpanId().toByteArray()))
                    .isEqualTo("00f067aa0ba902b7");
        }
    }

    @Test
    void anAnswerThatLearnsItsRequestOnTheWayIsInItsTrace() throws IOException {
        try (Collector collector = new Collector()) {
            sendTo(collector.url(), 1, Level.METADATA);
            signal(77, 0, "", Intake.Done.SENT);
            tap.entered(new Fact.Entered(78, 0, "", "", "scheme", "out", 1_000, new LeafPlace()));
            tap.copy(new Fact.Emitted(78, 77, "", "switch", "reply", new LeafPlace()));
            tap.ended(78, Intake.Done.SENT, 5_000, 4_000);
            await().until(() -> collector.spans.size() == 3);
            assertThat(root(collector, 78).getTraceId())
                    .isEqualTo(root(collector, 77).getTraceId());
            assertThat(root(collector, 78).getLinks(0).getSpanId())
                    .isEqualTo(root(collector, 77).getSpanId());
        }
    }

    @Test
    void keepsEveryFailedSignalAndAFractionOfTheOthers() throws IOException {
        try (Collector collector = new Collector()) {
            sendTo(collector.url(), 0.1, Level.METADATA);
            for (long i = 1; i <= 2_000; i++) {
                signal(FluxId.of(i, 0, 1), 0, "", i % 20 == 0 ? LATE : Intake.Done.SENT);
            }
            await().until(() -> failed(collector) == 100);
            long good = collector.spans.stream()
                            .filter(s -> s.getName().equals("signal"))
                            .count()
                    - 100;
            assertThat(good).isBetween(120L, 270L);
        }
    }

    @Test
    void sendsNoSpanWhereTheScenarioSaysLocal() throws IOException {
        try (Collector collector = new Collector()) {
            sendTo(collector.url(), 1, Level.LOCAL);
            signal(77, 0, "", LATE);
            await().pollDelay(Duration.ofMillis(600)).until(() -> true);
            assertThat(queue.sent() + queue.dropped()).isZero();
            assertThat(collector.spans).isEmpty();
        }
    }

    @Test
    void aDeadSinkCostsNothingAndItsLossIsCounted() throws IOException {
        URI dead;
        try (Collector collector = new Collector()) {
            dead = collector.url();
        }
        sendTo(dead, 1, Level.METADATA);
        load();
        everythingIsSentOrCounted();
    }

    @Test
    void aSinkWhoseNameIsGoneCostsNothingAndItsLossIsCounted() {
        sendTo(URI.create("http://collector.invalid:4318"), 1, Level.METADATA);
        load();
        everythingIsSentOrCounted();
    }

    @Test
    void aSinkThatHangsCostsNothingAndItsLossIsCounted() throws IOException {
        try (Collector collector = new Collector()) {
            collector.hangs = true;
            sendTo(collector.url(), 1, Level.METADATA);
            load();
            everythingIsSentOrCounted();
        }
    }

    @Test
    void aSinkThatRejectsCostsNothingAndItsLossIsCounted() throws IOException {
        try (Collector collector = new Collector()) {
            collector.status = 503;
            sendTo(collector.url(), 1, Level.METADATA);
            load();
            everythingIsSentOrCounted();
            assertThat(collector.spans).isEmpty();
        }
    }

    @Test
    void everySpanIsSentOrCountedOnceWhileTheQueueFillsAndDrains() throws IOException {
        try (Collector collector = new Collector()) {
            collector.hangs = true;
            make(collector.url(), 1, Level.METADATA);
            for (long id = 1; id <= SIGNALS; id++) {
                spans.take(new Fact.Entered(id, 0, "", "", "terminals", "out", 1_000, new LeafPlace()));
                spans.take(new Fact.Took(id, "router", "in", 2_000, 500, new LeafPlace()));
                spans.take(new Fact.Ended(id, Intake.Done.SENT, 5_000, 4_000));
            }
            collector.hangs = false;
            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                spans.idle();
                assertThat(queue.sent() + queue.dropped() + 2 * spans.lost()).isEqualTo(2L * SIGNALS);
            });
        }
    }

    @Test
    void aSinkThatFlapsGetsSpansAgainWhenItIsBack() throws IOException {
        try (Collector collector = new Collector()) {
            sendTo(collector.url(), 1, Level.METADATA);
            for (int round = 1; round <= 3; round++) {
                collector.status = 503;
                long dropped = queue.dropped();
                signal(round, 0, "", LATE);
                await().until(() -> queue.dropped() > dropped);
                collector.status = 200;
                long back = 100 + round;
                await().until(() -> {
                    signal(back, 0, "", LATE);
                    return collector.spans.stream().anyMatch(s -> is(s, back));
                });
            }
        }
    }

    @Test
    void sendsMetricsToo(@TempDir Path dir) throws IOException {
        try (Collector collector = new Collector();
                Telemetry telemetry = new Telemetry(
                        new Telemetry.Settings(true, Optional.of(collector.url()), 1, Duration.ofMillis(200)))) {
            telemetry.metrics("rack-a", new RackBoard(tap), dir);
            tap.ended(1, Intake.Done.SENT, 0, 1);
            await().atMost(20, TimeUnit.SECONDS)
                    .until(() -> collector.metrics.contains("fluxrig.signals")
                            && collector.metrics.contains("fluxrig.tap.dropped")
                            && collector.metrics.contains("fluxrig.export.dropped"));
            telemetry.metrics("node-a", "gate", new RackBoard(tap), dir);
            await().atMost(20, TimeUnit.SECONDS)
                    .until(() -> collector.resources.containsAll(Set.of(
                            "fluxrig.rack=rack-a",
                            "service.instance.id=rack-a",
                            "fluxrig.rack=gate",
                            "service.instance.id=node-a")));
        }
    }

    @Test
    void refusesACollectorThatIsNoUrl() {
        for (String bad : new String[] {"collector:4318", "ftp://collector", "http://", "http://a b"}) {
            assertThatThrownBy(() -> Telemetry.Settings.of(ConfigFactory.parseMap(Map.of("fluxrig.telemetry.otlp", bad))
                            .withFallback(ConfigFactory.load())))
                    .isInstanceOf(FluxException.class)
                    .hasMessageContaining(NodeError.TELEMETRY.code());
        }
    }

    private static long failed(Collector collector) {
        return collector.spans.stream()
                .filter(s -> s.getStatus().getCode() == Status.StatusCode.STATUS_CODE_ERROR)
                .count();
    }

    private static Span root(Collector collector, long id) {
        return collector.spans.stream()
                .filter(s -> s.getName().equals("signal") && is(s, id))
                .findFirst()
                .orElseThrow();
    }

    private static boolean is(Span span, long id) {
        return attribute(span, "fluxrig.id").equals(FluxId.text(id));
    }

    private static String attribute(Span span, String key) {
        return span.getAttributesList().stream()
                .filter(a -> a.getKey().equals(key))
                .map(a -> a.getValue().getStringValue())
                .findFirst()
                .orElse("");
    }
}
