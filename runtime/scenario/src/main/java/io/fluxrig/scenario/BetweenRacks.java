package io.fluxrig.scenario;

import io.fluxrig.scenario.Scenario.Endpoint;
import io.fluxrig.scenario.Scenario.GearDef;
import io.fluxrig.scenario.Scenario.Lane;
import io.fluxrig.scenario.Scenario.RackRef;
import io.fluxrig.scenario.Scenario.Wire;
import io.fluxrig.spec.YamlNode;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What must hold of wires that lead from one Rack to another. */
final class BetweenRacks {
    private final YamlShape shape;
    private final List<RackRef> racks;
    private final Function<String, GearDef> gears;

    /** @param gears by name; asked only for those that exist */
    BetweenRacks(YamlShape shape, List<RackRef> racks, Function<String, GearDef> gears) {
        this.shape = shape;
        this.racks = racks;
        this.gears = gears;
    }

    void check(Wire wire, YamlNode.Mapping at) {
        standsThere(wire.from(), at.get("from").orElse(at));
        standsThere(wire.to(), at.get("to").orElse(at));
        Optional<String> deployed = gears.apply(wire.to().gear()).deploy();
        Optional<String> to = place(wire.to());
        if (to.isEmpty()
                && deployed.isPresent()
                && !deployed.equals(gears.apply(wire.from().gear()).deploy())) {
            shape.add(
                    at.get("to").orElse(at),
                    ScenarioError.WIRE_TO_WHICH_RACK,
                    "'" + wire.to().gear() + "' runs on every Rack with " + deployed.get() + ", and '"
                            + wire.from().gear() + "' does not only run there",
                    "write to: RACK." + wire.to().text());
        }
        if (to.isPresent() && wire.lane() == Lane.HOT && beginsElsewhere(wire, to.get())) {
            shape.add(
                    at.get("lane").orElse(at),
                    ScenarioError.HOT_BETWEEN_RACKS,
                    "the wire " + wire.name() + " leads to another Rack, " + to.get(),
                    "write lane: guaranteed");
        }
    }

    private void standsThere(Endpoint end, YamlNode at) {
        Optional<String> own = gears.apply(end.gear()).rack();
        boolean known =
                racks.isEmpty() || racks.stream().anyMatch(rack -> rack.name().equals(end.rack()));
        if (end.rack().isPresent() && known && own.isPresent() && !own.equals(end.rack())) {
            shape.add(
                    at,
                    ScenarioError.NOT_ON_THAT_RACK,
                    "'" + end.gear() + "' runs on " + own.get() + ", not on "
                            + YamlShape.shorten(end.rack().get()),
                    "write " + end.gear() + "." + end.port());
        }
    }

    /** The one Rack of an end, where that is written. */
    Optional<String> place(Endpoint end) {
        return end.rack().or(() -> gears.apply(end.gear()).rack());
    }

    private boolean beginsElsewhere(Wire wire, String to) {
        Optional<String> from = place(wire.from());
        return from.map(rack -> !rack.equals(to))
                .orElseGet(() -> racks.stream().anyMatch(rack -> !rack.name().equals(Optional.of(to))));
    }
}
