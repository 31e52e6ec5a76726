package io.fluxrig.replay;

import io.fluxrig.replay.ReplayReport.Cause;
import io.fluxrig.scenario.Scenario;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What is other in the scenario that runs now than in the one that was recorded, by gear. */
final class Changes {
    private final Map<String, Cause> gears = new HashMap<>();
    private final boolean wires;

    private Changes(boolean wires) {
        this.wires = wires;
    }

    static Changes none() {
        return new Changes(false);
    }

    static Changes between(Scenario recorded, Scenario now) {
        Changes changes = new Changes(!recorded.wires().equals(now.wires()));
        boolean specs = !recorded.specs().equals(now.specs());
        Map<String, Scenario.GearDef> before = new TreeMap<>();
        recorded.gears().forEach(gear -> before.put(gear.name(), gear));
        for (Scenario.GearDef gear : now.gears()) {
            Scenario.GearDef was = before.remove(gear.name());
            if (was == null || !was.type().equals(gear.type()) || !was.config().equals(gear.config())) {
                changes.gears.put(gear.name(), Cause.SCENARIO_CHANGED);
            } else if (specs && usesAChangedSpec(gear, recorded, now)) {
                changes.gears.put(gear.name(), Cause.SPEC_CHANGED);
            }
        }
        before.keySet().forEach(gone -> changes.gears.put(gone, Cause.SCENARIO_CHANGED));
        return changes;
    }

    private static boolean usesAChangedSpec(Scenario.GearDef gear, Scenario recorded, Scenario now) {
        return gear.config()
                .text("spec")
                .map(reference -> !Optional.ofNullable(recorded.specs().get(reference))
                        .equals(Optional.ofNullable(now.specs().get(reference))))
                .orElse(false);
    }

    /** Whether and how this gear is another one now. */
    Optional<Cause> of(String gear) {
        return Optional.ofNullable(gears.get(gear));
    }

    boolean any() {
        return wires || !gears.isEmpty();
    }
}
