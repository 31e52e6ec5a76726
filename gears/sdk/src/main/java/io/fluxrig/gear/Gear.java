package io.fluxrig.gear;

import java.time.Duration;

/**
 * A unit of logic in its simple form: one method from signal to outcome. The runtime calls it from one thread at a time
 * and never again for a signal that it has answered. Given the same signals, times and ids it must answer the same:
 * time comes from {@link GearContext#now()}, and there is no randomness, so that a replay reproduces every byte.
 */
@FunctionalInterface
public interface Gear {
    /** An exception thrown here fails the signal with FLX-3001 and counts against the gear; it never stops the Rack. */
    Outcome handle(Signal signal, GearContext context);

    /**
     * A timer of {@link GearContext#startTimer} has run out. May give birth to signals; without births it must leave the
     * gear's state as it is, because then nothing is recorded.
     */
    default Outcome onTimer(String timer, GearContext context) {
        return Outcome.consumed();
    }

    /** How far back {@link #recall} must reach after a restart. */
    default Duration memory() {
        return Duration.ZERO;
    }

    /** At start: one thing this gear did before, oldest first, as the vault recorded it. */
    default void recall(Recollection past, GearContext context) {}
}
