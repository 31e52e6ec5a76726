package io.fluxrig.node;

import io.fluxrig.gear.Intake;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Facts about a Rack's signals, copied off the path. Whoever reports a fact never waits: it goes onto a bounded ring that a thread of all taps empties for
 * everybody who listens, and when the ring is full it is dropped and counted. Totals are counted where they happen, so they stay exact.
 */
public final class Tap implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Tap.class);
    static final int RING = 16_384;
    /** Gears name their counters; one that counts under ever new names is not followed. */
    static final int MOST_COUNTERS = 1_000;

    /** What is counted. */
    public enum Total {
        ENTERED,
        REFUSED,
        SENT,
        CONSUMED,
        FAILED,
        REDRIVEN,
        /** Signals and exchanges that the end of a drain found unfinished. */
        CUT_SHORT
    }

    /** Takes facts on the tap's thread: must neither wait nor hold them without a bound. */
    interface Listener {
        void take(Fact fact);

        /** Called when the ring is empty, at least every few milliseconds. */
        default void idle() {}
    }

    private final LongAdder[] totals = new LongAdder[Total.values().length];
    private final Map<String, LongAdder> failedByCode = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> refusedByCode = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> gearCounters = new ConcurrentHashMap<>();
    private final Map<String, AtomicLong> gearGauges = new ConcurrentHashMap<>();
    private final ManyToOneConcurrentArrayQueue<Fact> ring = new ManyToOneConcurrentArrayQueue<>(RING);
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final LongAdder dropped = new LongAdder();

    public Tap() {
        for (int i = 0; i < totals.length; i++) {
            totals[i] = new LongAdder();
        }
        TapThread.serve(this);
    }

    /** Hands every fact from now on to {@code listener} too. Without any listener nothing is copied. */
    void to(Listener listener) {
        listeners.add(listener);
    }

    /** Whether a fact is worth making. */
    boolean isOpen() {
        return !listeners.isEmpty();
    }

    void count(Total what) {
        count(what, 1);
    }

    void count(Total what, long times) {
        totals[what.ordinal()].add(times);
    }

    void entered(Fact.Entered entered) {
        count(Total.ENTERED);
        copy(entered);
    }

    void refused(String gear, String code) {
        count(Total.REFUSED);
        increment(refusedByCode, code);
        copy(new Fact.Refused(gear, code));
    }

    void ended(long id, Intake.End end, long at, long nanos) {
        switch (end) {
            case Intake.Failure failure -> {
                count(Total.FAILED);
                increment(failedByCode, failure.code().code());
            }
            case Intake.Done done -> count(done == Intake.Done.CONSUMED ? Total.CONSUMED : Total.SENT);
        }
        copy(new Fact.Ended(id, end, at, nanos));
    }

    /** Copies a fact onto the ring, or counts it as dropped. */
    void copy(Fact fact) {
        if (isOpen() && !ring.offer(fact)) {
            dropped.increment();
        }
    }

    void crashed(String gear) {
        gearCounted(gear, "crashes");
    }

    void gearCounted(String gear, String counter) {
        increment(gearCounters, gear + "|" + counter);
    }

    void gearGauge(String gear, String name, long value) {
        gearGauges.computeIfAbsent(gear + "|" + name, k -> new AtomicLong()).set(value);
    }

    private void increment(Map<String, LongAdder> counters, String key) {
        LongAdder counter = counters.get(key);
        if (counter == null) {
            if (counters.size() >= MOST_COUNTERS) {
                dropped.increment();
                return;
            }
            counter = counters.computeIfAbsent(key, k -> new LongAdder());
        }
        counter.increment();
    }

    /** Hands over what is on the ring, and where nothing is, lets listeners do what they have put off. @return how many facts there were */
    int drain() {
        int facts = ring.drain(this::hand);
        if (facts == 0) {
            listeners.forEach(listener -> quietly(listener, listener::idle));
        }
        return facts;
    }

    private void hand(Fact fact) {
        for (Listener listener : listeners) {
            quietly(listener, () -> listener.take(fact));
        }
    }

    /** One listener that fails takes nothing from the others; what it failed over is not told, only where. */
    private void quietly(Listener listener, Runnable call) {
        try {
            call.run();
        } catch (RuntimeException fault) {
            dropped.increment();
            listeners.remove(listener);
            LOG.error("telemetry goes on without a listener that threw {}", SimpleCell.where(fault));
        }
    }

    public long total(Total what) {
        return totals[what.ordinal()].sum();
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
        return sorted(failedByCode);
    }

    /** Refused signals by code, sorted. */
    Map<String, Long> refusalsByCode() {
        return sorted(refusedByCode);
    }

    /** By {@code gear|counter}, sorted. */
    Map<String, Long> gearCounters() {
        return sorted(gearCounters);
    }

    private static Map<String, Long> sorted(Map<String, LongAdder> counters) {
        Map<String, Long> sorted = new TreeMap<>();
        counters.forEach((key, count) -> sorted.put(key, count.sum()));
        return sorted;
    }

    Map<String, Long> gearGauges() {
        Map<String, Long> sorted = new TreeMap<>();
        gearGauges.forEach((key, value) -> sorted.put(key, value.get()));
        return sorted;
    }

    @Override
    public void close() {
        TapThread.leave(this);
    }
}
