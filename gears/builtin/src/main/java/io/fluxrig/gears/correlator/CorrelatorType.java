package io.fluxrig.gears.correlator;

import io.fluxrig.gear.Gear;
import io.fluxrig.gear.GearSetup;
import io.fluxrig.gear.SettingsSchema.Problem;
import io.fluxrig.gear.SimpleGearType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * {@code correlator}: the switch between senders and routes. For each route {@code r} requests come in by {@code r} and leave by {@code r} under the
 * switch's own trace number; replies come in by {@code r-reply} and leave by {@code reply} under the sender's; requests that the route's
 * link refused come in by {@code r-failed}. {@code unrouted} and {@code local} are answered here. Replies that nobody waits for leave by {@code late}.
 */
public final class CorrelatorType implements SimpleGearType<CorrelatorSettings> {
    static final String REPLY = "reply";
    static final String LATE = "late";
    static final String UNROUTED = "unrouted";
    static final String LOCAL = "local";
    private static final int MAX_TIMERS = 100_000;
    private static final Set<String> TAKEN = Set.of(REPLY, LATE, UNROUTED, LOCAL, Ports.ERROR);
    private static final Pattern ROUTE = Pattern.compile("[a-z0-9][a-z0-9-]{0,54}");
    private static final Pattern MESSAGE_CLASS = Pattern.compile("[0-9]");

    @Override
    public String name() {
        return "correlator";
    }

    @Override
    public String summary() {
        return "Pairs ISO 8583 requests with their replies, under its own trace numbers on each route, and answers what no route answers";
    }

    @Override
    public Class<CorrelatorSettings> settings() {
        return CorrelatorSettings.class;
    }

    @Override
    public Ports ports(CorrelatorSettings settings) {
        List<String> in = new ArrayList<>();
        List<String> out = new ArrayList<>();
        for (String route : settings.routes()) {
            in.addAll(List.of(route, repliesOf(route), failuresOf(route)));
            out.add(route);
        }
        in.addAll(List.of(UNROUTED, LOCAL));
        out.addAll(List.of(REPLY, LATE));
        return new Ports(in, out);
    }

    @Override
    public boolean correlates() {
        return true;
    }

    static String repliesOf(String route) {
        return route + "-reply";
    }

    static String failuresOf(String route) {
        return route + "-failed";
    }

    @Override
    public Duration patience(CorrelatorSettings settings) {
        return settings.longestTimeout();
    }

    @Override
    public List<String> specs(CorrelatorSettings settings) {
        return List.of(settings.spec());
    }

    @Override
    public List<Problem> check(CorrelatorSettings settings) {
        List<Problem> problems = new ArrayList<>();
        if (settings.routes().isEmpty()) {
            problems.add(new Problem("routes", "there is no route", "name at least one"));
        }
        Set<String> ports = new HashSet<>(TAKEN);
        for (int i = 0; i < settings.routes().size(); i++) {
            String route = settings.routes().get(i);
            if (!ROUTE.matcher(route).matches()) {
                problems.add(new Problem(
                        "routes[" + i + "]", "not a route name", "use lower-case letters, digits and hyphens"));
            } else if (!ports.add(route) | !ports.add(repliesOf(route)) | !ports.add(failuresOf(route))) {
                problems.add(new Problem(
                        "routes[" + i + "]",
                        "'" + route + "' gives a port that exists already",
                        "choose another name"));
            }
        }
        if ((long) settings.maxOpen() * settings.routes().size() > MAX_TIMERS) {
            problems.add(new Problem(
                    "max-open", "all routes together wait for more than " + MAX_TIMERS + " replies", "lower it"));
        }
        checkClasses("timeouts", settings.timeouts().keySet(), problems);
        checkClasses("match", settings.match().keySet(), problems);
        settings.match().forEach((messageClass, fields) -> {
            if (fields.isEmpty()) {
                problems.add(new Problem(
                        "match." + messageClass, "no field pairs a reply with its request", "name at least one"));
            }
        });
        return problems;
    }

    private static void checkClasses(String path, Set<String> classes, List<Problem> problems) {
        classes.stream()
                .filter(c -> !MESSAGE_CLASS.matcher(c).matches())
                .sorted()
                .forEach(c -> problems.add(new Problem(
                        path + "." + c,
                        "not a message class",
                        "a message class is the second digit of the message type, in quotes")));
    }

    @Override
    public Gear create(CorrelatorSettings settings, GearSetup setup) {
        return new CorrelatorGear(settings, setup.spec(settings.spec()), new OpenExchanges());
    }

    @Override
    public Gear createAfter(Gear before, CorrelatorSettings settings, GearSetup setup) {
        return before instanceof CorrelatorGear predecessor
                ? predecessor.successor(settings, setup.spec(settings.spec()))
                : create(settings, setup);
    }
}
