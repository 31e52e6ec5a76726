package io.fluxrig.node;

import io.fluxrig.gear.ActorGearType;
import io.fluxrig.gear.Gear;
import io.fluxrig.gear.GearCommand;
import io.fluxrig.gear.GearSetup;
import io.fluxrig.gear.GearType;
import io.fluxrig.gear.GearTypes;
import io.fluxrig.gear.SettingsSchema;
import io.fluxrig.gear.SimpleGearType;
import io.fluxrig.scenario.Scenario;
import io.fluxrig.scenario.VerifiedScenario;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxEntityId;
import io.fluxrig.signal.FluxException;
import io.fluxrig.spec.Spec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * One verified scenario as it is brought up on a Rack: simple gears first, then gears that reach outside, and last those that
 * listen, so that nothing enters before everything behind it stands.
 */
final class Activation {
    /** A gear of the scenario with its settings read. */
    private record Part(GearCell cell, GearType<?> type, Record settings) {}

    private final VerifiedScenario scenario;
    private final Map<String, Spec> specs;
    private final Pipeline pipeline;
    private final Tap tap;
    private final Map<String, Part> parts = new LinkedHashMap<>();
    private final Map<String, Gear> gears = new HashMap<>();
    private final Map<String, ActorRef<SimpleCell.Command>> cells = new HashMap<>();
    private final List<ActorCell> outside = new ArrayList<>();

    private Activation(
            VerifiedScenario scenario,
            Map<String, Spec> specs,
            Credits credits,
            Pipeline.Surroundings surroundings,
            Map<String, Part> parts) {
        this.scenario = scenario;
        this.specs = specs;
        this.tap = surroundings.tap();
        this.parts.putAll(parts);
        Map<String, GearCell> byName = new LinkedHashMap<>();
        parts.forEach((name, part) -> byName.put(name, part.cell()));
        this.pipeline =
                new Pipeline(scenario.identity(), Wiring.of(scenario.scenario(), byName), credits, surroundings);
    }

    /** Reads the settings of every gear that runs on {@code rack}; nothing is started yet. */
    static Activation of(
            VerifiedScenario scenario,
            Map<String, Spec> specs,
            GearTypes types,
            RackPlace rack,
            Function<String, FluxEntityId> ids,
            Pipeline.Surroundings surroundings) {
        Map<String, Part> parts = new LinkedHashMap<>();
        for (Scenario.GearDef def : scenario.scenario().gears()) {
            if (scenario.scenario().runsOn(def, rack.name(), rack.labels())) {
                GearType<?> type = types.find(def.type())
                        .orElseThrow(() ->
                                new FluxException(NodeError.START, "gear type '" + def.type() + "' is not known here"));
                parts.put(
                        def.name(),
                        new Part(new GearCell(def.name(), ids.apply(def.name()), type), type, settings(def, type)));
            }
        }
        return new Activation(scenario, specs, new Credits(scenario.scenario().limits()), surroundings, parts);
    }

    /** Where a scenario is brought up. */
    record RackPlace(String name, Map<String, String> labels) {}

    private static Record settings(Scenario.GearDef def, GearType<?> type) {
        return switch (SettingsSchema.of(type.settings()).read(def.config())) {
            case SettingsSchema.Read.Good<?> good -> (Record) good.settings();
            case SettingsSchema.Read.Bad<?> bad ->
                throw new FluxException(
                        NodeError.START,
                        "gear '" + def.name() + "': "
                                + bad.problems().getFirst().what());
        };
    }

    Pipeline pipeline() {
        return pipeline;
    }

    VerifiedScenario scenario() {
        return scenario;
    }

    Map<String, Boolean> links() {
        Map<String, Boolean> links = new LinkedHashMap<>();
        parts.values().stream()
                .filter(p -> p.type().reachesOutside())
                .forEach(p -> links.put(p.cell().name(), p.cell().ready()));
        return links;
    }

    /** The cell of a gear by its entity id; null where the scenario has none of that id here. */
    GearCell cellOf(long gearId) {
        return parts.values().stream()
                .map(Part::cell)
                .filter(c -> c.id() == gearId)
                .findFirst()
                .orElse(null);
    }

    /** Whether what enters by this port travels on the guaranteed lane. */
    boolean entersGuaranteed(String gear, String port) {
        return pipeline.wiring().from(gear, port).stream().allMatch(Wiring.Target::guaranteed);
    }

    long idOf(String gear) {
        return parts.get(gear).cell().id();
    }

    Recall.InPorts inPorts(Set<Long> remembering) {
        return new Recall.InPorts() {
            @Override
            public boolean remembers(long gear) {
                return remembering.contains(gear);
            }

            @Override
            public Optional<String> behind(long fromGear, String fromPort, long toGear) {
                GearCell from = cellOf(fromGear);
                return from == null
                        ? Optional.empty()
                        : pipeline.wiring().from(from.name(), fromPort).stream()
                                .filter(t -> t.gear().id() == toGear)
                                .map(Wiring.Target::port)
                                .findFirst();
            }
        };
    }

    /** The spec of this hash, where the scenario lists it. */
    Optional<Spec> specOf(Bytes sha256) {
        return specs.values().stream().filter(s -> s.sha256().equals(sha256)).findFirst();
    }

    Gear gear(String name) {
        return gears.get(name);
    }

    GearType.Recovery recoveryOf(GearCell cell) {
        Part part = parts.get(cell.name());
        return recovery(part.type(), part.settings());
    }

    private static <S extends Record> GearType.Recovery recovery(GearType<S> type, Record settings) {
        return type.recovery(type.settings().cast(settings));
    }

    /** Starts gears in their simple form; they take signals at once. */
    Map<String, ActorRef<SimpleCell.Command>> startSimple(ActorContext<?> context) {
        for (Part part : parts.values()) {
            if (part.type() instanceof SimpleGearType<?> simple) {
                Gear gear = make(simple, part);
                gears.put(part.cell().name(), gear);
                ActorRef<SimpleCell.Command> actor =
                        context.spawn(SimpleCell.create(pipeline, part.cell(), gear, tap), actorName(part));
                cells.put(part.cell().name(), actor);
                part.cell().startedWith((branch, port) -> actor.tell(new SimpleCell.Handle(branch, port)));
            }
        }
        return Map.copyOf(cells);
    }

    /** Starts gears that reach outside; those that hold something exclusive (a listening port) come last. */
    List<ActorCell> startOutside(ActorContext<?> context) {
        parts.values().stream()
                .filter(p -> p.type() instanceof ActorGearType<?>)
                .sorted(Comparator.comparing(
                        p -> !exclusive(p.type(), p.settings()).isEmpty()))
                .forEach(part -> {
                    ActorRef<GearCommand> actor =
                            context.spawn(make((ActorGearType<?>) part.type(), part), actorName(part));
                    ActorCell cell = new ActorCell(pipeline, part.cell(), actor);
                    part.cell().startedWith(cell::accept);
                    outside.add(cell);
                });
        return List.copyOf(outside);
    }

    void drain() {
        pipeline.drain();
        outside.forEach(cell -> cell.actor().tell(GearCommand.Drain.INSTANCE));
    }

    private static String actorName(Part part) {
        return "gear-" + part.cell().name();
    }

    private static <S extends Record> Set<String> exclusive(GearType<S> type, Record settings) {
        return type.exclusive(type.settings().cast(settings));
    }

    private <S extends Record> Gear make(SimpleGearType<S> type, Part part) {
        return type.create(type.settings().cast(part.settings()), new Setup(part.cell()));
    }

    private <S extends Record> Behavior<GearCommand> make(ActorGearType<S> type, Part part) {
        return type.create(
                type.settings().cast(part.settings()), new Setup(part.cell()), pipeline.intakeOf(part.cell()));
    }

    private final class Setup implements GearSetup {
        private final GearCell cell;

        Setup(GearCell cell) {
            this.cell = cell;
        }

        @Override
        public String name() {
            return cell.name();
        }

        @Override
        public FluxEntityId id() {
            return cell.entity();
        }

        @Override
        public Spec spec(String reference) {
            Spec spec = specs.get(reference);
            if (spec == null) {
                throw new FluxException(NodeError.START, "the scenario does not list spec '" + reference + "'");
            }
            return spec;
        }

        @Override
        public void count(String counter) {
            tap.gearCounted(cell.name(), counter);
        }

        @Override
        public void ready(boolean ready) {
            cell.ready(ready);
        }
    }
}
