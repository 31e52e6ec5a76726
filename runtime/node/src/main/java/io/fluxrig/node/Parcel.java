package io.fluxrig.node;

import io.fluxrig.gear.Intake.SignalClass;
import io.fluxrig.gear.Outcome;
import io.fluxrig.signal.Bytes;
import java.util.Optional;

/** A signal on a wire to another Rack, from the moment when its leaf is durable. Belongs to the wire's sender. */
final class Parcel {
    /** What becomes of it: taken, or failed. Called once. */
    interface Ending {
        /** @param recorded to be run when what comes of it is durable, or nothing is recorded of it by itself */
        void end(Optional<Outcome.Failed> failure, Runnable recorded);
    }

    /**
     * What its egress leaf tells.
     *
     * @param n index of the leaf
     * @param at its time, unix nanoseconds
     * @param expiresAt unix nanoseconds, 0 for never
     * @param whole whether the message was stored with nothing taken out
     */
    record Record(long n, long at, long expiresAt, SignalClass signalClass, boolean whole) {}

    private final Record record;
    private final Ending ending;
    private WireTalk.Hand hand;
    private boolean maybeThere;

    private Parcel(Record record, Ending ending, WireTalk.Hand hand, boolean maybeThere) {
        this.record = record;
        this.ending = ending;
        this.hand = hand;
        this.maybeThere = maybeThere;
    }

    static Parcel live(Record record, Bytes spec, Bytes msg, Ending ending) {
        return new Parcel(record, ending, handOf(record, spec, msg), false);
    }

    /** One that a run before this one left: whether it arrived, only the receiver knows. */
    static Parcel left(Record record, Ending ending) {
        return new Parcel(record, ending, null, true);
    }

    private static WireTalk.Hand handOf(Record record, Bytes spec, Bytes msg) {
        return new WireTalk.Hand(record.n(), record.signalClass(), record.expiresAt(), spec, msg);
    }

    Record record() {
        return record;
    }

    long leaf() {
        return record.n();
    }

    /** What is sent; empty where it has to be read from the vault first. */
    Optional<WireTalk.Hand> hand() {
        return Optional.ofNullable(hand);
    }

    int bytes() {
        return hand == null ? 0 : hand.msg().length();
    }

    void read(Bytes spec, Bytes msg) {
        hand = handOf(record, spec, msg);
    }

    /** Gives its memory back where the vault holds everything of it. */
    void rest() {
        if (record.whole()) {
            hand = null;
        }
    }

    /** Whether it may have arrived: then nobody but the receiver can say that it did not. */
    boolean maybeThere() {
        return maybeThere;
    }

    void maybeThere(boolean now) {
        maybeThere = now;
    }

    boolean expired(long now) {
        return record.expiresAt() != 0 && now > record.expiresAt();
    }

    void taken() {
        ending.end(Optional.empty(), () -> {});
    }

    /** @param recorded run when that is durable */
    void failed(Outcome.Failed why, Runnable recorded) {
        ending.end(Optional.of(why), recorded);
    }
}
