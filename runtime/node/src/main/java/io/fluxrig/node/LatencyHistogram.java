package io.fluxrig.node;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** Counts durations in the buckets that Prometheus expects: each twice the one before, from 50 microseconds to 26 seconds. */
final class LatencyHistogram {
    private static final long FIRST_NANOS = 50_000;
    static final int BUCKETS = 20;

    private final AtomicLongArray counts = new AtomicLongArray(BUCKETS + 1);
    private final LongAdder sumNanos = new LongAdder();

    void record(long nanos) {
        int bucket = 0;
        long bound = FIRST_NANOS;
        while (bucket < BUCKETS && nanos > bound) {
            bucket++;
            bound <<= 1;
        }
        counts.incrementAndGet(bucket);
        sumNanos.add(nanos);
    }

    /** Upper bound of a bucket in seconds. */
    static double boundSeconds(int bucket) {
        return (FIRST_NANOS << bucket) / 1e9;
    }

    /** Durations in this bucket alone; the one after the last holds what is longer. */
    long count(int bucket) {
        return counts.get(bucket);
    }

    double sumSeconds() {
        return sumNanos.sum() / 1e9;
    }

    /** Appends the cumulative buckets in Prometheus text format. */
    void write(StringBuilder text, String name, String labels) {
        String separator = labels.isEmpty() ? "" : ",";
        long total = 0;
        for (int bucket = 0; bucket <= BUCKETS; bucket++) {
            total += count(bucket);
            String bound = bucket == BUCKETS ? "+Inf" : Double.toString(boundSeconds(bucket));
            text.append(name)
                    .append("_bucket{")
                    .append(labels)
                    .append(separator)
                    .append("le=\"")
                    .append(bound)
                    .append("\"} ");
            text.append(total).append('\n');
        }
        String braces = labels.isEmpty() ? "" : "{" + labels + "}";
        text.append(name)
                .append("_sum")
                .append(braces)
                .append(' ')
                .append(sumSeconds())
                .append('\n');
        text.append(name)
                .append("_count")
                .append(braces)
                .append(' ')
                .append(total)
                .append('\n');
    }
}
