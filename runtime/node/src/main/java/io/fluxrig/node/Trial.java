package io.fluxrig.node;

import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Watches a new scenario for a while, compared with how it was before. Errors are gears that crash, links that went down, and more failed signals than 1 in 100. What was made
 * anew, such as a listener on another port, has until the end to come up, and must not go down again.
 */
final class Trial {
    private static final double TOLERATED = 0.01;

    private final Before before;
    private final Activation activation;
    private final Set<String> seenUp;
    private final long ends;

    /** How it was before a change: looked up before anything passes over, since a gear that is kept is one and the same in both scenarios. */
    record Before(Activation running, Tap tap, Set<String> up, long crashes, long entered, long failed) {
        static Before of(Tap tap, Activation running) {
            Set<String> up = running.links().entrySet().stream()
                    .filter(Map.Entry::getValue)
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toUnmodifiableSet());
            return new Before(
                    running,
                    tap,
                    up,
                    tap.gearTotal("crashes"),
                    tap.total(Tap.Total.ENTERED),
                    tap.total(Tap.Total.FAILED));
        }
    }

    Trial(Before before, Activation activation, Duration quiet) {
        this.before = before;
        this.activation = activation;
        this.seenUp = before.up().stream()
                .filter(link -> activation.shares(before.running(), link))
                .collect(Collectors.toCollection(HashSet::new));
        this.ends = System.nanoTime() + quiet.toNanos();
    }

    boolean isOver() {
        return System.nanoTime() - ends >= 0;
    }

    /** What went wrong so far; {@code last} when nothing is waited for any more. */
    Optional<String> error(boolean last) {
        Tap tap = before.tap();
        long crashed = tap.gearTotal("crashes") - before.crashes();
        if (crashed > 0) {
            return Optional.of(crashed + " times a gear crashed");
        }
        Map<String, Boolean> links = activation.links();
        Optional<String> down = links.entrySet().stream()
                .filter(link -> !link.getValue())
                .map(Map.Entry::getKey)
                .filter(link -> last ? before.up().contains(link) : seenUp.contains(link))
                .findFirst();
        before.up().stream().filter(link -> links.getOrDefault(link, false)).forEach(seenUp::add);
        if (down.isPresent()) {
            return down.map(link -> "link '" + link + "' is down");
        }
        long lost = tap.total(Tap.Total.FAILED) - before.failed();
        long all = tap.total(Tap.Total.ENTERED) - before.entered();
        return lost > Math.max(1, all * TOLERATED)
                ? Optional.of(lost + " of " + all + " signals failed")
                : Optional.empty();
    }
}
