package io.fluxrig.scenario;

import io.fluxrig.gear.GearType;
import io.fluxrig.scenario.Scenario.Wire;
import io.fluxrig.spec.YamlNode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Gears by which signals come in from outside, and those that read them by a spec. */
final class Doors {
    /** By name, with where they stand: doors that know no spec. */
    private final Map<String, YamlNode> blind = new LinkedHashMap<>();

    private final Set<String> doors = new HashSet<>();
    private final Set<String> readers = new HashSet<>();

    void gear(String name, YamlNode at, GearType<?> type, GearType.Ports ports, boolean hasSpec) {
        boolean door = type.reachesOutside() && !ports.out().isEmpty();
        if (door) {
            doors.add(name);
        } else if (hasSpec) {
            readers.add(name);
        }
        if (door && !hasSpec) {
            blind.put(name, at);
        }
    }

    /**
     * Signals that a gear behind a door reads by a spec must be read by one at the door already: what the spec classifies would be stored in clear otherwise.
     */
    void check(List<Wire> wires, YamlShape shape) {
        blind.forEach((name, at) -> {
            String reader = readerBehind(name, wires);
            if (reader != null) {
                shape.add(
                        at,
                        ScenarioError.PORT_WITHOUT_SPEC,
                        "'" + name + "' has no spec, and what it brings in is read by '" + reader
                                + "': card data would be stored in clear",
                        "name the spec of '" + reader + "' in its config too");
            }
        });
    }

    private String readerBehind(String door, List<Wire> wires) {
        Set<String> seen = new HashSet<>(Set.of(door));
        Deque<String> next = new ArrayDeque<>(Set.of(door));
        while (!next.isEmpty()) {
            String from = next.poll();
            for (Wire wire : wires) {
                String to = wire.to().gear();
                boolean onward = wire.from().gear().equals(from)
                        && !wire.from().port().equals(GearType.Ports.ERROR)
                        && !doors.contains(to)
                        && seen.add(to);
                if (onward && readers.contains(to)) {
                    return to;
                }
                if (onward) {
                    next.add(to);
                }
            }
        }
        return null;
    }
}
