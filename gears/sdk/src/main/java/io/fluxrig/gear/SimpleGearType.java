package io.fluxrig.gear;

/** A type whose gears are one method from signal to outcome. The runtime gives each gear an actor of its own. */
public non-sealed interface SimpleGearType<S extends Record> extends GearType<S> {
    Gear create(S settings, GearSetup setup);
}
