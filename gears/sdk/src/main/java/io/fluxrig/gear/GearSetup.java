package io.fluxrig.gear;

import io.fluxrig.signal.FluxEntityId;
import io.fluxrig.spec.Spec;

/** What a gear is given when it is made. */
public interface GearSetup {
    /** The gear's name in the scenario. */
    String name();

    FluxEntityId id();

    /** A verified spec by the reference that the settings hold; only those of {@link GearType#specs} are there. */
    Spec spec(String reference);

    /** Adds one to a counter of this gear, from any thread. Names are constants of the gear's code, never values from a signal. */
    default void count(String counter) {}

    /** Says whether the gear can do its work now; a link that is down fails signals before they are recorded as leaving. */
    void ready(boolean ready);
}
