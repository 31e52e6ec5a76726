package io.fluxrig.node;

import io.fluxrig.scenario.VerifiedScenario;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxEntityId;
import io.fluxrig.signal.FluxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * One change of scenario on a running Rack: new gears beside the old, then open sockets pass over, then the wires switch. Until the last step whatever ran goes
 * on, and {@link #abandon} leaves no trace of the rest.
 */
final class Swap {
    private static final Duration LINK_PATIENCE = Duration.ofSeconds(5);

    private final Activation next;
    private final Bringing bringing;
    private final Consumer<Report> told;
    private final List<ActorCell> started = new ArrayList<>();
    private final long since = System.nanoTime();

    /**
     * What is brought up.
     *
     * @param scenario the proof that it was verified
     * @param file names the artifact's bytes in the store
     * @param ids entity ids of its gears by name
     * @param trial how long it is watched before it counts as running; empty for not at all
     */
    record Bringing(
            VerifiedScenario scenario, Bytes file, Function<String, FluxEntityId> ids, Optional<Duration> trial) {
        Bringing withoutTrial() {
            return new Bringing(scenario, file, ids, Optional.empty());
        }
    }

    Swap(Activation next, Bringing bringing, Consumer<Report> told) {
        this.next = next;
        this.bringing = bringing;
        this.told = told;
    }

    Activation next() {
        return next;
    }

    Bringing bringing() {
        return bringing;
    }

    void tell(Report report) {
        told.accept(report);
    }

    /** Gears inside and new links; nothing comes to them yet. */
    void startBeside(ActorContext<?> context) {
        next.startSimple(context);
        next.startOutside(context, false, started);
    }

    /** @throws FluxException LINK_NOT_UP where a link that replaces one that is up has not come up in time */
    boolean isReady() {
        List<String> missing = next.notReadyYet().stream().filter(this::isLink).toList();
        if (!missing.isEmpty() && System.nanoTime() - since > LINK_PATIENCE.toNanos()) {
            throw new FluxException(
                    NodeError.LINK_NOT_UP,
                    "'" + missing.getFirst() + "' is up as it runs, and not as it would run, after "
                            + LINK_PATIENCE.toSeconds() + " s");
        }
        return missing.isEmpty();
    }

    /** Listeners come up by taking over, after this. */
    private boolean isLink(String gear) {
        return started.stream().anyMatch(cell -> cell.name().equals(gear));
    }

    /** What listens takes over open ports; from here on signals may enter the new pipeline, which stands. */
    void takeSockets(ActorContext<?> context) {
        next.startOutside(context, true, started);
    }

    /** The gears that were started here and reach outside. */
    List<ActorCell> started() {
        return started;
    }
}
