package io.fluxrig.node;

import io.fluxrig.gear.Gear;
import io.fluxrig.gear.GearContext;
import io.fluxrig.gear.GearError;
import io.fluxrig.gear.Outcome;
import io.fluxrig.gear.Recollection;
import io.fluxrig.gear.Signal;
import io.fluxrig.node.Pipeline.Cause;
import io.fluxrig.signal.FluxId;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * The actor around a gear in its simple form, and around those that follow it under the same name: signals that are under way are handled by the gear of
 * their own pipeline, timers by the newest. Its mailbox is bounded by the pipeline's credits. A gear that throws {@value #MAX_CRASHES} times in a row
 * is stopped: from then on its signals fail with a reason.
 */
final class SimpleCell extends AbstractBehavior<SimpleCell.Command> {
    static final int MAX_CRASHES = 10;
    static final int MAX_TIMERS = 100_000;

    sealed interface Command {}

    /** One gear of this name: where it stands, and what it does. */
    static final class Inside {
        private final GearCell cell;
        private final Gear gear;
        private int crashesInARow;
        /** Shared by gears that follow one another, as what they count is. */
        private final Map<String, Long> gauges;

        private volatile boolean inCharge;

        Inside(GearCell cell, Gear gear) {
            this(cell, gear, new ConcurrentHashMap<>());
        }

        private Inside(GearCell cell, Gear gear, Map<String, Long> gauges) {
            this.cell = cell;
            this.gear = gear;
            this.gauges = gauges;
        }

        /** A gear that follows this one. */
        Inside followedBy(GearCell its, Gear next) {
            return new Inside(its, next, gauges);
        }

        /** Whether the actor has handed its timers over to this one. */
        boolean inCharge() {
            return inCharge;
        }

        /** Exchanges that it holds open, by its gauges named {@code open} or {@code open.<route>}. */
        long openExchanges() {
            return gauges.entrySet().stream()
                    .filter(e -> e.getKey().equals("open") || e.getKey().startsWith("open."))
                    .mapToLong(Map.Entry::getValue)
                    .sum();
        }

        /** Unix nanoseconds since when its oldest exchange is open, by its gauge {@code open-since}; 0 for none. */
        long openSince() {
            return openExchanges() == 0 ? 0 : gauges.getOrDefault("open-since", 1L);
        }

        Gear gear() {
            return gear;
        }
    }

    record Handle(Inside inside, Branch branch, String port) implements Command {}

    /** Timers are handled by this gear from now on. */
    record Follow(Inside inside) implements Command {}

    /** Oldest first; {@code done} completes when the gear knows its past. */
    record Recall(List<Recalled> past, CompletableFuture<Void> done) implements Command {}

    record Recalled(Recollection recollection, long leaf) {}

    /** Everything that waits has waited long enough: every timer runs out now. */
    enum GiveUp implements Command {
        INSTANCE
    }

    private record TimerRanOut(String name) implements Command {}

    private final Tap tap;
    private final TimerScheduler<Command> timers;
    private final Map<String, Cause> timerCauses = new HashMap<>();
    private Inside newest;

    private SimpleCell(ActorContext<Command> context, TimerScheduler<Command> timers, Inside first, Tap tap) {
        super(context);
        this.timers = timers;
        this.newest = first;
        this.tap = tap;
    }

    static Behavior<Command> create(Inside first, Tap tap) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> new SimpleCell(context, timers, first, tap)));
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
            case GiveUp now -> giveUp();
            case Follow follow -> {
                newest = follow.inside();
                newest.inCharge = true;
            }
        }
        return this;
    }

    private void handle(Handle handle) {
        Branch branch = handle.branch();
        Pipeline pipeline = branch.signal().pipeline();
        long now = pipeline.now();
        pipeline.answered(handle.inside().cell, branch, outcomeOf(handle.inside(), branch, handle.port(), now), now);
    }

    private Outcome outcomeOf(Inside inside, Branch branch, String port, long now) {
        String name = inside.cell.name();
        if (inside.crashesInARow >= MAX_CRASHES) {
            return Outcome.fail(GearError.GEAR_STOPPED, "'" + name + "' kept failing");
        }
        long started = System.nanoTime();
        try {
            Outcome outcome = inside.gear.handle(
                    new Signal(branch.msg(), port, branch.spec()),
                    new Context(inside, new Cause.Fresh(branch.leaf()), now));
            inside.crashesInARow = 0;
            return outcome;
        } catch (RuntimeException crash) {
            return crashed(inside, crash, branch.signal().id());
        } finally {
            branch.signal().pipeline().took(inside.cell, branch, port, now, System.nanoTime() - started);
        }
    }

    /** The exception's text may hold a payload, so only its type is told. */
    private Outcome crashed(Inside inside, RuntimeException crash, long id) {
        String name = inside.cell.name();
        inside.crashesInARow++;
        tap.crashed(name);
        getContext()
                .getLog()
                .atError()
                .addKeyValue("id", id == 0 ? "" : FluxId.text(id))
                .log("gear '{}' threw {}", name, where(crash));
        if (inside.crashesInARow == MAX_CRASHES) {
            inside.cell.ready(false);
            getContext().getLog().error("gear '{}' is stopped: it failed {} times in a row", name, MAX_CRASHES);
        }
        return Outcome.fail(GearError.CRASHED, where(crash));
    }

    static String where(RuntimeException crash) {
        String place = crash.getStackTrace().length == 0 ? "" : " at " + crash.getStackTrace()[0];
        return crash.getClass().getSimpleName() + place;
    }

    private void timerRanOut(String name) {
        Cause cause = timerCauses.remove(name);
        Inside inside = newest;
        if (cause == null || inside.crashesInARow >= MAX_CRASHES) {
            return;
        }
        Pipeline pipeline = inside.cell.pipeline();
        long now = pipeline.now();
        try {
            pipeline.timedOut(
                    inside.cell, name, cause, () -> inside.gear.onTimer(name, new Context(inside, cause, now)), now);
        } catch (RuntimeException crash) {
            crashed(inside, crash, 0);
        }
    }

    private void giveUp() {
        for (String name : List.copyOf(timerCauses.keySet())) {
            timers.cancel(name);
            timerRanOut(name);
        }
    }

    private void recall(Recall recall) {
        long now = newest.cell.pipeline().now();
        try {
            for (Recalled past : recall.past()) {
                newest.gear.recall(past.recollection(), new Context(newest, new Cause.Recorded(past.leaf()), now));
            }
            recall.done().complete(null);
        } catch (RuntimeException crash) {
            recall.done().completeExceptionally(crash);
        }
    }

    /** What the gear may ask for while it handles one thing. */
    private final class Context implements GearContext {
        private final Inside inside;
        private final Cause cause;
        private final long now;

        Context(Inside inside, Cause cause, long now) {
            this.inside = inside;
            this.cause = cause;
            this.now = now;
        }

        @Override
        public long now() {
            return now;
        }

        @Override
        public void startTimer(String timer, Duration after) {
            if (timerCauses.size() >= MAX_TIMERS && !timerCauses.containsKey(timer)) {
                throw new IllegalStateException("more than " + MAX_TIMERS + " timers");
            }
            timerCauses.put(timer, cause);
            timers.startSingleTimer(timer, new TimerRanOut(timer), after);
        }

        @Override
        public void cancelTimer(String timer) {
            timerCauses.remove(timer);
            timers.cancel(timer);
        }

        @Override
        public void count(String counter) {
            tap.gearCounted(inside.cell.name(), counter);
        }

        @Override
        public void gauge(String what, long value) {
            inside.gauges.put(what, value);
            tap.gearGauge(inside.cell.name(), what, value);
        }
    }
}
