package io.fluxrig.scenario;

import io.fluxrig.scenario.Scenario.GearDef;
import io.fluxrig.scenario.Scenario.RackRef;
import io.fluxrig.scenario.Scenario.Wire;
import io.fluxrig.signal.FluxMap;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A scenario as people wrote it, without findings: what is signed.
 *
 * @param file where it stands; spec files are named from its folder
 * @param specs references as written
 */
public record Blueprint(
        Path file,
        String name,
        String version,
        List<RackRef> racks,
        List<GearDef> gears,
        List<Wire> wires,
        Set<String> specs,
        FluxMap limits,
        Optional<Residency> residency,
        FluxMap meta) {}
