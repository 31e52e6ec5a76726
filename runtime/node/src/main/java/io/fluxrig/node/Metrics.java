package io.fluxrig.node;

import io.fluxrig.vault.Vault;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** What a scrape of {@code /metrics} tells. Labels are names from configuration and codes, never values from signals. */
final class Metrics {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final RackBoard board;

    Metrics(RackBoard board, Path dataDir) {
        this.board = board;
        for (Tap.Fact fact : Tap.Fact.values()) {
            FunctionCounter.builder("fluxrig.signals", board.tap(), t -> t.total(fact))
                    .tag("what", fact.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
        FunctionCounter.builder("fluxrig.tap.dropped", board.tap(), Tap::dropped)
                .register(registry);
        Gauge.builder("fluxrig.signals.in.flight", () -> board.status().inFlight())
                .register(registry);
        Gauge.builder("fluxrig.ready", () -> board.status().ready() ? 1 : 0).register(registry);
        Gauge.builder("fluxrig.disk.free.bytes", () -> dataDir.toFile().getUsableSpace())
                .register(registry);
        counter("fluxrig.vault.leaves", Vault.Stats::durable);
        counter("fluxrig.vault.bytes", Vault.Stats::bytes);
        counter("fluxrig.vault.groups", Vault.Stats::groups);
        gauge("fluxrig.vault.waiting.leaves", s -> s.appended() - s.durable());
        gauge("fluxrig.checkpoint.lag.leaves", s -> s.durable() - s.sealed());
    }

    private void counter(String name, ToDoubleFunction<Vault.Stats> of) {
        FunctionCounter.builder(name, board, b -> statsOf(b, of)).register(registry);
    }

    private void gauge(String name, ToDoubleFunction<Vault.Stats> of) {
        Gauge.builder(name, board, b -> statsOf(b, of)).register(registry);
    }

    private static double statsOf(RackBoard board, ToDoubleFunction<Vault.Stats> of) {
        Optional<Vault.Stats> stats = board.status().vault();
        return stats.isEmpty() ? 0 : of.applyAsDouble(stats.get());
    }

    /** The Prometheus text format. */
    String scrape() {
        NodeStatus status = board.status();
        status.links()
                .keySet()
                .forEach(link -> named(
                        "fluxrig.link.up",
                        "gear",
                        link,
                        () -> board.status().links().getOrDefault(link, false) ? 1 : 0));
        Tap tap = board.tap();
        tap.gearGauges().keySet().forEach(key -> {
            String[] parts = key.split("[|]", 2);
            Tags tags = Tags.of("gear", parts[0], "what", parts[1]);
            Gauge.builder("fluxrig.gear", () -> tap.gearGauges().getOrDefault(key, 0L))
                    .tags(tags)
                    .register(registry);
        });
        tap.gearCounters().keySet().forEach(key -> {
            String[] parts = key.split("[|]", 2);
            FunctionCounter.builder(
                            "fluxrig.gear.events", tap, t -> t.gearCounters().getOrDefault(key, 0L))
                    .tags("gear", parts[0], "what", parts[1])
                    .register(registry);
        });
        tap.failuresByCode()
                .keySet()
                .forEach(code -> FunctionCounter.builder(
                                "fluxrig.failed", tap, t -> t.failuresByCode().getOrDefault(code, 0L))
                        .tag("code", code)
                        .register(registry));
        return registry.scrape() + histograms();
    }

    private void named(String name, String tag, String value, Supplier<Number> figure) {
        Gauge.builder(name, figure).tag(tag, value).register(registry);
    }

    private String histograms() {
        StringBuilder text = new StringBuilder();
        for (Map.Entry<String, LatencyHistogram> entry : board.tap().latencies().entrySet()) {
            if (entry.getKey().isEmpty()) {
                entry.getValue().write(text, "fluxrig_signal_seconds", "");
            } else {
                entry.getValue().write(text, "fluxrig_gear_seconds", "gear=\"" + entry.getKey() + "\"");
            }
        }
        WalMetrics.write(text);
        return text.toString();
    }
}
