package io.fluxrig.node;

import io.fluxrig.gear.Intake;
import io.fluxrig.vault.LeafPlace;

/**
 * What happened, as the tap copies it off the signal's path: names from configuration, ids, times and codes, and nothing of a payload. Times {@code at} are unix
 * nanoseconds.
 */
sealed interface Fact {

    /**
     * @param trace the W3C trace-id that the message carries, empty without one
     * @param caller the W3C traceparent as it came, empty without one
     */
    record Entered(long id, long refId, String trace, String caller, String gear, String port, long at, LeafPlace leaf)
            implements Fact {}

    /** A gear handled the message that {@code leaf} recorded. */
    record Took(long id, String gear, String port, long at, long nanos, LeafPlace leaf) implements Fact {}

    /** @param refId of the signal that it answers, as far as that is known now; 0 for none */
    record Emitted(long id, long refId, String trace, String gear, String port, LeafPlace leaf) implements Fact {}

    /** Recorded as leaving the Rack by this gear. */
    record Left(long id, String gear, long at, LeafPlace leaf) implements Fact {}

    record Ended(long id, Intake.End end, long at, long nanos) implements Fact {}

    record Refused(String gear, String code) implements Fact {}

    record Committed(int leaves, long nanos) implements Fact {}

    record Link(String gear, boolean up) implements Fact {}
}
