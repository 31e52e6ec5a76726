package io.fluxrig.node;

import io.fluxrig.scenario.Scenario;
import io.fluxrig.scenario.Scenario.Lane;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Where each out-port of a pipeline leads. Immutable. */
final class Wiring {
    /** The far end of a wire. */
    record Target(GearCell gear, String port, boolean guaranteed) {}

    private final Map<String, List<Target>> targets;

    private Wiring(Map<String, List<Target>> targets) {
        this.targets = targets;
    }

    /** The wires of {@code scenario} between these gears. */
    static Wiring of(Scenario scenario, Map<String, GearCell> gears) {
        Map<String, List<Target>> targets = new HashMap<>();
        for (Scenario.Wire wire : scenario.wires()) {
            GearCell far = gears.get(wire.to().gear());
            if (far != null && gears.containsKey(wire.from().gear())) {
                targets.computeIfAbsent(key(wire.from().gear(), wire.from().port()), k -> new ArrayList<>())
                        .add(new Target(far, wire.to().port(), wire.lane() == Lane.GUARANTEED));
            }
        }
        targets.replaceAll((k, list) -> List.copyOf(list));
        return new Wiring(Map.copyOf(targets));
    }

    /** In the order in which the scenario sorts its wires; empty where the port is not wired. */
    List<Target> from(String gear, String port) {
        return targets.getOrDefault(key(gear, port), List.of());
    }

    private static String key(String gear, String port) {
        return gear + '.' + port;
    }
}
