package io.fluxrig.gear.testkit;

import io.fluxrig.gear.GearSetup;
import io.fluxrig.signal.FluxEntityId;
import io.fluxrig.spec.Spec;
import java.util.Map;

/** What a gear is given in a check. */
record TrialSetup(Map<String, Spec> specs) implements GearSetup {
    @Override
    public String name() {
        return "under-test";
    }

    @Override
    public FluxEntityId id() {
        return FluxEntityId.of(FluxEntityId.Type.GEAR, 1, 1);
    }

    @Override
    public Spec spec(String reference) {
        Spec spec = specs.get(reference);
        if (spec == null) {
            throw new IllegalStateException("the gear asks for a spec that its type does not list");
        }
        return spec;
    }

    @Override
    public void ready(boolean ready) {
        // Nobody waits here.
    }
}
