package io.fluxrig.node;

import io.fluxrig.gear.Intake.SignalClass;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.FluxMsg;
import io.fluxrig.spec.Spec;
import java.util.Optional;

/**
 * A signal as another Rack hands it over.
 *
 * @param expiresAt unix nanoseconds after which nobody waits for it; 0 for never
 * @param note tells which leaf of whose log recorded its leaving
 */
record Arrived(FluxMsg msg, Optional<Spec> spec, SignalClass signalClass, long expiresAt, FluxMap note) {}
