package io.fluxrig.node;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.pekko.actor.typed.ActorRef;

/** Gears that a swap leaves behind. They go when nothing lives in their pipeline any more and nobody waits for an answer that only they would bring. */
final class Leftovers {
    /** For a signal that was on its way in while the wires switched. */
    private static final long MARGIN_NANOS = 50_000_000;

    final List<ActorCell> outside = new ArrayList<>();
    final List<ActorRef<SimpleCell.Command>> inside = new ArrayList<>();
    /** Correlating gears that go, and their actors. */
    final List<SimpleCell.Inside> correlators = new ArrayList<>();

    final List<ActorRef<SimpleCell.Command>> waiting = new ArrayList<>();
    /** Correlating gears that stay, and may have asked by links that go. */
    final Set<SimpleCell.Inside> repliedByLinks = new HashSet<>();

    private final Pipeline pipeline;
    private final BooleanSupplier followed;
    private long emptyAt;

    /** @param followed whether every gear that takes over from one of these has done so */
    Leftovers(Pipeline pipeline, BooleanSupplier followed) {
        this.pipeline = pipeline;
        this.followed = followed;
    }

    /** Whether nothing is under way here, and nothing can come any more. */
    boolean drained() {
        if (emptyAt == 0 && pipeline.inFlight() == 0) {
            emptyAt = pipeline.now() + MARGIN_NANOS;
        }
        return emptyAt != 0 && pipeline.now() >= emptyAt && openExchanges() == 0 && nobodyWaitsForLinks() && idle();
    }

    /** What was asked by a link that goes is answered on it, or not at all. */
    private boolean nobodyWaitsForLinks() {
        return repliedByLinks.stream()
                .mapToLong(SimpleCell.Inside::openSince)
                .allMatch(since -> since == 0 || since > emptyAt);
    }

    /** The same, where nobody waits any longer for answers from outside. */
    boolean idle() {
        return followed.getAsBoolean() && pipeline.closeIfIdle();
    }

    long openExchanges() {
        return correlators.stream().mapToLong(SimpleCell.Inside::openExchanges).sum();
    }

    int inFlight() {
        return pipeline.inFlight();
    }
}
