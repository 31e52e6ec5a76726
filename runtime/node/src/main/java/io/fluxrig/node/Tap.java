package io.fluxrig.node;

import io.fluxrig.gear.Intake;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;

/**
 * Facts about signals, copied off the path. Whoever reports a fact never waits: durations go onto a bounded ring that one thread
 * empties into histograms, and when it is full they are dropped and counted.
 */
public final class Tap implements AutoCloseable {
    private static final int RING = 16_384;

    /** What is only counted. */
    public enum Fact {
        ENTERED,
        REFUSED,
        SENT,
        CONSUMED,
        FAILED
    }

    /** A duration on the ring: of a signal where {@code gear} is empty, of a gear's handling otherwise. */
    private record Took(String gear, long nanos) {}

    private final Map<Fact, LongAdder> facts = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> byCode = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> gearCounters = new ConcurrentHashMap<>();
    private final Map<String, AtomicLong> gearGauges = new ConcurrentHashMap<>();
    private final Map<String, LatencyHistogram> latencies = new ConcurrentHashMap<>();
    private final ManyToOneConcurrentArrayQueue<Took> ring = new ManyToOneConcurrentArrayQueue<>(RING);
    private final LongAdder dropped = new LongAdder();
    private final Thread consumer;
    private volatile boolean closed;

    public Tap() {
        for (Fact fact : Fact.values()) {
            facts.put(fact, new LongAdder());
        }
        consumer = Thread.ofPlatform().daemon().name("fluxrig-tap").start(this::consume);
    }

    void count(Fact fact) {
        facts.get(fact).increment();
    }

    void ended(Intake.End end, long nanos) {
        switch (end) {
            case Intake.Failure failure -> {
                count(Fact.FAILED);
                byCode.computeIfAbsent(failure.code().code(), c -> new LongAdder())
                        .increment();
            }
            case Intake.Done done -> count(done == Intake.Done.CONSUMED ? Fact.CONSUMED : Fact.SENT);
        }
        offer(new Took("", nanos));
    }

    void gearTook(String gear, long nanos) {
        offer(new Took(gear, nanos));
    }

    void crashed(String gear) {
        gearCounted(gear, "crashes");
    }

    void gearCounted(String gear, String counter) {
        gearCounters.computeIfAbsent(gear + "|" + counter, k -> new LongAdder()).increment();
    }

    void gearGauge(String gear, String name, long value) {
        gearGauges.computeIfAbsent(gear + "|" + name, k -> new AtomicLong()).set(value);
    }

    private void offer(Took took) {
        if (!ring.offer(took)) {
            dropped.increment();
        }
    }

    private void consume() {
        while (!closed) {
            int drained = ring.drain(took -> latencies
                    .computeIfAbsent(took.gear(), g -> new LatencyHistogram())
                    .record(took.nanos()));
            if (drained == 0) {
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    public long total(Fact fact) {
        return facts.get(fact).sum();
    }

    /** Facts that did not fit on the ring. */
    public long dropped() {
        return dropped.sum();
    }

    /** A counter that gears keep under this name, summed over all gears. */
    public long gearTotal(String counter) {
        return gearCounters.entrySet().stream()
                .filter(e -> e.getKey().endsWith("|" + counter))
                .mapToLong(e -> e.getValue().sum())
                .sum();
    }

    /** A gear is gone, and with it what it held. */
    void forget(String gear) {
        gearGauges.keySet().removeIf(key -> key.startsWith(gear + "|"));
    }

    /** Failed signals by code, sorted. */
    public Map<String, Long> failuresByCode() {
        Map<String, Long> sorted = new TreeMap<>();
        byCode.forEach((code, count) -> sorted.put(code, count.sum()));
        return sorted;
    }

    /** By {@code gear|counter}, sorted. */
    Map<String, Long> gearCounters() {
        Map<String, Long> sorted = new TreeMap<>();
        gearCounters.forEach((key, count) -> sorted.put(key, count.sum()));
        return sorted;
    }

    Map<String, Long> gearGauges() {
        Map<String, Long> sorted = new TreeMap<>();
        gearGauges.forEach((key, value) -> sorted.put(key, value.get()));
        return sorted;
    }

    /** By gear; the empty name is the time of whole signals inside the Rack. */
    Map<String, LatencyHistogram> latencies() {
        return latencies;
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(consumer);
    }
}
