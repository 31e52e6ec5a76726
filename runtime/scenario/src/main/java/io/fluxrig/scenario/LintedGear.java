package io.fluxrig.scenario;

import io.fluxrig.gear.GearType;
import io.fluxrig.scenario.Scenario.GearDef;
import io.fluxrig.spec.YamlNode;
import java.time.Duration;
import java.util.Optional;

/**
 * A gear as far as it could be read.
 *
 * @param ports empty where its settings are wrong
 * @param patience how long a signal may wait in it
 */
record LintedGear(GearDef def, Optional<GearType.Ports> ports, Duration patience, YamlNode at) {}
