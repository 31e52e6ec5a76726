package io.fluxrig.node;

import com.typesafe.config.Config;
import io.fluxrig.scenario.Residency.Level;
import io.fluxrig.scenario.Scenario;
import io.fluxrig.signal.FluxException;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.registry.otlp.OtlpConfig;
import io.micrometer.registry.otlp.OtlpMeterRegistry;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** What a node sends to a collector, where one is configured: spans and metrics with OTLP over HTTP, each on threads of its own. */
final class Telemetry implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /**
     * @param tap whether facts are copied at all
     * @param otlp base URL of the collector; empty for none
     * @param sample part of the signals without failure whose spans are sent
     * @param every how often metrics are sent
     */
    record Settings(boolean tap, Optional<URI> otlp, double sample, Duration every) {

        /** @throws FluxException TELEMETRY where a value is none */
        static Settings of(Config config) {
            Config its = config.getConfig("fluxrig.telemetry");
            double sample = its.getDouble("sample");
            if (!(sample >= 0 && sample <= 1)) {
                throw new FluxException(NodeError.TELEMETRY, "sample " + sample + " is not between 0 and 1");
            }
            return new Settings(its.getBoolean("tap"), url(its.getString("otlp")), sample, its.getDuration("every"));
        }

        private static Optional<URI> url(String text) {
            if (text.isBlank()) {
                return Optional.empty();
            }
            try {
                URI url = URI.create(text.strip().replaceAll("/+$", ""));
                if (url.getHost() != null && Set.of("http", "https").contains(url.getScheme())) {
                    return Optional.of(url);
                }
            } catch (IllegalArgumentException malformed) {
                // told below
            }
            throw new FluxException(NodeError.TELEMETRY, "'" + text + "' is not a URL such as http://collector:4318");
        }
    }

    private final Settings settings;
    private final Optional<SpanQueue> queue;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final List<Metrics> told = new ArrayList<>();

    Telemetry(Settings settings) {
        this.settings = settings;
        this.queue = settings.otlp()
                .map(url -> new SpanQueue(OtlpHttpSpanExporter.builder()
                        .setEndpoint(url + "/v1/traces")
                        .setTimeout(PATIENCE)
                        .setConnectTimeout(PATIENCE)
                        .setRetryPolicy(null)
                        .build()));
        queue.ifPresent(q -> open.add(q::shutdown));
    }

    /** From now on sends spans of this Rack's signals, as far as its scenario lets them out. */
    void traces(String rack, Map<String, String> labels, RackBoard board) {
        queue.filter(q -> settings.tap()).ifPresent(out -> {
            Spans spans = new Spans(rack, settings.sample(), new LevelInForce(rack, labels, board), out);
            board.tap().to(spans);
            open.push(spans);
        });
    }

    /** Asked for each signal, and found out for each scenario. Belongs to the tap's thread. */
    private static final class LevelInForce implements Supplier<Level> {
        private final String rack;
        private final Map<String, String> labels;
        private final RackBoard board;
        private Scenario scenario;
        private Level level = Level.LOCAL;

        LevelInForce(String rack, Map<String, String> labels, RackBoard board) {
            this.rack = rack;
            this.labels = labels;
            this.board = board;
        }

        @Override
        public Level get() {
            board.activation().map(a -> a.scenario().scenario()).ifPresent(now -> {
                if (now != scenario) {
                    scenario = now;
                    level = Border.of(now, rack, labels).level();
                }
            });
            return level;
        }
    }

    /** The metrics of this Rack, which are sent too and tell what became of spans. */
    Metrics metrics(String rack, RackBoard board, Path dataDir) {
        Metrics metrics = metrics(rack, rack, board, dataDir);
        Tags traces = Tags.of("sink", "traces");
        queue.ifPresent(q -> {
            metrics.counter("fluxrig.export.sent", traces, q::sent);
            metrics.counter("fluxrig.export.dropped", traces, q::dropped);
        });
        return metrics;
    }

    /** The metrics of another Rack that the node of this name may host. */
    Metrics metrics(String node, String rack, RackBoard board, Path dataDir) {
        Metrics metrics = new Metrics(board, dataDir, registry(node, rack));
        if (settings.tap()) {
            board.tap().to(metrics);
        }
        told.add(metrics);
        return metrics;
    }

    private Optional<MeterRegistry> registry(String node, String rack) {
        return settings.otlp().map(url -> {
            Map<String, String> its = Map.of(
                    "otlp.url", url + "/v1/metrics",
                    "otlp.step", settings.every().toMillis() + "ms",
                    "otlp.connectTimeout", PATIENCE.toMillis() + "ms",
                    "otlp.readTimeout", PATIENCE.toMillis() + "ms",
                    "otlp.resourceAttributes",
                            "service.name=fluxrig,service.instance.id=" + node + ",fluxrig.rack=" + rack);
            return new OtlpMeterRegistry((OtlpConfig) its::get, Clock.SYSTEM);
        });
    }

    /** Each tells a sink once more, and a sink that hangs costs all of them its time once. */
    @Override
    public void close() {
        CompletableFuture.allOf(told.stream()
                        .map(metrics -> CompletableFuture.runAsync(metrics::close, Thread.ofVirtual()::start))
                        .toArray(CompletableFuture[]::new))
                .exceptionally(late -> null)
                .join();
        for (AutoCloseable each : open) {
            try {
                each.close();
            } catch (Exception late) {
                // what could not be sent by now is not sent any more
                continue;
            }
        }
    }
}
