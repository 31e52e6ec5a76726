package io.fluxrig.gear;

import io.fluxrig.signal.ErrorCode;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.FluxMsg;
import io.fluxrig.spec.Spec;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a gear made of a signal: how this branch of it goes on, and which new signals were born. Immutable.
 *
 * @param way how this branch goes on
 * @param births new signals that this handling gave rise to, each with an id and a life of its own
 */
public record Outcome(Way way, List<Birth> births) {

    public Outcome {
        Objects.requireNonNull(way);
        births = List.copyOf(births);
    }

    /** How a branch of a signal goes on. */
    public sealed interface Way {}

    /** Goes on by these ports; a port without a wire ends that branch as consumed. */
    public record Emitted(List<Emission> emissions) implements Way {
        public Emitted {
            emissions = List.copyOf(emissions);
        }
    }

    /** Ends here, as intended. */
    public enum Consumed implements Way {
        INSTANCE
    }

    /** Was written to the outside. */
    public enum Sent implements Way {
        INSTANCE
    }

    /** Goes out by the {@code error} port where that is wired, and ends as failed otherwise. {@code reason} holds no payload. */
    public record Failed(ErrorCode code, String reason) implements Way {}

    /**
     * @param spec the spec that {@code msg.raw()} follows; empty keeps the one that it came with
     * @param note what is recorded beside the message, never a value of it
     */
    public record Emission(String port, FluxMsg msg, Optional<Spec> spec, FluxMap note) {
        public Emission(String port, FluxMsg msg, Optional<Spec> spec) {
            this(port, msg, spec, FluxMap.EMPTY);
        }
    }

    /** A new signal that leaves this gear by {@code port}. */
    public record Birth(String port, Draft draft) {}

    private static final Outcome CONSUMED = new Outcome(Consumed.INSTANCE, List.of());
    private static final Outcome SENT = new Outcome(Sent.INSTANCE, List.of());

    public static Outcome emit(String port, FluxMsg msg) {
        return new Outcome(new Emitted(List.of(new Emission(port, msg, Optional.empty()))), List.of());
    }

    /** As {@link #emit(String, FluxMsg)}, where the gear has encoded {@code raw} anew by {@code spec}. */
    public static Outcome emit(String port, FluxMsg msg, Spec spec) {
        return new Outcome(new Emitted(List.of(new Emission(port, msg, Optional.of(spec)))), List.of());
    }

    /** The same with a note for the leaf. */
    public static Outcome emit(String port, FluxMsg msg, Spec spec, FluxMap note) {
        return new Outcome(new Emitted(List.of(new Emission(port, msg, Optional.of(spec), note))), List.of());
    }

    public static Outcome emit(List<Emission> emissions) {
        return new Outcome(new Emitted(emissions), List.of());
    }

    public static Outcome consumed() {
        return CONSUMED;
    }

    public static Outcome sent() {
        return SENT;
    }

    public static Outcome fail(ErrorCode code, String reason) {
        return new Outcome(new Failed(code, reason), List.of());
    }

    /** The same with one more signal born on {@code port}. */
    public Outcome born(String port, Draft draft) {
        List<Birth> all = new ArrayList<>(births);
        all.add(new Birth(port, draft));
        return new Outcome(way, all);
    }
}
