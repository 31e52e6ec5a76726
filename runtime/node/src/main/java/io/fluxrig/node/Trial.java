package io.fluxrig.node;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Watches a new scenario for a while, compared with how it was before. Errors are gears that crash, links that went down, and more failed signals than 1 in 100. */
final class Trial {
    private static final double TOLERATED = 0.01;

    private final Tap tap;
    private final Activation activation;
    private final long crashes;
    private final long entered;
    private final long failed;
    private final Set<String> up;
    private final long ends;

    Trial(Tap tap, Activation activation, Map<String, Boolean> linksBefore, Duration quiet) {
        this.tap = tap;
        this.activation = activation;
        this.crashes = tap.gearTotal("crashes");
        this.entered = tap.total(Tap.Total.ENTERED);
        this.failed = tap.total(Tap.Total.FAILED);
        this.up = linksBefore.entrySet().stream()
                .filter(Map.Entry::getValue)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        this.ends = System.nanoTime() + quiet.toNanos();
    }

    boolean isOver() {
        return System.nanoTime() - ends >= 0;
    }

    /** What went wrong so far. */
    Optional<String> error() {
        long crashed = tap.gearTotal("crashes") - crashes;
        if (crashed > 0) {
            return Optional.of(crashed + " times a gear crashed");
        }
        Optional<String> down = activation.links().entrySet().stream()
                .filter(link -> !link.getValue() && up.contains(link.getKey()))
                .map(Map.Entry::getKey)
                .findFirst();
        if (down.isPresent()) {
            return down.map(link -> "link '" + link + "' went down");
        }
        long lost = tap.total(Tap.Total.FAILED) - failed;
        long all = tap.total(Tap.Total.ENTERED) - entered;
        return lost > Math.max(1, all * TOLERATED)
                ? Optional.of(lost + " of " + all + " signals failed")
                : Optional.empty();
    }
}
