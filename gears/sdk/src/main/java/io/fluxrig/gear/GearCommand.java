package io.fluxrig.gear;

/** What the runtime says to a gear in its full form. */
public sealed interface GearCommand {

    /** A signal to handle. Answer exactly once through {@code delivery}, from any thread. */
    record Deliver(Signal signal, Delivery delivery) implements GearCommand {}

    /** Take nothing more from outside; finish what is under way. Deliveries still come. */
    enum Drain implements GearCommand {
        INSTANCE
    }

    /** The gear's own words to itself extend this. */
    non-sealed interface Private extends GearCommand {}

    /** Where the outcome of a {@link Deliver} goes. */
    interface Delivery {
        void answer(Outcome outcome);
    }
}
