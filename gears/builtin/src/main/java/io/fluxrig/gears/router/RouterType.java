package io.fluxrig.gears.router;

import io.fluxrig.gear.Gear;
import io.fluxrig.gear.GearSetup;
import io.fluxrig.gear.SettingsSchema.Problem;
import io.fluxrig.gear.SimpleGearType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** {@code router}: sends a signal on by the first rule that fits, or by {@code unrouted}. The message stays as it is. */
public final class RouterType implements SimpleGearType<RouterSettings> {
    static final String UNROUTED = "unrouted";
    private static final Pattern PORT = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    @Override
    public String name() {
        return "router";
    }

    @Override
    public String summary() {
        return "Sends a signal on by the first rule that fits, or by the port 'unrouted'";
    }

    @Override
    public Class<RouterSettings> settings() {
        return RouterSettings.class;
    }

    @Override
    public Ports ports(RouterSettings settings) {
        Stream<String> routed = settings.rules().stream().map(RouterSettings.Rule::to);
        return new Ports(
                List.of("in"),
                Stream.concat(routed, Stream.of(UNROUTED)).distinct().toList());
    }

    @Override
    public List<Problem> check(RouterSettings settings) {
        List<Problem> problems = new ArrayList<>();
        for (int i = 0; i < settings.rules().size(); i++) {
            checkRule(settings.rules().get(i), "rules[" + i + "]").ifPresent(problems::add);
        }
        return problems;
    }

    private static Optional<Problem> checkRule(RouterSettings.Rule rule, String at) {
        if (rule.prefix().isPresent() == rule.equals().isPresent()) {
            return Optional.of(new Problem(at, "a rule has either 'prefix' or 'equals'", "keep one of them"));
        }
        if (!PORT.matcher(rule.to()).matches()) {
            return Optional.of(
                    new Problem(at + ".to", "not a port name", "use lower-case letters, digits and hyphens"));
        }
        if (rule.to().equals(Ports.ERROR)) {
            return Optional.of(new Problem(at + ".to", "the port 'error' is for failures", "choose another port name"));
        }
        return Optional.empty();
    }

    @Override
    public Gear create(RouterSettings settings, GearSetup setup) {
        return new RouterGear(settings.rules());
    }
}
