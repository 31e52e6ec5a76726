package io.fluxrig.simulate;

import io.fluxrig.spec.Spec;
import io.fluxrig.spec.Specs;
import java.nio.file.Path;

/** The spec that a simulator speaks by. */
final class Dialect {
    /** The example's, seen from the project's root. */
    static final String DEFAULT = "examples/payment-switch/specs/payments.yaml";

    private Dialect() {}

    /** @throws io.fluxrig.signal.FluxException with what is wrong with the file */
    static Spec open(Path file) {
        return Specs.load(file).orThrow();
    }
}
