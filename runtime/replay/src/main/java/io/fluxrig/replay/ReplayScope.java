package io.fluxrig.replay;

import io.fluxrig.vault.Leaf;
import java.util.Set;

/**
 * What of a log is compared. What comes before is driven as well, so that every gear is in the state in which it was; what comes after is not read.
 *
 * @param from the first leaf that is compared
 * @param to the leaf before which it ends
 * @param signals only these; empty for all
 */
public record ReplayScope(long from, long to, Set<Long> signals) {
    public ReplayScope {
        signals = Set.copyOf(signals);
    }

    /** The whole log. */
    public static ReplayScope all() {
        return new ReplayScope(0, Long.MAX_VALUE, Set.of());
    }

    boolean includes(Leaf leaf) {
        return leaf.n() >= from && leaf.n() < to && (signals.isEmpty() || signals.contains(leaf.id()));
    }
}
