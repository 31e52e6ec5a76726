package io.fluxrig.gear;

/** A type whose gears are one method from signal to outcome. The runtime gives each gear an actor of its own. */
public non-sealed interface SimpleGearType<S extends Record> extends GearType<S> {
    Gear create(S settings, GearSetup setup);

    /**
     * The gear that follows {@code before}, which has the same name and type and other settings. Signals that are under way still go to {@code before}, new
     * ones to the new gear, all of them from one thread: the two may share what they hold.
     */
    default Gear createAfter(Gear before, S settings, GearSetup setup) {
        return create(settings, setup);
    }
}
