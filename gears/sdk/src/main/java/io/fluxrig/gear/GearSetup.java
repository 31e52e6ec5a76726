package io.fluxrig.gear;

import io.fluxrig.signal.FluxEntityId;
import io.fluxrig.spec.Spec;
import java.nio.channels.Channel;
import java.util.function.Supplier;

/** What a gear is given when it is made. */
public interface GearSetup {
    /** The gear's name in the scenario. */
    String name();

    FluxEntityId id();

    /** A verified spec by the reference that the settings hold; only those of {@link GearType#specs} are there. */
    Spec spec(String reference);

    /** Adds one to a counter of this gear, from any thread. Names are constants of the gear's code, never values from a signal. */
    default void count(String counter) {}

    /**
     * The one thing behind an exclusive resource ({@link GearType#exclusive}): handed over open by the gear that holds it now, or made by {@code open} where
     * nobody does. During a swap both gears hold it until the old one has stopped.
     */
    default <T extends Channel> T exclusive(String resource, Class<T> type, Supplier<T> open) {
        return open.get();
    }

    /** Says whether the gear can do its work now; a link that is down fails signals before they are recorded as leaving. */
    void ready(boolean ready);
}
