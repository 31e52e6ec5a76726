/**
 * What a gear author compiles against. A gear is a typed actor: in its simple form one method from signal to outcome
 * ({@link io.fluxrig.gear.Gear}), in its full form a behaviour ({@link io.fluxrig.gear.ActorGearType}).
 */
package io.fluxrig.gear;
