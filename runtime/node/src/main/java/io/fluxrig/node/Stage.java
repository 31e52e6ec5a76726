package io.fluxrig.node;

import io.fluxrig.gear.GearTypes;
import io.fluxrig.scenario.Scenario;
import io.fluxrig.scenario.SwapPlan;
import io.fluxrig.scenario.VerifiedScenario;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * What a Rack runs: one activation, perhaps another that is about to take its place, and those that drain. Belongs to the Rack's actor and is used by it alone.
 */
final class Stage {
    private static final int MAX_DRAINING = 64;

    /** What the Rack does for the stage. */
    interface Owner {
        /** Before the wires switch. */
        void activated(VerifiedScenario scenario);

        /** After the wires have switched. */
        void runs(Activation activation);

        /** It is what a restart brings back from now on; {@code then} runs once that is durable, on a thread of its own. */
        void stays(Swap.Bringing what, Runnable then);

        void refused(Bytes identity, FluxException why);
    }

    private final ActorContext<?> context;
    private final RackSettings settings;
    private final RackBoard board;
    private final Pipeline.Surroundings surroundings;
    private final Owner rack;
    private final Heirlooms heirlooms = new Heirlooms();
    private final Map<ActorRef<?>, ActorCell> outside = new HashMap<>();
    private final Deque<Retirement> retiring = new ArrayDeque<>();
    private Activation running;
    private Swap.Bringing bringing;
    private Swap swap;
    /** The change that is being watched, and what is brought back if it fails. */
    private Watched watched;

    private record Watched(Swap swap, Trial trial, Swap.Bringing back, Duration pause) {}

    Stage(
            ActorContext<?> context,
            RackSettings settings,
            RackBoard board,
            Pipeline.Surroundings surroundings,
            Owner rack) {
        this.context = context;
        this.settings = settings;
        this.board = board;
        this.surroundings = surroundings;
        this.rack = rack;
    }

    Optional<Activation> running() {
        return Optional.ofNullable(running);
    }

    private Activation.RackPlace place() {
        return new Activation.RackPlace(settings.name(), settings.labels());
    }

    private VerifiedScenario.Prepared prepare(VerifiedScenario scenario) {
        return scenario.prepare(settings.data().blobs(), settings.types(), settings.jars());
    }

    /** The first activation after a start; nothing is started yet. */
    Activation first(Swap.Bringing what) {
        return Activation.of(what.scenario(), prepare(what.scenario()), place(), what.ids(), surroundings, heirlooms);
    }

    void open(Activation first, Swap.Bringing what) {
        watch(first.startOutside(context));
        first.takeOver();
        running = first;
        bringing = what;
        rack.activated(first.scenario());
        rack.runs(first);
        rack.stays(what, () -> {});
    }

    SwapPlan plan(Scenario next) {
        return SwapPlan.of(running.scenario().scenario(), next, allTypes(), settings.name(), settings.labels());
    }

    private GearTypes allTypes() {
        return settings.types().and(settings.jars().types());
    }

    /** Whether another change may begin now. */
    void requireRoom() {
        if (swap != null || watched != null) {
            throw new FluxException(NodeError.SWAP_UNDER_WAY, "another change has begun and not ended");
        }
        if (retiring.size() >= MAX_DRAINING) {
            throw new FluxException(NodeError.SWAP_UNDER_WAY, MAX_DRAINING + " changes are still draining");
        }
    }

    /** Brings {@code next} up beside what runs; {@link #look} does the rest. */
    void begin(Swap.Bringing next, Consumer<Report> told) {
        VerifiedScenario scenario = next.scenario();
        try {
            Activation activation = Activation.after(
                    running, plan(scenario.scenario()), scenario, prepare(scenario), place(), next.ids(), surroundings);
            swap = new Swap(activation, next, told);
            swap.startBeside(context);
            watch(swap.started());
            SwapStep.STARTED_BESIDE.reached();
        } catch (RuntimeException problem) {
            if (swap == null) {
                FluxException why = NodeError.SWAP_FAILED.from(problem);
                rack.refused(scenario.identity(), why);
                told.accept(new Report.Refused(why));
            } else {
                abandon(problem);
            }
        }
        look();
    }

    /** Goes on with whatever waits; true while something does. */
    boolean look() {
        if (swap != null) {
            try {
                if (swap.isReady()) {
                    switchOver();
                }
            } catch (RuntimeException problem) {
                abandon(problem);
            }
        }
        if (watched != null && swap == null) {
            lookAtTrial();
        }
        // In order: what one change leaves behind may still serve signals that entered before the change before it.
        while (!retiring.isEmpty() && retiring.peek().isGone(settings.clock().instant())) {
            Retirement gone = retiring.poll();
            forgetAllBut(running.gearNames(), gone.names());
            if (!gone.names().isEmpty()) {
                SwapStep.DRAINED.reached();
            }
        }
        board.draining(retiring.size());
        return swap != null || watched != null || !retiring.isEmpty();
    }

    private void lookAtTrial() {
        Watched now = watched;
        boolean over = now.trial().isOver();
        Optional<String> error = now.trial().error(over);
        if (error.isPresent()) {
            watched = null;
            FluxException why = new FluxException(NodeError.TRIAL_FAILED, error.get());
            rack.refused(running.scenario().identity(), why);
            begin(now.back().withoutTrial(), report -> now.swap().tell(new Report.Refused(why)));
        } else if (over) {
            watched = null;
            stays(now.swap(), now.pause());
        }
    }

    private void switchOver() {
        long began = System.nanoTime();
        Trial.Before asItWas = Trial.Before.of(board.tap(), running);
        int linksOnly = swap.started().size();
        swap.takeSockets(context);
        watch(swap.started().subList(linksOnly, swap.started().size()));
        SwapStep.SOCKETS_TAKEN.reached();
        Activation before = running;
        Activation next = swap.next();
        rack.activated(next.scenario());
        SwapStep.RECORDED.reached();
        next.takeOver();
        running = next;
        SwapStep.SWITCHED.reached();
        Swap done = swap;
        swap = null;
        Instant until = settings.clock()
                .instant()
                .plus(before.scenario().scenario().limits().drainTimeout());
        retiring.add(Retirement.draining(before.without(next), before.gearNames(), until, context, board.tap()));
        SwapStep.DRAINING.reached();
        rack.runs(next);
        Swap.Bringing back = bringing;
        bringing = done.bringing();
        Duration pause = Duration.ofNanos(System.nanoTime() - began);
        if (bringing.trial().isPresent()) {
            Trial trial = new Trial(asItWas, next, bringing.trial().get());
            watched = new Watched(done, trial, back, pause);
        } else {
            stays(done, pause);
        }
    }

    /** Nobody is told that it runs before a restart would bring it back. */
    private void stays(Swap done, Duration pause) {
        Report report = new Report.Running(running.scenario().identity(), pause);
        rack.stays(done.bringing(), () -> {
            SwapStep.REMEMBERED.reached();
            done.tell(report);
            SwapStep.TOLD.reached();
        });
    }

    /** Back to what ran: sockets that had passed over go back as their new holders stop. */
    private void abandon(RuntimeException problem) {
        FluxException why = NodeError.SWAP_FAILED.from(problem);
        Swap given = swap;
        swap = null;
        retiring.add(Retirement.atOnce(
                given.next().without(running), settings.clock().instant(), context, board.tap()));
        rack.refused(given.bringing().scenario().identity(), why);
        given.tell(new Report.Refused(why));
    }

    private void forgetAllBut(Set<String> running, Set<String> names) {
        names.stream().filter(name -> !running.contains(name)).forEach(board.tap()::forget);
    }

    private void watch(List<ActorCell> cells) {
        for (ActorCell cell : cells) {
            context.watch(cell.actor());
            outside.put(cell.actor(), cell);
        }
    }

    /** True where the actor was a gear of ours; what it owed an answer fails with a reason. */
    boolean gearStopped(ActorRef<?> actor) {
        ActorCell cell = outside.remove(actor);
        if (cell == null) {
            return false;
        }
        cell.stopped();
        if (running != null && running.runs(cell)) {
            context.getLog().error("gear '{}' has stopped; its signals fail with a reason", cell.name());
        }
        return true;
    }

    private static FluxException stopping() {
        return new FluxException(NodeError.SWAP_UNDER_WAY, "the Rack is stopping");
    }

    /** Takes nothing new any more, and changes to nothing else: what has begun is given up. */
    void drain() {
        if (swap != null) {
            abandon(stopping());
        }
        if (watched != null) {
            Swap given = watched.swap();
            watched = null;
            given.tell(new Report.Refused(stopping()));
        }
        running.drain();
    }

    boolean isIdle() {
        return inFlight() == 0 && openExchanges() == 0;
    }

    /** Signals without an end, in what runs and in what drains. */
    int inFlight() {
        return running.pipeline().inFlight()
                + retiring.stream().mapToInt(Retirement::inFlight).sum();
    }

    /** What waits for replies, in what runs and in what drains. */
    long openExchanges() {
        return running.openExchanges()
                + retiring.stream().mapToLong(Retirement::openExchanges).sum();
    }
}
