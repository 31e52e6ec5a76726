package io.fluxrig.gears.router;

import io.fluxrig.gear.Gear;
import io.fluxrig.gear.GearContext;
import io.fluxrig.gear.Outcome;
import io.fluxrig.gear.Signal;
import io.fluxrig.gears.iso8583.Fields;
import java.util.List;
import java.util.Optional;

/** Keeps nothing between signals. */
final class RouterGear implements Gear {
    private final List<RouterSettings.Rule> rules;

    RouterGear(List<RouterSettings.Rule> rules) {
        this.rules = rules;
    }

    @Override
    public Outcome handle(Signal signal, GearContext context) {
        for (RouterSettings.Rule rule : rules) {
            Optional<String> text = Fields.text(signal.msg().data(), signal.spec(), rule.field());
            if (text.isPresent() && rule.fits(text.get())) {
                return Outcome.emit(rule.to(), signal.msg());
            }
        }
        context.count("unrouted");
        return Outcome.emit(RouterType.UNROUTED, signal.msg());
    }
}
