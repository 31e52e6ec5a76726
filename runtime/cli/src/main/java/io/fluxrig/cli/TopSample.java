package io.fluxrig.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A node at one moment.
 *
 * @param node what it tells of itself
 * @param nanos when, on a clock that goes evenly
 */
record TopSample(JsonNode node, Scrape metrics, Instant at, long nanos) {
    private static final String SIGNALS = "fluxrig_signals_total";
    private static final String DURATIONS = "fluxrig_signal_seconds";

    static TopSample of(Api api) {
        return new TopSample(
                api.get("node"),
                Scrape.of(api.text("metrics")),
                Instant.now().truncatedTo(ChronoUnit.SECONDS),
                System.nanoTime());
    }

    /** What the node tells, and what has happened there since {@code before}, a second. */
    ObjectNode since(TopSample before) {
        double seconds = (nanos - before.nanos) / 1e9;
        ObjectNode told = node.deepCopy();
        told.put("at", at.toString())
                .put("leavesPerSecond", Math.round(grown(before, "leaves") / seconds))
                .put("bytesPerSecond", Math.round(grown(before, "bytes") / seconds))
                .put("signalsPerSecond", tenths(counted(before, "entered") / seconds))
                .put("refusedPerSecond", tenths(counted(before, "refused") / seconds))
                .put("failedPerSecond", tenths(counted(before, "failed") / seconds));
        millis(told, "p50Ms", metrics.quantile(DURATIONS, 0.50, before.metrics));
        millis(told, "p99Ms", metrics.quantile(DURATIONS, 0.99, before.metrics));
        return told;
    }

    private long grown(TopSample before, String what) {
        return Math.max(
                0,
                node.path("vault").path(what).asLong()
                        - before.node.path("vault").path(what).asLong());
    }

    /** A node that was started again counts from the beginning. */
    private double counted(TopSample before, String what) {
        String label = "what=\"" + what + "\"";
        return Math.max(0, metrics.figure(SIGNALS, label) - before.metrics.figure(SIGNALS, label));
    }

    private static double tenths(double figure) {
        return Math.round(figure * 10) / 10.0;
    }

    /** Not told where no signal has ended. */
    private static void millis(ObjectNode told, String key, double seconds) {
        if (!Double.isNaN(seconds)) {
            told.put(key, Math.round(seconds * 1e5) / 100.0);
        }
    }
}
