package io.fluxrig.simulate;

import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;

/** What all terminals count together. Safe for several threads. */
final class TerminalCounts {
    private static final long LONGEST_MICROS = 60_000_000;

    final LongAdder sent = new LongAdder();
    final LongAdder approved = new LongAdder();
    final LongAdder declined = new LongAdder();
    final LongAdder failed = new LongAdder();
    final LongAdder timeouts = new LongAdder();
    final LongAdder duplicates = new LongAdder();
    final LongAdder late = new LongAdder();
    final LongAdder crossWired = new LongAdder();
    final LongAdder unreadable = new LongAdder();
    final LongAdder connects = new LongAdder();
    private final ConcurrentHistogram micros = new ConcurrentHistogram(LONGEST_MICROS, 3);

    void answered(String code, long nanos, boolean timed) {
        (code.equals("00") ? approved : declined).increment();
        if (code.equals("91")) {
            timeouts.increment();
        }
        if (timed) {
            micros.recordValue(Math.min(LONGEST_MICROS, nanos / 1000));
        }
    }

    TerminalStats stats(long sinceNanos) {
        // Read in this order, so that a snapshot never has more ends than beginnings.
        long failedNow = failed.sum();
        long timeoutsNow = timeouts.sum();
        long approvedNow = approved.sum();
        long declinedNow = declined.sum();
        long answered = approvedNow + declinedNow;
        return new TerminalStats(
                sent.sum(),
                answered,
                approvedNow,
                declinedNow,
                failedNow,
                timeoutsNow,
                timeoutsNow + failedNow,
                duplicates.sum(),
                late.sum(),
                crossWired.sum(),
                unreadable.sum(),
                connects.sum(),
                answered * 1e9 / Math.max(1, sinceNanos),
                micros.getValueAtPercentile(50) / 1000.0,
                micros.getValueAtPercentile(99) / 1000.0);
    }
}
