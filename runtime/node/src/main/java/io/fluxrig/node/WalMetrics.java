package io.fluxrig.node;

import io.fluxrig.wal.Wal;
import io.fluxrig.wal.WalState;
import io.fluxrig.wal.WalStats;
import java.util.Locale;

/** What the logs of this process tell: the fsync histogram, and whether they serve. */
final class WalMetrics {
    private WalMetrics() {}

    /** The figures in Prometheus text format. */
    static String text() {
        StringBuilder text = new StringBuilder();
        for (Wal wal : Wal.running()) {
            String label = "log=\"" + wal.owner() + "\"";
            WalStats stats = wal.stats();
            long total = 0;
            for (int bucket = 0; bucket < stats.fsyncBuckets(); bucket++) {
                total += stats.fsyncCount(bucket);
                boolean last = bucket == stats.fsyncBuckets() - 1;
                String bound = last ? "+Inf" : String.format(Locale.ROOT, "%.6f", (1L << bucket) / 1e6);
                text.append("fluxrig_wal_fsync_seconds_bucket{")
                        .append(label)
                        .append(",le=\"")
                        .append(bound)
                        .append("\"} ")
                        .append(total)
                        .append('\n');
            }
            text.append("fluxrig_wal_fsync_seconds_sum{")
                    .append(label)
                    .append("} ")
                    .append(stats.fsyncNanos() / 1e9)
                    .append('\n');
            text.append("fluxrig_wal_fsync_seconds_count{")
                    .append(label)
                    .append("} ")
                    .append(total)
                    .append('\n');
            gauge(text, "fluxrig_wal_queued_bytes", label, wal.queuedBytes());
            gauge(text, "fluxrig_wal_scrub_done_bytes", label, wal.scrub().doneBytes());
            gauge(text, "fluxrig_wal_scrub_due_bytes", label, wal.scrub().totalBytes());
            gauge(text, "fluxrig_wal_scrub_rounds_total", label, wal.scrub().rounds());
            for (WalState state : WalState.values()) {
                String which = label + ",state=\"" + state.name().toLowerCase(Locale.ROOT) + "\"";
                gauge(text, "fluxrig_wal_state", which, wal.state() == state ? 1 : 0);
            }
        }
        return text.toString();
    }

    private static void gauge(StringBuilder text, String name, String label, long value) {
        text.append(name).append('{').append(label).append("} ").append(value).append('\n');
    }
}
