package io.fluxrig.node;

import io.fluxrig.gear.GearError;
import io.fluxrig.gear.Intake.SignalClass;
import io.fluxrig.gear.Outcome;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.Value;
import io.fluxrig.spec.Spec;
import io.fluxrig.vault.LeafDraft;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** A wire to another Rack, as pipelines and operators see it. Safe for use from any thread. */
final class FarEnd {
    /** Keys in the note of an {@code egress} leaf: to which Rack, in which class, and until when somebody waits. */
    static final String TO = "to";

    static final String CLASS = "class";
    static final String EXPIRES = "expires";

    /** How the two ends stand. */
    enum State {
        /** The other Rack is not to be seen. */
        AWAY,
        GREETING,
        /** It does not take anything for now; its reason is told beside. */
        REFUSED,
        OPEN
    }

    private final String wire;
    private final String rack;
    private volatile int limit;
    private final AtomicInteger backlog = new AtomicInteger();
    private final AtomicLong handedOver = new AtomicLong();
    private volatile Consumer<Parcel> sender = parcel -> {};
    private volatile State state = State.AWAY;
    private volatile String why = "";
    private volatile long oldestAt;

    /** @param limit how many signals may wait on it */
    FarEnd(String wire, String rack, int limit) {
        this.wire = wire;
        this.rack = rack;
        this.limit = limit;
    }

    void limit(int now) {
        limit = now;
    }

    String wire() {
        return wire;
    }

    String rack() {
        return rack;
    }

    void servedBy(Consumer<Parcel> its) {
        sender = its;
    }

    /**
     * Puts the leaf of a branch that leaves by this wire into {@code unit}, or nothing where it may not leave.
     *
     * @return to be run when the unit has been appended
     */
    Runnable take(Branch branch, Wiring.Target target, long now, List<LeafDraft> unit) {
        LiveSignal signal = branch.signal();
        Pipeline pipeline = signal.pipeline();
        if (signal.expired(now)) {
            return () -> pipeline.answered(target.gear(), branch, expired(), now);
        }
        if (!enters()) {
            return () -> pipeline.answered(target.gear(), branch, full(), now);
        }
        SignalClass signalClass = signal.credit().orElse(SignalClass.REPLY);
        boolean whole = branch.storable().red().isEmpty();
        LeafDraft leaf = pipeline.crossing(branch, target, now, note(signalClass, signal.expiresAt()))
                .onDurable(proof -> {
                    var record = new Parcel.Record(proof.index(), now, signal.expiresAt(), signalClass, whole);
                    durable(branch, target.gear(), record);
                })
                .build();
        unit.add(leaf);
        return () -> {};
    }

    private FluxMap note(SignalClass signalClass, long expiresAt) {
        FluxMap note =
                FluxMap.EMPTY.with(TO, rack).with(CLASS, signalClass.name().toLowerCase(Locale.ROOT));
        return expiresAt == 0 ? note : note.with(EXPIRES, Value.of(expiresAt));
    }

    /** Nothing goes to the other Rack before this. What waits for its end holds nothing of the message: the vault has it. */
    private void durable(Branch branch, GearCell end, Parcel.Record record) {
        LiveSignal signal = branch.signal();
        Pipeline pipeline = signal.pipeline();
        Bytes spec = branch.spec().map(Spec::sha256).orElse(Bytes.EMPTY);
        Parcel parcel = Parcel.live(record, spec, Bytes.wrap(branch.msg().encode()), (failure, recorded) -> {
            left(failure.isEmpty());
            pipeline.leftWire(end, signal, new Pipeline.Cause.Recorded(record.n()), failure, recorded);
        });
        pipeline.parked(signal);
        sender.accept(parcel);
    }

    private static Outcome expired() {
        return Outcome.fail(GearError.EXPIRED, "older than its sender waits");
    }

    private Outcome full() {
        return Outcome.fail(
                NodeError.WIRE_FULL, limit + " signals wait on the wire " + wire + " for " + rack + " already");
    }

    /** False where the wire is full. */
    private boolean enters() {
        if (backlog.incrementAndGet() > limit) {
            backlog.decrementAndGet();
            return false;
        }
        return true;
    }

    /** One that waited before this process was started. */
    void wasThere() {
        backlog.incrementAndGet();
    }

    void goesOn(Parcel parcel) {
        sender.accept(parcel);
    }

    void left(boolean taken) {
        backlog.decrementAndGet();
        if (taken) {
            handedOver.incrementAndGet();
        }
    }

    void is(State now, String reason) {
        why = reason;
        state = now;
    }

    void oldest(long at) {
        oldestAt = at;
    }

    State state() {
        return state;
    }

    /** Why it takes nothing; empty where it does. */
    String why() {
        return why;
    }

    /** Signals that the other Rack has not taken yet. */
    int backlog() {
        return backlog.get();
    }

    /** When the oldest of them was recorded, unix nanoseconds; 0 where there is none. */
    long oldestAt() {
        return backlog.get() == 0 ? 0 : oldestAt;
    }

    /** Signals that the other Rack has taken since the start. */
    long handedOver() {
        return handedOver.get();
    }
}
