package io.fluxrig.wal;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/** Counters of one log; written by its I/O thread, read by anybody. */
public final class WalStats {
    private static final int BUCKETS = 24;

    private final AtomicLong groups = new AtomicLong();
    private final AtomicLong records = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong segments = new AtomicLong();
    private final AtomicLong fsyncNanos = new AtomicLong();
    private final AtomicLong longest = new AtomicLong();
    private volatile long forcing;
    private final AtomicLongArray fsyncs = new AtomicLongArray(BUCKETS);

    WalStats() {}

    /** An fsync begins. */
    void forcing(long now) {
        forcing = now;
    }

    void group(int length, long nanos) {
        forcing = 0;
        longest.accumulateAndGet(nanos, Math::max);
        groups.incrementAndGet();
        bytes.addAndGet(length);
        fsyncNanos.addAndGet(nanos);
        long micros = Math.max(1, nanos / 1000);
        int bucket = 64 - Long.numberOfLeadingZeros(micros - 1);
        fsyncs.incrementAndGet(Math.min(bucket, BUCKETS - 1));
    }

    void record() {
        records.incrementAndGet();
    }

    void segment() {
        segments.incrementAndGet();
    }

    /** Groups written; one fsync each. */
    public long groups() {
        return groups.get();
    }

    public long records() {
        return records.get();
    }

    /** Bytes written for groups. */
    public long bytes() {
        return bytes.get();
    }

    /** Segments begun. */
    public long segments() {
        return segments.get();
    }

    /** Sum of all fsync times in nanoseconds. */
    public long fsyncNanos() {
        return fsyncNanos.get();
    }

    /**
     * The longest fsync since this was last asked, the one under way included, in nanoseconds; for one who asks at a rhythm.
     *
     * @param now {@link System#nanoTime}
     */
    public long longestFsync(long now) {
        long since = forcing;
        return Math.max(longest.getAndSet(0), since == 0 ? 0 : now - since);
    }

    /** Number of buckets of the fsync histogram. */
    public int fsyncBuckets() {
        return BUCKETS;
    }

    /** How many fsyncs took longer than the bucket before and at most {@code 2^bucket} microseconds; the last has no upper bound. */
    public long fsyncCount(int bucket) {
        return fsyncs.get(bucket);
    }
}
