package io.fluxrig.gear;

import io.fluxrig.signal.ErrorCode;
import java.util.function.Consumer;

/** The door by which a gear brings signals into the Rack. Safe for use from any thread; never blocks. */
public interface Intake {

    /** Which credits a signal lives on. A reply never waits for a request's credit. */
    enum SignalClass {
        REQUEST,
        REPLY,
        /** Advices and reversals. */
        ADVICE,
        /** Network management. */
        NETWORK
    }

    /**
     * Offers a signal that leaves the gear by {@code port}.
     *
     * @param expiresAt unix nanoseconds after which the sender no longer waits and the signal is closed instead of
     *     forwarded; 0 for never
     * @param ended told once how the signal ended, on any thread; must be quick
     */
    Admission offer(String port, SignalClass signalClass, Draft draft, long expiresAt, Consumer<End> ended);

    /** Brings in an answer that this gear made itself; it leaves through this gear's in-port {@code inPort}. */
    Admission answer(String inPort, Draft draft);

    /** Runs {@code then} once when a credit of this class may be free again. */
    void whenCredit(SignalClass signalClass, Runnable then);

    sealed interface Admission {}

    record Accepted(long id) implements Admission {}

    /** Nothing was recorded: answer "busy" where the protocol can, stop reading otherwise. */
    record Refused(ErrorCode code) implements Admission {}

    /** How a signal ended. */
    sealed interface End {}

    enum Done implements End {
        SENT,
        CONSUMED,
        HANDED_OVER
    }

    record Failure(ErrorCode code, String reason) implements End {}
}
