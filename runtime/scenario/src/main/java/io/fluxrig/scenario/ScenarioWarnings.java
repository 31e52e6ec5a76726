package io.fluxrig.scenario;

import io.fluxrig.gear.GearTypes;
import io.fluxrig.gear.SettingsSchema;
import io.fluxrig.scenario.Scenario.Endpoint;
import io.fluxrig.scenario.Scenario.Wire;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.spec.Finding;
import io.fluxrig.spec.YamlNode;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** What may be meant so in a scenario, and often is not. */
final class ScenarioWarnings {
    private final String shown;
    private final GearTypes types;
    private final Map<String, LintedGear> gears;
    private final List<Finding> findings;

    /** @param findings where they go */
    ScenarioWarnings(String shown, GearTypes types, Map<String, LintedGear> gears, List<Finding> findings) {
        this.shown = shown;
        this.types = types;
        this.gears = gears;
        this.findings = findings;
    }

    /** What is not wired may be meant so. */
    void unwired(List<Wire> wires) {
        Collection<String> used = new HashSet<>();
        wires.forEach(w -> used.add(w.from().gear() + "." + w.from().port()));
        gears.forEach((name, gear) -> gear.ports()
                .ifPresent(ports -> ports.out().stream()
                        .filter(port -> !used.contains(name + "." + port))
                        .forEach(port -> warn(
                                gear.at(),
                                ScenarioError.UNWIRED,
                                "out-port '" + name + "." + port + "' is not wired",
                                "what goes there ends as consumed"))));
    }

    /** It works while every Rack is in reach. */
    void comingBack(List<Wire> wires, Function<Endpoint, Optional<String>> place) {
        ComesBack comesBack = new ComesBack(wires, place, this::endsSignals);
        Set<Endpoint> told = new HashSet<>();
        for (Wire wire : wires) {
            comesBack.after(wire).filter(back -> told.add(wire.from())).ifPresent(back -> {
                YamlNode at = gears.get(wire.from().gear()).at();
                warn(
                        at,
                        ScenarioError.WAITS_FOR_ITSELF,
                        "what leaves " + wire.from().text() + " by several wires for other Racks comes back by "
                                + back.name() + ", and waits there until each of them was taken",
                        "let the copy begin where the signal goes first, or where it ends");
            });
        }
    }

    /** A stop is safe all the same, but leaves in doubt what it cuts off. */
    void drains(FluxMap limits) {
        if (!(SettingsSchema.of(Limits.class).read(limits) instanceof SettingsSchema.Read.Good<Limits> good)) {
            return;
        }
        Duration drain = good.settings().drainTimeout();
        gears.forEach((name, gear) -> {
            Duration patience = gear.patience();
            if (patience.compareTo(drain) > 0) {
                warn(
                        gear.at(),
                        ScenarioError.DRAIN_TOO_SHORT,
                        "'" + name + "' waits up to " + patience.toMillis() / 1e3
                                + " s for an answer, a Rack that stops only " + drain.toMillis() / 1e3 + " s",
                        "set limits.drain-timeout to more than that");
            }
        });
    }

    private boolean endsSignals(String gear) {
        return types.find(gears.get(gear).def().type())
                .map(type -> type.reachesOutside() || type.correlates())
                .orElse(true);
    }

    private void warn(YamlNode at, ScenarioError code, String what, String hint) {
        findings.add(new Finding(shown, at.line(), at.column(), code, what, hint, true));
    }
}
