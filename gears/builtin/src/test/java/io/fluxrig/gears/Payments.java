package io.fluxrig.gears;

import io.fluxrig.spec.Spec;
import io.fluxrig.spec.Specs;
import java.nio.file.Path;

/** The dialect of the example, for tests. */
public final class Payments {
    public static final Spec SPEC = Specs.load(Path.of("../../examples/payment-switch/specs/payments.yaml"))
            .orThrow();

    /** The same with rules. */
    public static final Spec STRICT =
            Specs.load(Path.of("src/test/resources/specs/strict.yaml")).orThrow();

    private Payments() {}
}
