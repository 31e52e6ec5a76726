package io.fluxrig.node;

import io.fluxrig.gear.Gear;
import io.fluxrig.gear.GearContext;
import io.fluxrig.gear.GearError;
import io.fluxrig.gear.Outcome;
import io.fluxrig.gear.Recollection;
import io.fluxrig.gear.Signal;
import io.fluxrig.node.Pipeline.Cause;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * The actor around a gear in its simple form. Its mailbox is bounded by the pipeline's credits. A gear that throws {@value #MAX_CRASHES} times in a row
 * is stopped: from then on its signals fail with a reason.
 */
final class SimpleCell extends AbstractBehavior<SimpleCell.Command> {
    static final int MAX_CRASHES = 10;
    static final int MAX_TIMERS = 100_000;

    sealed interface Command {}

    record Handle(Branch branch, String port) implements Command {}

    /** Oldest first; {@code done} completes when the gear knows its past. */
    record Recall(List<Recalled> past, CompletableFuture<Void> done) implements Command {}

    record Recalled(Recollection recollection, long leaf) {}

    private record TimerRanOut(String name) implements Command {}

    private final Pipeline pipeline;
    private final GearCell cell;
    private final Gear gear;
    private final Tap tap;
    private final TimerScheduler<Command> timers;
    private final Map<String, Cause> timerCauses = new HashMap<>();
    private int crashesInARow;

    private SimpleCell(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Pipeline pipeline,
            GearCell cell,
            Gear gear,
            Tap tap) {
        super(context);
        this.timers = timers;
        this.pipeline = pipeline;
        this.cell = cell;
        this.gear = gear;
        this.tap = tap;
    }

    static Behavior<Command> create(Pipeline pipeline, GearCell cell, Gear gear, Tap tap) {
        return Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new SimpleCell(context, timers, pipeline, cell, gear, tap)));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder().onAnyMessage(this::on).build();
    }

    private Behavior<Command> on(Command command) {
        switch (command) {
            case Handle handle -> handle(handle);
            case TimerRanOut timer -> timerRanOut(timer.name());
            case Recall recall -> recall(recall);
        }
        return this;
    }

    private void handle(Handle handle) {
        long now = pipeline.now();
        Branch branch = handle.branch();
        pipeline.answered(cell, branch, outcomeOf(branch, handle.port(), now), now);
    }

    private Outcome outcomeOf(Branch branch, String port, long now) {
        if (crashesInARow >= MAX_CRASHES) {
            return Outcome.fail(GearError.GEAR_STOPPED, "'" + cell.name() + "' kept failing");
        }
        long started = System.nanoTime();
        try {
            Outcome outcome = gear.handle(
                    new Signal(branch.msg(), port, branch.spec()), new Context(new Cause.Fresh(branch.leaf()), now));
            crashesInARow = 0;
            return outcome;
        } catch (RuntimeException crash) {
            return crashed(crash);
        } finally {
            tap.gearTook(cell.name(), System.nanoTime() - started);
        }
    }

    /** The exception's text may hold a payload, so only its type is told. */
    private Outcome crashed(RuntimeException crash) {
        crashesInARow++;
        tap.crashed(cell.name());
        getContext().getLog().error("gear '{}' threw {}", cell.name(), where(crash));
        if (crashesInARow == MAX_CRASHES) {
            cell.ready(false);
            getContext().getLog().error("gear '{}' is stopped: it failed {} times in a row", cell.name(), MAX_CRASHES);
        }
        return Outcome.fail(GearError.CRASHED, where(crash));
    }

    static String where(RuntimeException crash) {
        String place = crash.getStackTrace().length == 0 ? "" : " at " + crash.getStackTrace()[0];
        return crash.getClass().getSimpleName() + place;
    }

    private void timerRanOut(String name) {
        Cause cause = timerCauses.remove(name);
        if (cause == null || crashesInARow >= MAX_CRASHES) {
            return;
        }
        long now = pipeline.now();
        try {
            pipeline.timedOut(cell, name, cause, gear.onTimer(name, new Context(cause, now)), now);
        } catch (RuntimeException crash) {
            crashed(crash);
        }
    }

    private void recall(Recall recall) {
        try {
            for (Recalled past : recall.past()) {
                gear.recall(past.recollection(), new Context(new Cause.Recorded(past.leaf()), pipeline.now()));
            }
            recall.done().complete(null);
        } catch (RuntimeException crash) {
            recall.done().completeExceptionally(crash);
        }
    }

    /** What the gear may ask for while it handles one thing. */
    private final class Context implements GearContext {
        private final Cause cause;
        private final long now;

        Context(Cause cause, long now) {
            this.cause = cause;
            this.now = now;
        }

        @Override
        public long now() {
            return now;
        }

        @Override
        public void startTimer(String name, Duration after) {
            if (timerCauses.size() >= MAX_TIMERS && !timerCauses.containsKey(name)) {
                throw new IllegalStateException("more than " + MAX_TIMERS + " timers");
            }
            timerCauses.put(name, cause);
            timers.startSingleTimer(name, new TimerRanOut(name), after);
        }

        @Override
        public void cancelTimer(String name) {
            timerCauses.remove(name);
            timers.cancel(name);
        }

        @Override
        public void count(String counter) {
            tap.gearCounted(cell.name(), counter);
        }

        @Override
        public void gauge(String name, long value) {
            tap.gearGauge(cell.name(), name, value);
        }
    }
}
