package io.fluxrig.gear;

import org.apache.pekko.actor.typed.Behavior;

/** A type whose gears are behaviours of their own: sockets, clients, anything that waits for the outside. */
public non-sealed interface ActorGearType<S extends Record> extends GearType<S> {
    /** {@code intake} is the door by which signals enter the Rack; it may be used from any thread. */
    Behavior<GearCommand> create(S settings, GearSetup setup, Intake intake);
}
