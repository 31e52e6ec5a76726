package io.fluxrig.scenario;

import io.fluxrig.gear.GearType;
import io.fluxrig.gear.GearTypes;
import io.fluxrig.gear.SettingsSchema;
import io.fluxrig.scenario.Scenario.GearDef;
import io.fluxrig.scenario.Scenario.Wire;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a change from one scenario to another does on one Rack, decided before anything happens. Pure.
 *
 * @param gears what becomes of each gear, by name
 * @param sockets what becomes of each exclusive resource
 * @param added wires that only the new scenario has, as people read them
 * @param removed wires that only the old one has
 */
public record SwapPlan(
        Map<String, GearFate> gears, Map<String, SocketFate> sockets, List<String> added, List<String> removed) {

    /** What becomes of a gear. */
    public enum GearFate {
        /** Same definition by content: goes on running with its sockets and whatever it holds. */
        KEPT,
        /** Same name and type, other content: a new one beside the old, which drains. */
        CHANGED,
        STARTED,
        STOPPED
    }

    /** What becomes of an exclusive resource. */
    public enum SocketFate {
        KEPT,
        HANDED_OVER,
        OPENED,
        CLOSED
    }

    /** A gear with its settings read. */
    private record Part(GearDef def, GearType<?> type, Set<String> exclusive, List<String> specs) {}

    /** @throws io.fluxrig.signal.FluxException where a gear of {@code next} cannot be read */
    public static SwapPlan of(
            Scenario running, Scenario next, GearTypes types, String rack, Map<String, String> labels) {
        Map<String, Part> old = parts(running, types, rack, labels);
        Map<String, Part> fresh = parts(next, types, rack, labels);
        Map<String, GearFate> gears = new TreeMap<>();
        old.keySet().forEach(name -> gears.put(name, GearFate.STOPPED));
        fresh.forEach((name, part) -> {
            Part before = old.get(name);
            boolean follows =
                    before != null && before.def().type().equals(part.def().type());
            gears.put(
                    name,
                    !follows ? GearFate.STARTED : same(running, before, next, part) ? GearFate.KEPT : GearFate.CHANGED);
        });
        renewLinksOfLostCorrelators(running, old, fresh, gears);
        return new SwapPlan(gears, sockets(old, fresh, gears), wires(next, running), wires(running, next));
    }

    private static Map<String, Part> parts(
            Scenario scenario, GearTypes types, String rack, Map<String, String> labels) {
        Map<String, Part> parts = new TreeMap<>();
        for (GearDef def : scenario.gears()) {
            if (scenario.runsOn(def, rack, labels)) {
                parts.put(
                        def.name(),
                        types.find(def.type()).map(t -> part(def, t)).orElse(new Part(def, null, Set.of(), List.of())));
            }
        }
        return parts;
    }

    private static <S extends Record> Part part(GearDef def, GearType<S> type) {
        return SettingsSchema.of(type.settings()).read(def.config()) instanceof SettingsSchema.Read.Good<S> good
                ? new Part(def, type, type.exclusive(good.settings()), type.specs(good.settings()))
                : new Part(def, type, Set.of(), List.of());
    }

    private static boolean same(Scenario running, Part before, Scenario next, Part part) {
        return keeps(running, next, before.def(), part.def(), part.specs());
    }

    /** Whether the gear of this name, which uses {@code specs}, is the same in both by content. */
    public static boolean keeps(Scenario running, Scenario next, String gear, List<String> specs) {
        Optional<GearDef> before = named(running, gear);
        Optional<GearDef> after = named(next, gear);
        return before.isPresent() && after.isPresent() && keeps(running, next, before.get(), after.get(), specs);
    }

    private static Optional<GearDef> named(Scenario scenario, String gear) {
        return scenario.gears().stream().filter(g -> g.name().equals(gear)).findFirst();
    }

    /** What a gear is told, and the bytes of every spec and jar behind it. A gear's id belongs to the scenario's name. */
    private static boolean keeps(Scenario running, Scenario next, GearDef before, GearDef after, List<String> specs) {
        return running.name().equals(next.name())
                && before.type().equals(after.type())
                && before.config().equals(after.config())
                && before.labels().equals(after.labels())
                && Objects.equals(running.code().get(before.type()), next.code().get(after.type()))
                && specs.stream()
                        .allMatch(r -> Objects.equals(
                                running.specs().get(r), next.specs().get(r)));
    }

    /**
     * A link whose replies belong to a correlator that goes gets a new connection beside the old one: replies on the old one still find who
     * waits for them.
     */
    private static void renewLinksOfLostCorrelators(
            Scenario running, Map<String, Part> old, Map<String, Part> fresh, Map<String, GearFate> gears) {
        for (Map.Entry<String, Part> entry : old.entrySet()) {
            GearType<?> type = entry.getValue().type();
            boolean link = type != null
                    && type.reachesOutside()
                    && entry.getValue().exclusive().isEmpty();
            if (link && gears.get(entry.getKey()) == GearFate.KEPT) {
                correlatorBehind(running, entry.getKey(), old)
                        .filter(name -> !follows(old.get(name), fresh.get(name)))
                        .ifPresent(lost -> gears.put(entry.getKey(), GearFate.CHANGED));
            }
        }
    }

    private static boolean follows(Part before, Part after) {
        return after != null && after.def().type().equals(before.def().type());
    }

    private static Optional<String> correlatorBehind(Scenario scenario, String gear, Map<String, Part> parts) {
        Set<String> seen = new HashSet<>(Set.of(gear));
        Deque<String> next = new ArrayDeque<>(Set.of(gear));
        while (!next.isEmpty()) {
            String from = next.poll();
            for (Wire wire : scenario.wires()) {
                String to = wire.to().gear();
                Part part = parts.get(to);
                if (!wire.from().gear().equals(from) || part == null || part.type() == null || !seen.add(to)) {
                    continue;
                }
                if (part.type().correlates()) {
                    return Optional.of(to);
                }
                next.add(to);
            }
        }
        return Optional.empty();
    }

    private static Map<String, SocketFate> sockets(
            Map<String, Part> old, Map<String, Part> fresh, Map<String, GearFate> gears) {
        Map<String, String> heldBefore = holders(old);
        Map<String, String> heldAfter = holders(fresh);
        Map<String, SocketFate> sockets = new TreeMap<>();
        heldBefore.keySet().forEach(resource -> sockets.put(resource, SocketFate.CLOSED));
        heldAfter.forEach((resource, gear) -> sockets.put(
                resource,
                !heldBefore.containsKey(resource)
                        ? SocketFate.OPENED
                        : gears.get(gear) == GearFate.KEPT ? SocketFate.KEPT : SocketFate.HANDED_OVER));
        return sockets;
    }

    private static Map<String, String> holders(Map<String, Part> parts) {
        Map<String, String> holders = new HashMap<>();
        parts.forEach((name, part) -> part.exclusive().forEach(resource -> holders.put(resource, name)));
        return holders;
    }

    /** Wires of {@code here} that {@code there} does not have. */
    private static List<String> wires(Scenario here, Scenario there) {
        Set<Wire> others = new HashSet<>(there.wires());
        return here.wires().stream()
                .filter(wire -> !others.contains(wire))
                .map(wire -> wire.from().text() + " -> " + wire.to().text() + " ("
                        + wire.lane().text() + ")")
                .toList();
    }

    /** Names of the gears with this fate, sorted. */
    public List<String> names(GearFate fate) {
        Set<String> names = new TreeSet<>();
        gears.forEach((name, its) -> {
            if (its == fate) {
                names.add(name);
            }
        });
        return new ArrayList<>(names);
    }

    /** Whether nothing at all would be different. */
    public boolean changesNothing() {
        return gears.values().stream().allMatch(fate -> fate == GearFate.KEPT) && added.isEmpty() && removed.isEmpty();
    }
}
