package io.fluxrig.gear.testkit;

import io.fluxrig.gear.ActorGearType;
import io.fluxrig.gear.Gear;
import io.fluxrig.gear.GearType;
import io.fluxrig.gear.SettingsSchema;
import io.fluxrig.gear.Signal;
import io.fluxrig.gear.SimpleGearType;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.FluxMsg;
import io.fluxrig.spec.Spec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Runs a gear type with settings and sample signals, and reports what its author forgot. Of every type:
 *
 * <ul>
 *   <li>a name, summary, settings record or port list that a scenario could not use; a type that nobody would find
 *   <li>defaults that cannot be read; settings that the type itself refuses
 * </ul>
 *
 * Of one in its simple form:
 *
 * <ul>
 *   <li>ports that were not declared, for emissions and births alike; changed ids and creation times
 *   <li>exceptions, also for an empty message on each in-port, which every gear meets one day
 *   <li>two fresh gears that answer the same signals at the same times differently: a replay could not reproduce them
 *   <li>reasons of failures that repeat what a message holds
 * </ul>
 *
 * Of one in its full form: what it holds of which there is one in the world, such as a port, and does not pass on. Settings that name a real port let this be seen.
 *
 * <pre>{@code
 * GearContract.of(new VelocityType()).settings(config).signal("in", message).check().orThrow();
 * }</pre>
 */
public final class GearContract<S extends Record> {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
    private static final Pattern PORT = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    private final GearType<S> type;
    private final Map<String, Spec> specs = new HashMap<>();
    private final List<Signal> signals = new ArrayList<>();
    private FluxMap config = FluxMap.EMPTY;

    private GearContract(GearType<S> type) {
        this.type = type;
    }

    public static <S extends Record> GearContract<S> of(GearType<S> type) {
        return new GearContract<>(type);
    }

    /** The gear's {@code config}, as a scenario would give it; empty where nothing is said. */
    public GearContract<S> settings(FluxMap settings) {
        config = settings;
        return this;
    }

    /** A spec that the settings name. */
    public GearContract<S> spec(String reference, Spec spec) {
        specs.put(reference, spec);
        return this;
    }

    /** A sample that arrives on {@code port}; samples are handled in the order in which they are given. */
    public GearContract<S> signal(String port, FluxMsg msg) {
        return signal(new Signal(msg, port, Optional.empty()));
    }

    /** As {@link #signal(String, FluxMsg)}, read by a spec. */
    public GearContract<S> signal(Signal sample) {
        signals.add(sample);
        return this;
    }

    /** What was found: one sentence for each thing that is wrong. */
    public record Report(List<String> findings) {
        public Report {
            findings = List.copyOf(findings);
        }

        public boolean holds() {
            return findings.isEmpty();
        }

        /** @throws AssertionError with every finding where there is one */
        public void orThrow() {
            if (!holds()) {
                throw new AssertionError("the gear breaks its contract:\n- " + String.join("\n- ", findings));
            }
        }
    }

    public Report check() {
        List<String> findings = new ArrayList<>();
        checkType(findings);
        checkDefaults(findings);
        switch (SettingsSchema.of(type.settings()).read(config)) {
            case SettingsSchema.Read.Bad<S> bad -> bad.problems().forEach(problem -> findings.add(told(problem)));
            case SettingsSchema.Read.Good<S> good -> checkWith(good.settings(), findings);
        }
        return new Report(findings);
    }

    private void checkType(List<String> findings) {
        if (!NAME.matcher(type.name()).matches()) {
            findings.add("the name '" + type.name() + "' is not made of lower-case words with hyphens");
        }
        if (type.summary().isBlank() || type.summary().contains("\n")) {
            findings.add("the summary is not one sentence");
        }
        if (!isFound()) {
            findings.add("no META-INF/services/" + GearType.class.getName() + " names "
                    + type.getClass().getName() + ", so no Rack finds it");
        }
    }

    @SuppressWarnings("rawtypes")
    private boolean isFound() {
        return ServiceLoader.load(GearType.class, type.getClass().getClassLoader()).stream()
                .anyMatch(provider -> provider.type() == type.getClass());
    }

    /** Without any setting, the only thing that may be wrong is that something is missing. */
    private void checkDefaults(List<String> findings) {
        if (SettingsSchema.of(type.settings()).read(FluxMap.EMPTY) instanceof SettingsSchema.Read.Bad<S> bad) {
            Set<String> required = new HashSet<>();
            SettingsSchema.of(type.settings()).keys().stream()
                    .filter(SettingsSchema.Key::required)
                    .forEach(key -> required.add(key.name()));
            bad.problems().stream()
                    .filter(problem -> !required.contains(problem.path()))
                    .filter(problem -> !problem.path().isEmpty() || required.isEmpty())
                    .forEach(problem -> findings.add("the default cannot be read: " + told(problem)));
        }
    }

    private void checkWith(S settings, List<String> findings) {
        type.check(settings).forEach(problem -> findings.add(told(problem)));
        GearType.Ports ports = type.ports(settings);
        checkPorts(ports, findings);
        if (!type.ports(settings).equals(ports)) {
            findings.add("two questions for the ports get two answers");
        }
        for (String reference : type.specs(settings)) {
            if (!specs.containsKey(reference)) {
                findings.add("the spec '" + reference + "' was not given to this check");
                return;
            }
        }
        switch (type) {
            case SimpleGearType<S> simple -> checkHandling(simple, settings, ports, findings);
            case ActorGearType<S> actor -> findings.addAll(TwinTrial.findings(actor, settings, specs));
        }
    }

    private void checkHandling(SimpleGearType<S> simple, S settings, GearType.Ports ports, List<String> findings) {
        signals.stream()
                .map(Signal::port)
                .distinct()
                .filter(port -> !ports.in().contains(port))
                .forEach(port -> findings.add("a sample arrives on '" + port + "', which is not an in-port"));
        List<Signal> samples = signals.stream()
                .filter(sample -> ports.in().contains(sample.port()))
                .toList();
        compare(simple, settings, ports, samples, findings);
        for (String port : ports.in()) {
            Trial empty = trial(simple, settings, ports);
            empty.run(List.of(new Signal(Trial.emptyMessage(), port, Optional.empty())));
            empty.findings().forEach(finding -> findings.add("an empty message on '" + port + "': " + finding));
        }
    }

    private static void checkPorts(GearType.Ports ports, List<String> findings) {
        for (List<String> side : List.of(ports.in(), ports.out())) {
            if (new HashSet<>(side).size() < side.size()) {
                findings.add("a port is declared twice");
            }
            side.stream()
                    .filter(port -> !PORT.matcher(port).matches())
                    .forEach(port ->
                            findings.add("'" + port + "' is not a port name: lower-case letters, digits and hyphens"));
            if (side.contains(GearType.Ports.ERROR)) {
                findings.add("the port 'error' exists on every gear and is not declared");
            }
        }
    }

    private void compare(
            SimpleGearType<S> simple, S settings, GearType.Ports ports, List<Signal> samples, List<String> findings) {
        Trial first = trial(simple, settings, ports);
        first.run(samples);
        findings.addAll(first.findings());
        Trial second = trial(simple, settings, ports);
        second.run(samples);
        int both = Math.min(first.outcomes().size(), second.outcomes().size());
        for (int i = 0; i < both; i++) {
            if (!first.outcomes().get(i).equals(second.outcomes().get(i))) {
                findings.add("two fresh gears answer differently at step " + (i + 1)
                        + ": time comes from the context, and nothing from chance, the environment or shared state");
                return;
            }
        }
        if (first.outcomes().size() != second.outcomes().size()
                || !first.asked().equals(second.asked())) {
            findings.add("two fresh gears start different timers or count differently");
        }
    }

    private Trial trial(SimpleGearType<S> simple, S settings, GearType.Ports ports) {
        Gear gear = simple.create(settings, new TrialSetup(specs));
        return new Trial(gear, ports);
    }

    private static String told(SettingsSchema.Problem problem) {
        return (problem.path().isEmpty() ? "settings" : problem.path()) + ": " + problem.what() + " (" + problem.hint()
                + ")";
    }
}
