package io.fluxrig.gears.tcp;

import java.time.Duration;
import java.util.SplittableRandom;

/** How long to wait before the next attempt: doubling between two bounds, minus up to a quarter by chance so that many do not come at once. */
final class BackOff {
    private final long shortest;
    private final long longest;
    private final SplittableRandom chance;
    private long next;

    BackOff(Duration shortest, Duration longest, long seed) {
        this.shortest = shortest.toNanos();
        this.longest = longest.toNanos();
        this.chance = new SplittableRandom(seed);
        this.next = this.shortest;
    }

    Duration next() {
        long wait = next;
        next = Math.min(longest, 2 * next);
        return Duration.ofNanos(wait - chance.nextLong(wait / 4 + 1));
    }

    void reset() {
        next = shortest;
    }
}
