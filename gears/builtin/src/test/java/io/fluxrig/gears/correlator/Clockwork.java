package io.fluxrig.gears.correlator;

import io.fluxrig.gear.Gear;
import io.fluxrig.gear.GearContext;
import io.fluxrig.gear.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Time, timers and counters of a gear, driven by a test. */
final class Clockwork implements GearContext {
    private final Map<String, Long> timers = new TreeMap<>();
    final Map<String, Integer> counters = new HashMap<>();
    final Map<String, Long> gauges = new HashMap<>();
    long now = 1_790_000_000_000_000_000L;

    @Override
    public long now() {
        return now;
    }

    @Override
    public void startTimer(String name, Duration after) {
        timers.put(name, now + after.toNanos());
    }

    @Override
    public void cancelTimer(String name) {
        timers.remove(name);
    }

    @Override
    public void count(String counter) {
        counters.merge(counter, 1, Integer::sum);
    }

    @Override
    public void gauge(String name, long value) {
        gauges.put(name, value);
    }

    int running() {
        return timers.size();
    }

    /** Lets time pass; what the gear makes of the timers that run out meanwhile, in order. */
    List<Outcome> pass(Duration time, Gear gear) {
        long until = now + time.toNanos();
        List<Outcome> outcomes = new ArrayList<>();
        while (true) {
            Map.Entry<String, Long> next =
                    timers.entrySet().stream().min(Map.Entry.comparingByValue()).orElse(null);
            if (next == null || next.getValue() > until) {
                now = until;
                return outcomes;
            }
            now = next.getValue();
            timers.remove(next.getKey());
            outcomes.add(gear.onTimer(next.getKey(), this));
        }
    }
}
