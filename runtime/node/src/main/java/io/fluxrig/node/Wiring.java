package io.fluxrig.node;

import io.fluxrig.scenario.Scenario;
import io.fluxrig.scenario.Scenario.Lane;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Where each out-port of a pipeline leads. Immutable. */
final class Wiring {
    /** The far end of a wire; where that lies on another Rack, {@code port} is the wire's name. */
    record Target(GearCell gear, String port, boolean guaranteed) {}

    /** A wire from another Rack, and where it ends here. */
    record Arrival(Scenario.Wire wire, Target target) {}

    /** What stands for the end of a wire that lies on another Rack. */
    interface FarEnds {
        FarEnd of(String wire, String rack);

        /** Whether nothing may leave the Rack before it is durable, whatever lane a wire is on. */
        default boolean guaranteeAll() {
            return false;
        }
    }

    private final Map<String, List<Target>> targets = new HashMap<>();
    private final Map<String, Arrival> arrivals = new HashMap<>();

    private Wiring() {}

    /**
     * The wires of {@code scenario} between these gears.
     *
     * @param rack where they run; empty where every gear is here and no wire leaves
     */
    static Wiring of(Scenario scenario, Map<String, GearCell> gears, Optional<String> rack, FarEnds farEnds) {
        Wiring wiring = new Wiring();
        for (Scenario.Wire wire : scenario.wires()) {
            GearCell from = gears.get(wire.from().gear());
            GearCell to = gears.get(wire.to().gear());
            boolean begins = from != null
                    && rack.filter(r -> !scenario.mayBeginAt(wire, r)).isEmpty();
            Optional<String> other = rack.flatMap(r -> scenario.leadsTo(wire, r));
            if (begins && other.isPresent()) {
                GearCell end = from.at(farEnds.of(wire.name(), other.get()));
                wiring.add(wire, new Target(end, wire.name(), true));
            } else if (begins && to != null) {
                wiring.add(
                        wire,
                        new Target(to, wire.to().port(), wire.lane() == Lane.GUARANTEED || farEnds.guaranteeAll()));
            }
            if (to != null && rack.filter(r -> scenario.arrivesAt(wire, r)).isPresent()) {
                wiring.arrivals.put(
                        wire.name(), new Arrival(wire, new Target(to, wire.to().port(), true)));
            }
        }
        wiring.targets.replaceAll((k, list) -> List.copyOf(list));
        return wiring;
    }

    private void add(Scenario.Wire wire, Target target) {
        targets.computeIfAbsent(key(wire.from().gear(), wire.from().port()), k -> new ArrayList<>())
                .add(target);
    }

    /** In the order in which the scenario sorts its wires; empty where the port is not wired. */
    List<Target> from(String gear, String port) {
        return targets.getOrDefault(key(gear, port), List.of());
    }

    /** Where a wire of this name from another Rack ends; empty where none does. */
    Optional<Arrival> arrival(String wire) {
        return Optional.ofNullable(arrivals.get(wire));
    }

    boolean hasArrivals() {
        return !arrivals.isEmpty();
    }

    /** These, and whatever can be reached from them without leaving the Rack. */
    Stream<Target> within(List<Target> first) {
        Set<Target> reached = new LinkedHashSet<>();
        Deque<Target> next = new ArrayDeque<>(first);
        while (!next.isEmpty()) {
            Target target = next.poll();
            if (reached.add(target) && !target.gear().reachesOutside()) {
                targets.forEach((port, ends) -> {
                    if (port.startsWith(target.gear().name() + '.')) {
                        next.addAll(ends);
                    }
                });
            }
        }
        return reached.stream();
    }

    /** Ends that lie on other Racks. */
    Stream<GearCell> farEnds() {
        return targets.values().stream()
                .flatMap(List::stream)
                .map(Target::gear)
                .filter(gear -> gear.farEnd().isPresent());
    }

    /** The in-port of {@code toGear} by which it got what {@code from} sent, or what came from another Rack, by {@code port}. */
    Optional<String> behind(GearCell from, String port, long toGear) {
        Optional<String> arrived = arrival(port).map(Arrival::target).map(Target::port);
        return arrived.isPresent()
                ? arrived.filter(in -> from.id() == toGear)
                : from(from.name(), port).stream()
                        .filter(t ->
                                t.gear().id() == toGear && t.gear().farEnd().isEmpty())
                        .map(Target::port)
                        .findFirst();
    }

    private static String key(String gear, String port) {
        return gear + '.' + port;
    }
}
