package io.fluxrig.gear;

import io.fluxrig.signal.FluxMsg;
import io.fluxrig.spec.Spec;
import java.util.Optional;

/**
 * A message as it arrives at a gear.
 *
 * @param msg the live message; {@code raw} and {@code data} still hold what may never be stored
 * @param port this gear's in-port
 * @param spec the spec by which {@code data} and {@code raw} were read or written, if any
 */
public record Signal(FluxMsg msg, String port, Optional<Spec> spec) {
    @Override
    public String toString() {
        return "Signal[" + port + " " + msg + "]";
    }
}
