package io.fluxrig.scenario;

import io.fluxrig.gear.GearType;
import io.fluxrig.scenario.Scenario.GearDef;
import io.fluxrig.spec.YamlNode;
import java.time.Duration;
import java.util.Optional;

/** A gear as far as it could be read. */
record LintedGear(GearDef def, Known known, YamlNode at) {
    /**
     * What its settings say.
     *
     * @param ports empty where they are wrong
     * @param patience how long a signal may wait in it
     */
    record Known(Optional<GearType.Ports> ports, Duration patience) {
        static final Known NOTHING = new Known(Optional.empty(), Duration.ZERO);
    }

    Optional<GearType.Ports> ports() {
        return known.ports();
    }

    Duration patience() {
        return known.patience();
    }
}
