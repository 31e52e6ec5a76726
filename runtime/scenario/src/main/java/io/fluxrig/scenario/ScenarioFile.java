package io.fluxrig.scenario;

import io.fluxrig.gear.GearType;
import io.fluxrig.gear.GearTypes;
import io.fluxrig.gear.SettingsSchema;
import io.fluxrig.scenario.Scenario.Endpoint;
import io.fluxrig.scenario.Scenario.GearDef;
import io.fluxrig.scenario.Scenario.Lane;
import io.fluxrig.scenario.Scenario.RackRef;
import io.fluxrig.scenario.Scenario.Wire;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.spec.Finding;
import io.fluxrig.spec.Spec;
import io.fluxrig.spec.SpecPath;
import io.fluxrig.spec.Specs;
import io.fluxrig.spec.Suggest;
import io.fluxrig.spec.YamlFile;
import io.fluxrig.spec.YamlNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Reads {@code scenario.yaml} and finds everything that is wrong with it in one go. */
public final class ScenarioFile {
    private static final Set<String> TOP =
            Set.of("meta", "racks", "gears", "wires", "pipes", "specs", "limits", "residency");

    private final Path file;
    private final String shown;
    private final GearTypes types;
    private final List<Finding> findings = new ArrayList<>();
    private final YamlShape shape;
    private final Map<String, LintedGear> gears = new LinkedHashMap<>();
    private final Set<String> specs = new LinkedHashSet<>();
    private final List<Spec> loaded = new ArrayList<>();
    private final Map<String, List<Holder>> exclusive = new HashMap<>();
    private final Doors doors = new Doors();

    /** Who wants an exclusive resource, and where. */
    private record Holder(String name, Optional<String> deploy) {}

    private ScenarioFile(Path file, GearTypes types) {
        this.file = file;
        this.shown = file.toString();
        this.shape = new YamlShape(shown, findings);
        this.types = types;
    }

    /** The blueprint where there are no errors, and every finding. */
    public record Linted(Optional<Blueprint> blueprint, List<Finding> findings) {
        public Linted {
            findings = List.copyOf(findings);
        }
    }

    /** Needs no data directory; spec files beside the scenario are read, filed references are only checked for their form. */
    public static Linted lint(Path file, GearTypes types) {
        ScenarioFile reader = new ScenarioFile(file, types);
        Optional<Blueprint> blueprint = reader.read();
        boolean errors = reader.findings.stream().anyMatch(f -> !f.warning());
        return new Linted(errors ? Optional.empty() : blueprint, reader.findings);
    }

    private Optional<Blueprint> read() {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (IOException e) {
            findings.add(new Finding(shown, 1, 1, ScenarioError.MISSING, "the file cannot be read", "check its name"));
            return Optional.empty();
        }
        Optional<YamlNode> root = YamlFile.parse(shown, bytes, findings);
        if (root.isEmpty()) {
            return Optional.empty();
        }
        if (!(root.get() instanceof YamlNode.Mapping top)) {
            shape.add(root.get(), ScenarioError.MISSING, "a scenario is a map", "begin with meta:");
            return Optional.empty();
        }
        shape.known(top, TOP);
        YamlNode.Mapping meta = shape.mapping(top, "meta");
        String name = shape.required(meta, top, "name", Names::isName, Names.NAME_FORM);
        String version = shape.required(meta, top, "version", Names::isVersion, "a version such as 1.0.0");
        List<RackRef> racks = racks(top);
        readGears(top, racks);
        List<Wire> wires = wires(top, racks);
        doors.check(wires, shape);
        FluxMap limits = limits(top);
        ScenarioWarnings warnings = new ScenarioWarnings(shown, types, gears, findings);
        warnings.unwired(wires);
        warnings.comingBack(wires, between(racks)::place);
        warnings.drains(limits);
        FluxMap more = meta == null
                ? FluxMap.EMPTY
                : new YamlValues(path -> true).map(meta).without("name").without("version");
        Optional<Residency> residency = new ResidencyReader(shape).read(top, at -> knownRack(at.text(), racks, at));
        residency.ifPresent(r -> r.problems(loaded)
                .forEach((element, why) -> shape.add(
                        top.get("residency").orElseThrow(),
                        ScenarioError.RELEASED,
                        "element '" + YamlShape.shorten(element) + "' may not leave: " + why,
                        "take it out of residency.allow.data")));
        List<GearDef> defs = gears.values().stream().map(LintedGear::def).toList();
        return Optional.of(new Blueprint(file, name, version, racks, defs, wires, specs, limits, residency, more));
    }

    private List<RackRef> racks(YamlNode.Mapping top) {
        List<RackRef> racks = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (YamlNode item : shape.items(top, "racks")) {
            if (item instanceof YamlNode.Mapping map) {
                shape.known(map, Set.of("name", "labels", "group"));
                Map<String, String> labels = shape.texts(map, "labels");
                Optional<String> name = shape.text(map, "name");
                name.filter(n -> !seen.add(n))
                        .ifPresent(n -> shape.add(
                                map.get("name").orElseThrow(),
                                ScenarioError.DUPLICATE,
                                "two Racks are called '" + YamlShape.shorten(n) + "'",
                                "rename one of them"));
                name.filter(n -> !Names.isName(n))
                        .ifPresent(n -> shape.add(
                                map.get("name").orElseThrow(),
                                ScenarioError.VALUE,
                                "Rack name '" + YamlShape.shorten(n) + "'",
                                "use " + Names.NAME_FORM));
                if (name.isEmpty() && labels.isEmpty()) {
                    shape.add(map, ScenarioError.MISSING, "a Rack has a name or labels", "write name: rack-a");
                }
                racks.add(new RackRef(name, name.isPresent() ? Map.of() : labels));
            } else {
                shape.add(item, ScenarioError.VALUE, "a Rack is a map", "write - name: rack-a");
            }
        }
        return racks;
    }

    private void readGears(YamlNode.Mapping top, List<RackRef> racks) {
        if (shape.items(top, "gears").isEmpty()) {
            shape.add(top, ScenarioError.MISSING, "a scenario has gears", "add gears:");
        }
        for (YamlNode item : shape.items(top, "gears")) {
            if (item instanceof YamlNode.Mapping map) {
                gear(map, racks);
            } else {
                shape.add(item, ScenarioError.VALUE, "a gear is a map", "write - name: ...");
            }
        }
    }

    private void gear(YamlNode.Mapping map, List<RackRef> racks) {
        shape.known(map, Set.of("name", "type", "deploy", "config", "labels"));
        Optional<String> name = shape.text(map, "name");
        if (name.isEmpty() || !Names.isName(name.get())) {
            shape.add(
                    map.get("name").orElse(map),
                    ScenarioError.VALUE,
                    "a gear's name is missing or malformed",
                    "use " + Names.NAME_FORM);
            return;
        }
        Optional<String> deploy = shape.text(map, "deploy");
        deploy.filter(d -> !d.contains("="))
                .ifPresent(d -> knownRack(d, racks, map.get("deploy").orElseThrow()));
        Optional<String> typeName = shape.text(map, "type");
        Optional<GearType<?>> type = typeName.flatMap(types::find);
        if (type.isEmpty()) {
            List<String> known = types.all().stream().map(GearType::name).toList();
            shape.add(
                    map.get("type").orElse(map),
                    ScenarioError.UNKNOWN_TYPE,
                    typeName.map(t -> "unknown gear type '" + YamlShape.shorten(t) + "'")
                            .orElse("a gear has a type"),
                    Suggest.hint(
                            typeName.orElse(""),
                            known,
                            "known types: " + String.join(", ", known) + "; those of your own come with --gears DIR"));
        }
        FluxMap config = FluxMap.EMPTY;
        LintedGear.Known known = LintedGear.Known.NOTHING;
        if (type.isPresent()) {
            YamlNode.Mapping written = Optional.ofNullable(shape.mapping(map, "config"))
                    .orElseGet(() -> new YamlNode.Mapping(Map.of(), map.line(), map.column()));
            YamlValues values = new YamlValues(SettingsSchema.of(type.get().settings())::isText);
            config = values.map(written);
            known = settings(type.get(), config, values, map, name.get(), deploy);
        }
        GearDef def = new GearDef(name.get(), typeName.orElse(""), deploy, config, shape.texts(map, "labels"));
        if (gears.putIfAbsent(name.get(), new LintedGear(def, known, map)) != null) {
            shape.add(
                    map.get("name").orElseThrow(),
                    ScenarioError.DUPLICATE,
                    "two gears are called '" + name.get() + "'",
                    "rename one of them");
        }
    }

    private void knownRack(String rack, List<RackRef> racks, YamlNode at) {
        if (!racks.isEmpty() && racks.stream().noneMatch(r -> r.name().equals(Optional.of(rack)))) {
            List<String> names = racks.stream().flatMap(r -> r.name().stream()).toList();
            String hint = Suggest.hint(rack, names, "add it under racks");
            shape.add(at, ScenarioError.RACK, "no Rack is called '" + YamlShape.shorten(rack) + "'", hint);
        }
    }

    private <S extends Record> LintedGear.Known settings(
            GearType<S> type,
            FluxMap config,
            YamlValues values,
            YamlNode.Mapping gear,
            String name,
            Optional<String> deploy) {
        YamlNode at = gear.get("config").orElse(gear);
        switch (SettingsSchema.of(type.settings()).read(config)) {
            case SettingsSchema.Read.Bad<S> bad -> {
                bad.problems().forEach(p -> problem(p, values, at, name));
                bad.rest().ifPresent(rest -> type.check(rest).forEach(p -> problem(p, values, at, name)));
                return LintedGear.Known.NOTHING;
            }
            case SettingsSchema.Read.Good<S> good -> {
                List<SettingsSchema.Problem> problems = type.check(good.settings());
                problems.forEach(p -> problem(p, values, at, name));
                type.specs(good.settings()).forEach(reference -> spec(reference, values.place("spec", at)));
                type.exclusive(good.settings()).forEach(resource -> exclusive(resource, name, deploy, at));
                Duration patience = type.patience(good.settings());
                if (!problems.isEmpty()) {
                    return new LintedGear.Known(Optional.empty(), patience);
                }
                GearType.Ports ports = type.ports(good.settings());
                doors.gear(name, at, type, ports, !type.specs(good.settings()).isEmpty());
                return new LintedGear.Known(Optional.of(ports), patience);
            }
        }
    }

    /** Gears that are deployed to two Racks by name never meet. */
    private void exclusive(String resource, String name, Optional<String> deploy, YamlNode at) {
        List<Holder> holders = exclusive.computeIfAbsent(resource, r -> new ArrayList<>());
        holders.stream()
                .filter(other -> other.deploy().isEmpty()
                        || deploy.isEmpty()
                        || other.deploy().get().contains("=")
                        || deploy.get().contains("=")
                        || other.deploy().equals(deploy))
                .findFirst()
                .ifPresent(other -> shape.add(
                        at,
                        ScenarioError.EXCLUSIVE,
                        "'" + name + "' and '" + other.name() + "' both want " + resource,
                        "give one of them another"));
        holders.add(new Holder(name, deploy));
    }

    private void problem(SettingsSchema.Problem problem, YamlValues values, YamlNode at, String gear) {
        String last = problem.path().substring(problem.path().lastIndexOf('.') + 1);
        String hint = Suggest.hint(last, problem.candidates(), problem.hint());
        shape.add(
                values.place(problem.path(), at),
                ScenarioError.SETTINGS,
                "gear '" + gear + "': " + problem.what(),
                hint);
    }

    private void spec(String reference, YamlNode at) {
        if (!specs.add(reference)) {
            return;
        }
        if (reference.matches("sha256:[0-9a-f]{64}")
                || reference.matches("[a-z0-9][a-z0-9._-]*:(latest|\\d+\\.\\d+\\.\\d+)")) {
            return;
        }
        try {
            Specs.Loaded read = Specs.load(besideScenario(file, reference));
            findings.addAll(read.findings());
            read.spec().ifPresent(loaded::add);
        } catch (FluxException refused) {
            shape.add(at, ScenarioError.SPEC, refused.what(), "name a file beside the scenario, or name:version");
        }
    }

    /** The spec file of this name, never outside the scenario's folder. */
    static Path besideScenario(Path scenario, String reference) {
        if (!SpecPath.isPath(reference)) {
            throw new FluxException(
                    ScenarioError.SPEC, "'" + YamlShape.shorten(reference) + "' is not a spec reference");
        }
        try {
            if (SpecPath.below(scenario.toAbsolutePath().getParent(), reference).isPresent()) {
                // Findings name the file as people know it.
                Path parent = scenario.getParent();
                return parent == null ? Path.of(reference) : parent.resolve(reference);
            }
        } catch (IOException missing) {
            throw new FluxException(ScenarioError.SPEC, "spec file '" + reference + "' cannot be read");
        }
        throw new FluxException(ScenarioError.SPEC, "spec file '" + reference + "' lies outside the scenario's folder");
    }

    private List<Wire> wires(YamlNode.Mapping top, List<RackRef> racks) {
        List<Wire> wires = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        List<YamlNode> all = new ArrayList<>(shape.items(top, "wires"));
        all.addAll(shape.items(top, "pipes"));
        BetweenRacks between = between(racks);
        for (YamlNode item : all) {
            if (!(item instanceof YamlNode.Mapping map)) {
                shape.add(item, ScenarioError.VALUE, "a wire is a map", "write - { from: a.out, to: b.in }");
                continue;
            }
            shape.known(map, Set.of("from", "to", "lane", "name"));
            Optional<Endpoint> from = endpoint(map, "from", true);
            Optional<Endpoint> to = endpoint(map, "to", false);
            from.flatMap(Endpoint::rack)
                    .ifPresent(r -> knownRack(r, racks, map.get("from").orElseThrow()));
            to.flatMap(Endpoint::rack)
                    .ifPresent(r -> knownRack(r, racks, map.get("to").orElseThrow()));
            String lane = shape.text(map, "lane").orElse("guaranteed");
            if (!lane.equals("hot") && !lane.equals("guaranteed")) {
                shape.add(
                        map.get("lane").orElseThrow(),
                        ScenarioError.VALUE,
                        "lane '" + YamlShape.shorten(lane) + "'",
                        "write hot or guaranteed");
            }
            if (from.isPresent() && to.isPresent()) {
                Wire wire = new Wire(from.get(), to.get(), lane.equals("hot") ? Lane.HOT : Lane.GUARANTEED);
                wires.add(wire);
                between.check(wire, map);
                if (!seen.add(from.get().text() + " " + to.get().text())) {
                    shape.add(map, ScenarioError.DUPLICATE, "this wire stands here twice", "remove one of them");
                }
            }
        }
        return wires;
    }

    private Optional<Endpoint> endpoint(YamlNode.Mapping wire, String key, boolean outgoing) {
        Optional<Endpoint> endpoint = wire.text(key).flatMap(Endpoint::parse);
        YamlNode at = wire.get(key).orElse(wire);
        if (endpoint.isEmpty()) {
            shape.add(
                    at,
                    ScenarioError.WIRE,
                    "'" + key + "' is not gear.port",
                    "write the gear's name, a dot, and its port");
            return Optional.empty();
        }
        LintedGear gear = gears.get(endpoint.get().gear());
        if (gear == null) {
            String hint = Suggest.hint(
                    endpoint.get().gear(),
                    gears.keySet(),
                    "gears here: " + String.join(", ", new TreeSet<>(gears.keySet())));
            shape.add(
                    at,
                    ScenarioError.WIRE,
                    "no gear is called '" + endpoint.get().gear() + "'",
                    hint);
            return Optional.empty();
        }
        String port = endpoint.get().port();
        if (gear.ports().isPresent() && !(outgoing && port.equals(GearType.Ports.ERROR))) {
            List<String> ports =
                    outgoing ? gear.ports().get().out() : gear.ports().get().in();
            if (!ports.contains(port)) {
                String hint =
                        Suggest.hint(port, ports, (outgoing ? "out-ports: " : "in-ports: ") + String.join(", ", ports));
                shape.add(
                        at,
                        ScenarioError.WIRE,
                        "gear '" + endpoint.get().gear() + "' has no " + (outgoing ? "out" : "in") + "-port '" + port
                                + "'",
                        hint);
                return Optional.empty();
            }
        }
        return endpoint;
    }

    private BetweenRacks between(List<RackRef> racks) {
        return new BetweenRacks(shape, racks, gear -> gears.get(gear).def());
    }

    private FluxMap limits(YamlNode.Mapping top) {
        YamlNode.Mapping written = shape.mapping(top, "limits");
        if (written == null) {
            return FluxMap.EMPTY;
        }
        YamlValues values = new YamlValues(SettingsSchema.of(Limits.class)::isText);
        FluxMap limits = values.map(written);
        if (SettingsSchema.of(Limits.class).read(limits) instanceof SettingsSchema.Read.Bad<Limits> bad) {
            bad.problems().forEach(p -> {
                String hint = Suggest.hint(p.path(), p.candidates(), p.hint());
                shape.add(values.place(p.path(), written), ScenarioError.SETTINGS, "limits: " + p.what(), hint);
            });
        }
        return limits;
    }
}
