package io.fluxrig.node;

import io.fluxrig.gear.Draft;
import io.fluxrig.gear.GearError;
import io.fluxrig.gear.Intake;
import io.fluxrig.gear.Intake.SignalClass;
import io.fluxrig.gear.Outcome;
import io.fluxrig.gear.TraceContext;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.FluxMsg;
import io.fluxrig.spec.Spec;
import io.fluxrig.vault.LeafDraft;
import io.fluxrig.vault.LeafKind;
import io.fluxrig.vault.VaultEntry;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The way of signals through one activated scenario: admission, leaves, wires, ends. Has no thread of its own; gears' actors call it
 * from theirs. What one handling leads to is appended in one call, so it is durable together or not at all.
 */
final class Pipeline {
    /**
     * What a pipeline works with. {@code clock} gives unix nanoseconds, {@code ids} fluxIDs; {@code handOver} is null for one without the world.
     */
    record Surroundings(Leaves vault, LongSupplier ids, LongSupplier clock, Tap tap, HandOver handOver) {}

    /** Where leaves go. */
    interface Leaves {
        void append(List<LeafDraft> leaves);
    }

    /** Where branches arrive that are to leave the Rack. */
    interface Border {
        void reached(Branch branch, Wiring.Target target);
    }

    /** What came before: a leaf of this run, or one that the vault already held. */
    sealed interface Cause {
        record Fresh(LeafDraft leaf) implements Cause {}

        record Recorded(long index) implements Cause {}
    }

    private static final Consumer<Intake.End> NOBODY = end -> {};

    private final Bytes scn;
    private final Wiring wiring;
    private final Credits credits;
    private final Leaves vault;
    private final LongSupplier ids;
    private final LongSupplier clock;
    private final Tap tap;
    private final Border border;
    private final HandOver handOver;
    private final Lives lives = new Lives();
    private volatile boolean draining;

    Pipeline(Bytes scn, Wiring wiring, Credits credits, Surroundings surroundings) {
        this(scn, wiring, credits, surroundings, null);
    }

    /** @param border takes what would leave; null for the real one */
    Pipeline(Bytes scn, Wiring wiring, Credits credits, Surroundings surroundings, Border border) {
        this.border = border == null ? this::leave : border;
        this.scn = scn;
        this.wiring = wiring;
        this.credits = credits;
        this.vault = surroundings.vault();
        this.ids = surroundings.ids();
        this.clock = surroundings.clock();
        this.tap = surroundings.tap();
        this.handOver = surroundings.handOver();
    }

    long now() {
        return clock.getAsLong();
    }

    Wiring wiring() {
        return wiring;
    }

    void drain() {
        draining = true;
    }

    /** Signals that have not ended. */
    int inFlight() {
        return lives.count();
    }

    /** Closes for good once nothing lives here any more; true when it is closed. */
    boolean closeIfIdle() {
        return lives.closeIfNone();
    }

    Credits credits() {
        return credits;
    }

    Lives lives() {
        return lives;
    }

    Leaves vault() {
        return vault;
    }

    Tap tap() {
        return tap;
    }

    boolean reachesOtherRacks() {
        return handOver != null;
    }

    /**
     * The door that a gear brings signals in by. A signal enters the pipeline that the gear belongs to at that moment and stays in it to its end; a pipeline that has
     * closed meanwhile has a successor.
     */
    static Intake intakeOf(GearCell gear) {
        return new Intake() {
            @Override
            public Admission offer(
                    String port, SignalClass signalClass, Draft draft, long expiresAt, Consumer<End> ended) {
                return enter(gear, p -> p.admit(gear, port, signalClass, draft, expiresAt, ended));
            }

            @Override
            public Admission answer(String inPort, Draft draft) {
                return enter(gear, p -> p.answerItself(gear, inPort, draft));
            }

            @Override
            public void whenCredit(SignalClass signalClass, Runnable then) {
                gear.pipeline().credits.whenFree(signalClass, then);
            }
        };
    }

    private static Intake.Admission enter(GearCell gear, Function<Pipeline, Intake.Admission> how) {
        while (true) {
            Pipeline here = gear.pipeline();
            if (here.lives.begin()) {
                try {
                    return how.apply(here);
                } catch (RuntimeException fault) {
                    here.lives.end();
                    throw fault;
                }
            }
            if (here == gear.pipeline()) {
                return new Intake.Refused(GearError.DRAINING);
            }
        }
    }

    /**
     * Takes in what another Rack hands over, under the id that it has; a refusal is for now.
     *
     * @param durable told when the leaf of its arrival is durable
     */
    static Intake.Admission arrive(Wiring.Arrival by, Arrived arrived, Consumer<VaultEntry> durable) {
        return enter(by.target().gear(), p -> p.arrived(by, arrived, durable));
    }

    private Intake.Admission arrived(Wiring.Arrival by, Arrived arrived, Consumer<VaultEntry> durable) {
        StorableBody body = StorableBody.of(arrived.msg(), arrived.spec());
        if (draining && arrived.signalClass() != SignalClass.REPLY) {
            lives.end();
            return new Intake.Refused(GearError.DRAINING);
        }
        if (!credits.take(arrived.signalClass())) {
            lives.end();
            return new Intake.Refused(GearError.BUSY);
        }
        long id = arrived.msg().id();
        LiveSignal signal = new LiveSignal(
                this, id, Optional.of(arrived.signalClass()), arrived.expiresAt(), System.nanoTime(), NOBODY);
        enterArrived(by, arrived, body, signal, durable);
        return new Intake.Accepted(id);
    }

    private void enterArrived(
            Wiring.Arrival by, Arrived arrived, StorableBody body, LiveSignal signal, Consumer<VaultEntry> durable) {
        FluxMsg msg = arrived.msg();
        GearCell gear = by.target().gear();
        String wire = by.wire().name();
        LeafDraft leaf = leaf(LeafKind.INGRESS, now(), msg.id(), gear, wire, arrived.spec())
                .message(body.store(msg))
                .note(arrived.note())
                .onDurable(durable)
                .build();
        tap.entered(entered(gear, wire, msg, leaf));
        mayComeBack(signal);
        vault.append(List.of(leaf));
        reach(new Branch(signal, msg, arrived.spec(), leaf, body), by.target());
    }

    /** Another Rack may hand over a signal of this id while a branch of it is still here: that one waits. */
    private void mayComeBack(LiveSignal signal) {
        if (handOver != null) {
            handOver.lives(signal.id());
        }
    }

    void cannotComeBack(LiveSignal signal) {
        if (handOver != null) {
            handOver.over(signal.id());
        }
    }

    void reach(Branch branch, Wiring.Target target) {
        if (target.gear().reachesOutside()) {
            border.reached(branch, target);
        } else {
            target.gear().accept(branch, target.port());
        }
    }

    /** A recorded signal arrives again from another Rack. */
    void arriveAgain(Wiring.Arrival by, Arrived arrived) {
        lives.begin();
        StorableBody body = StorableBody.of(arrived.msg(), arrived.spec());
        enterArrived(by, arrived, body, born(arrived.msg().id(), 0), entry -> {});
    }

    /** The life of the signal has begun already; a refusal takes it back. */
    private Intake.Admission admit(
            GearCell gear,
            String port,
            SignalClass signalClass,
            Draft draft,
            long expiresAt,
            Consumer<Intake.End> ended) {
        if (draining && signalClass != SignalClass.REPLY) {
            return refused(gear, GearError.DRAINING);
        }
        if (!credits.take(signalClass)) {
            return refused(gear, GearError.BUSY);
        }
        try {
            LiveSignal signal = new LiveSignal(
                    this, ids.getAsLong(), Optional.of(signalClass), expiresAt, System.nanoTime(), ended);
            Work work = new Work(this, gear, now());
            work.enter(signal, port, draft, Optional.empty());
            work.commit();
            return new Intake.Accepted(signal.id());
        } catch (FluxException refused) {
            credits.giveBack(signalClass);
            lives.end();
            return new Intake.Refused(refused.code());
        }
    }

    private Intake.Refused refused(GearCell gear, GearError why) {
        lives.end();
        tap.refused(gear.name(), why.code());
        return new Intake.Refused(why);
    }

    /** A signal that lives on its cause's credit. */
    LiveSignal born() {
        return born(ids.getAsLong(), System.nanoTime());
    }

    private LiveSignal born(long id, long enteredNanos) {
        return new LiveSignal(this, id, Optional.empty(), 0, enteredNanos, NOBODY);
    }

    /** A recorded signal enters again: by an out-port from outside, or by an in-port as the gear's own answer. */
    void enterAgain(GearCell gear, String port, Draft draft, boolean ownAnswer) {
        lives.begin();
        if (ownAnswer) {
            answerItself(gear, port, draft);
            return;
        }
        Work work = new Work(this, gear, now());
        work.enter(born(ids.getAsLong(), 0), port, draft, Optional.empty());
        work.commit();
    }

    private Intake.Admission answerItself(GearCell gear, String inPort, Draft draft) {
        long now = now();
        LiveSignal signal = born();
        FluxMsg msg = Messages.born(draft, signal.id(), gear.id(), inPort, now);
        StorableBody body = StorableBody.of(msg, draft.spec());
        LeafDraft leaf = leaf(LeafKind.INGRESS, now, signal.id(), gear, inPort, draft.spec())
                .message(body.store(msg))
                .note(draft.note())
                .build();
        tap.entered(entered(gear, inPort, msg, leaf));
        vault.append(List.of(leaf));
        border.reached(new Branch(signal, msg, draft.spec(), leaf, body), new Wiring.Target(gear, inPort, true));
        return new Intake.Accepted(signal.id());
    }

    /** A gear handled this branch, from {@code at} on. */
    void took(GearCell gear, Branch branch, String port, long at, long nanos) {
        tap.copy(new Fact.Took(
                branch.signal().id(),
                gear.name(),
                port,
                at,
                nanos,
                branch.leaf().place()));
    }

    /** A gear answered: records what it made of the branch, ends or continues it, and starts what was born. */
    void answered(GearCell gear, Branch branch, Outcome outcome, long now) {
        Work work = new Work(this, gear, now);
        try {
            for (Outcome.Birth birth : outcome.births()) {
                work.bear(birth, new Cause.Fresh(branch.leaf()), Optional.empty());
            }
            work.goOn(branch, outcome.way());
        } catch (FluxException refused) {
            // Both calls refuse before they change the signal, so it can still be failed as a whole.
            work = new Work(this, gear, now);
            work.goOn(branch, new Outcome.Failed(refused.code(), refused.what()));
        }
        work.commit();
    }

    /**
     * A gear's timer ran out: {@code cause} is what the gear was handling when it started the timer. The pipeline cannot close while the gear thinks, for by then
     * it may have let go of what kept it open.
     */
    void timedOut(GearCell gear, String timer, Cause cause, Supplier<Outcome> handling, long now) {
        if (!lives.begin()) {
            return;
        }
        try {
            Outcome outcome = handling.get();
            Work work = new Work(this, gear, now);
            Optional<String> name = Optional.of(timer);
            for (Outcome.Birth birth : outcome.births()) {
                work.bear(birth, cause, name);
                name = Optional.empty();
            }
            work.commit();
        } finally {
            lives.end();
        }
    }

    /**
     * Drives a recorded signal again after a crash.
     *
     * @param redrive its new leaf
     * @param expiresAt unix nanoseconds after which nobody waits for it; 0 for never
     */
    void driveAgain(
            GearCell gear, String port, FluxMsg message, Optional<Spec> spec, LeafDraft redrive, long expiresAt) {
        lives.begin();
        LiveSignal signal = new LiveSignal(this, message.id(), Optional.empty(), expiresAt, System.nanoTime(), NOBODY);
        Branch branch = new Branch(signal, message, spec, redrive, StorableBody.of(message, spec));
        mayComeBack(signal);
        tap.count(Tap.Total.REDRIVEN);
        Optional<Wiring.Arrival> arrival = wiring.arrival(port);
        if (arrival.isPresent()) {
            vault.append(List.of(redrive));
            reach(branch, arrival.get().target());
            return;
        }
        Work work = new Work(this, gear, now());
        work.again(redrive, port, branch);
        work.commit();
    }

    /** Sends a branch out by a gear that reaches outside: on the guaranteed lane not before its leaf is durable. */
    private void leave(Branch branch, Wiring.Target target) {
        GearCell gear = target.gear();
        long now = now();
        if (branch.signal().expired(now)) {
            answered(gear, branch, Outcome.fail(GearError.EXPIRED, "older than its sender waits"), now);
            return;
        }
        if (!gear.ready()) {
            answered(gear, branch, Outcome.fail(GearError.LINK_DOWN, "the link of '" + gear.name() + "' is down"), now);
            return;
        }
        if (!target.guaranteed()) {
            departed(branch, target);
            return;
        }
        Release release = new Release(branch, target);
        LeafDraft leaf =
                egress(branch, target, now).onDurable(release::whenDurable).build();
        release.leaf = leaf;
        tap.copy(new Fact.Left(branch.signal().id(), gear.name(), now, leaf.place()));
        vault.append(List.of(leaf));
    }

    /** Records a branch as leaving and hands it to its gear at once. */
    void departed(Branch branch, Wiring.Target target) {
        LeafDraft leaf = egress(branch, target, now()).build();
        tap.copy(new Fact.Left(branch.signal().id(), target.gear().name(), leaf.at(), leaf.place()));
        vault.append(List.of(leaf));
        target.gear()
                .accept(
                        new Branch(branch.signal(), branch.msg(), branch.spec(), leaf, branch.storable()),
                        target.port());
    }

    /**
     * A branch of this signal waits on a wire to another Rack: the wire's bound holds it now, no credit, and a pipeline that is replaced does not wait for it.
     */
    void parked(LiveSignal signal) {
        if (signal.leavesPipeline()) {
            signal.credit().ifPresent(credits::giveBack);
            lives.end();
        }
    }

    /**
     * Another Rack has taken a branch that waited on the wire {@code end}, or never will.
     *
     * @param leaving the leaf that recorded it
     * @param recorded run when the end of the signal is durable, or at once where other branches go on
     */
    void leftWire(GearCell end, LiveSignal signal, Cause leaving, Optional<Outcome.Failed> failure, Runnable recorded) {
        Work work = new Work(this, end, now());
        work.leaveWire(signal, leaving, failure, recorded);
        work.commit();
    }

    /** Records a branch as handed over; {@code note} tells to whom. */
    LeafDraft.Builder crossing(Branch branch, Wiring.Target target, long now, FluxMap note) {
        mayComeBack(branch.signal());
        return egress(branch, target, now).note(note);
    }

    /** The same, for one without the world: it waits for what came of it. */
    void crossed(Branch branch, Wiring.Target target, FluxMap note) {
        LeafDraft leaf = crossing(branch, target, now(), note).build();
        vault.append(List.of(leaf));
        target.gear()
                .accept(
                        new Branch(branch.signal(), branch.msg(), branch.spec(), leaf, branch.storable()),
                        target.port());
    }

    static Fact.Entered entered(GearCell gear, String port, FluxMsg msg, LeafDraft leaf) {
        return new Fact.Entered(
                msg.id(),
                msg.refId(),
                msg.trace(),
                msg.meta().getOrDefault(TraceContext.TRACEPARENT, ""),
                gear.name(),
                port,
                leaf.at(),
                leaf.place());
    }

    private LeafDraft.Builder egress(Branch branch, Wiring.Target target, long now) {
        return leaf(LeafKind.EGRESS, now, branch.signal().id(), target.gear(), target.port(), branch.spec())
                .cause(branch.leaf())
                .message(branch.storable().store(branch.msg()));
    }

    /** Holds a branch until the proof that its egress leaf is durable. */
    private static final class Release {
        private final Branch branch;
        private final Wiring.Target target;
        private LeafDraft leaf;

        Release(Branch branch, Wiring.Target target) {
            this.branch = branch;
            this.target = target;
        }

        void whenDurable(VaultEntry proof) {
            Branch leaving = new Branch(branch.signal(), branch.msg(), branch.spec(), leaf, branch.storable());
            target.gear().accept(leaving, target.port());
        }
    }

    LeafDraft.Builder leaf(LeafKind kind, long at, long id, GearCell gear, String port, Optional<Spec> spec) {
        LeafDraft.Builder builder =
                LeafDraft.of(kind, at).id(id).gear(gear.id(), port).scn(scn);
        spec.ifPresent(s -> builder.spec(s.sha256()));
        return builder;
    }
}
