package io.fluxrig.scenario;

import io.fluxrig.scenario.Scenario.GearDef;
import io.fluxrig.scenario.Scenario.Wire;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What is different between two scenarios, one sentence each, as an operator would say it. */
public final class ScenarioDiff {
    private static final Pattern SECRET = Pattern.compile("(?i).*(password|secret|token|passphrase).*");

    private final List<String> lines = new ArrayList<>();

    private ScenarioDiff() {}

    public static List<String> between(Scenario a, Scenario b) {
        ScenarioDiff diff = new ScenarioDiff();
        diff.one("the name", a.name(), b.name());
        diff.one("the version", a.version(), b.version());
        diff.gears(gears(a), gears(b));
        diff.wires(a.wires(), b.wires());
        diff.specs(a, b);
        diff.settings("limits", a.limitsMap(), b.limitsMap());
        diff.one(
                "residency",
                a.residency().orElse(Residency.USUAL).toString(),
                b.residency().orElse(Residency.USUAL).toString());
        if (!Set.copyOf(a.racks()).equals(Set.copyOf(b.racks()))) {
            diff.lines.add("it runs on other Racks");
        }
        return List.copyOf(diff.lines);
    }

    private static Map<String, GearDef> gears(Scenario scenario) {
        Map<String, GearDef> byName = new TreeMap<>();
        scenario.gears().forEach(gear -> byName.put(gear.name(), gear));
        return byName;
    }

    private void one(String what, String a, String b) {
        if (!a.equals(b)) {
            lines.add(what + " was " + a + ", is " + b);
        }
    }

    private void gears(Map<String, GearDef> a, Map<String, GearDef> b) {
        Set<String> names = new TreeSet<>(a.keySet());
        names.addAll(b.keySet());
        for (String name : names) {
            GearDef before = a.get(name);
            GearDef after = b.get(name);
            if (before == null) {
                lines.add("gear '" + name + "' is new, a " + after.type());
            } else if (after == null) {
                lines.add("gear '" + name + "', a " + before.type() + ", is gone");
            } else {
                one("gear '" + name + "': the type", before.type(), after.type());
                one("gear '" + name + "': where it runs", deploy(before), deploy(after));
                settings("gear '" + name + "'", before.config(), after.config());
            }
        }
    }

    private static String deploy(GearDef gear) {
        return gear.deploy().orElse("every Rack");
    }

    private void settings(String what, FluxMap a, FluxMap b) {
        Set<String> keys = new TreeSet<>();
        a.forEach((key, value) -> keys.add(key));
        b.forEach((key, value) -> keys.add(key));
        for (String key : keys) {
            Value before = a.get(key);
            Value after = b.get(key);
            if (before instanceof FluxMap inner && after instanceof FluxMap changed) {
                settings(what + ": " + key, inner, changed);
            } else if (!Objects.equals(before, after)) {
                lines.add(
                        what + ": " + key + " " + change(key, Optional.ofNullable(before), Optional.ofNullable(after)));
            }
        }
    }

    private static String change(String key, Optional<Value> before, Optional<Value> after) {
        if (SECRET.matcher(key).matches()) {
            return "is another";
        }
        if (before.isEmpty()) {
            return "is new: " + text(after.orElseThrow());
        }
        return after.map(value -> "was " + text(before.get()) + ", is " + text(value))
                .orElseGet(() -> "is no longer said (was " + text(before.get()) + ")");
    }

    private static String text(Value value) {
        return switch (value) {
            case Value.Text t -> t.value();
            case Value.Int i -> Long.toString(i.value());
            case Value.Bool b -> Boolean.toString(b.value());
            case Value.Decimal d -> d.value().toPlainString();
            case Value.Array array ->
                "["
                        + String.join(
                                ", ",
                                array.items().stream().map(ScenarioDiff::text).toList()) + "]";
            case FluxMap map -> {
                List<String> entries = new ArrayList<>();
                map.forEach((key, inner) ->
                        entries.add(key + ": " + (SECRET.matcher(key).matches() ? "..." : text(inner))));
                yield "{" + String.join(", ", entries) + "}";
            }
            default -> value.kind();
        };
    }

    private void wires(List<Wire> a, List<Wire> b) {
        Map<String, Wire> before = byEnds(a);
        Map<String, Wire> after = byEnds(b);
        Set<String> ends = new TreeSet<>(before.keySet());
        ends.addAll(after.keySet());
        for (String wire : ends) {
            if (!before.containsKey(wire)) {
                lines.add("wire " + wire + " is new (" + after.get(wire).lane().text() + ")");
            } else if (!after.containsKey(wire)) {
                lines.add("wire " + wire + " is gone");
            } else {
                one(
                        "wire " + wire + ": the lane",
                        before.get(wire).lane().text(),
                        after.get(wire).lane().text());
            }
        }
    }

    private static Map<String, Wire> byEnds(List<Wire> wires) {
        Map<String, Wire> byEnds = new TreeMap<>();
        wires.forEach(wire -> byEnds.put(wire.from().text() + " -> " + wire.to().text(), wire));
        return byEnds;
    }

    private void specs(Scenario a, Scenario b) {
        Set<String> names = new HashSet<>(a.specs().keySet());
        names.retainAll(b.specs().keySet());
        new TreeSet<>(names)
                .stream()
                        .filter(name -> !name.startsWith("sha256:"))
                        .filter(name -> !a.specs().get(name).equals(b.specs().get(name)))
                        .forEach(name -> lines.add("spec " + name + " has other content: was sha256:"
                                + a.specs().get(name).sha256().hex().substring(0, 16) + "..., is sha256:"
                                + b.specs().get(name).sha256().hex().substring(0, 16)
                                + "... ('fluxrig spec diff' tells what)"));
    }
}
