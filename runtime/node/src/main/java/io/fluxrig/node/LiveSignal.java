package io.fluxrig.node;

import io.fluxrig.gear.Intake;
import io.fluxrig.gear.Intake.SignalClass;
import io.fluxrig.gear.Outcome;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * A signal inside the Rack: counts its branches, so that it ends exactly once. One of which every branch that is left waits on a wire to another Rack has left its
 * pipeline and gives its credit back: the wire's own bound holds it.
 */
final class LiveSignal {
    private final Pipeline pipeline;
    private final long id;
    private final Optional<SignalClass> credit;
    private final long expiresAt;
    private final long enteredNanos;
    private final Consumer<Intake.End> ended;
    private final AtomicInteger branches = new AtomicInteger(1);
    private final AtomicInteger inside = new AtomicInteger(1);
    private final AtomicReference<Outcome.Failed> failure = new AtomicReference<>();
    private volatile boolean sent;
    private volatile boolean handedOver;

    /** @param credit what it lives on; empty for a signal born inside, which lives on its cause's credit */
    LiveSignal(
            Pipeline pipeline,
            long id,
            Optional<SignalClass> credit,
            long expiresAt,
            long enteredNanos,
            Consumer<Intake.End> ended) {
        this.pipeline = pipeline;
        this.id = id;
        this.credit = credit;
        this.expiresAt = expiresAt;
        this.enteredNanos = enteredNanos;
        this.ended = ended;
    }

    /** In which it entered, and in which it ends. */
    Pipeline pipeline() {
        return pipeline;
    }

    long id() {
        return id;
    }

    Optional<SignalClass> credit() {
        return credit;
    }

    /** Unix nanoseconds after which nobody waits for it; 0 for never. */
    long expiresAt() {
        return expiresAt;
    }

    /** {@link System#nanoTime} at entry. */
    long enteredNanos() {
        return enteredNanos;
    }

    boolean expired(long now) {
        return expiresAt != 0 && now > expiresAt;
    }

    /** Whether nobody else can end or branch it now. */
    boolean hasOneBranch() {
        return branches.get() == 1;
    }

    void branchInto(int more) {
        inside.addAndGet(more);
        branches.addAndGet(more);
    }

    void failed(Outcome.Failed why) {
        failure.compareAndSet(null, why);
    }

    void sent() {
        sent = true;
    }

    void handedOver() {
        handedOver = true;
    }

    /** One branch is not inside any more, for it ends or waits on a wire to another Rack; true where it was the last one inside. */
    boolean leavesPipeline() {
        return inside.decrementAndGet() == 0;
    }

    /** Ends one branch; the end of the signal if it was the last. */
    Optional<Intake.End> endBranch() {
        if (branches.decrementAndGet() > 0) {
            return Optional.empty();
        }
        Outcome.Failed why = failure.get();
        if (why != null) {
            return Optional.of(new Intake.Failure(why.code(), why.reason()));
        }
        return Optional.of(sent ? Intake.Done.SENT : handedOver ? Intake.Done.HANDED_OVER : Intake.Done.CONSUMED);
    }

    /** Its end is on its way into the vault. */
    void tell(Intake.End end) {
        ended.accept(end);
    }
}
