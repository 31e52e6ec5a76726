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
import io.fluxrig.scenario.SwapPlan;
import io.fluxrig.scenario.VerifiedScenario;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxEntityId;
import io.fluxrig.signal.FluxException;
import io.fluxrig.spec.Spec;
import java.nio.channels.Channel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * One verified scenario as it is brought up on a Rack: simple gears first, then gears that reach outside, and last those that
 * listen, so that nothing enters before everything behind it stands.
 */
final class Activation {
    private static final AtomicLong SPAWNED = new AtomicLong();

    /** A gear of the scenario with its settings read, and what stands for it once it has been started. */
    private static final class Part {
        private final GearCell cell;
        private final GearType<?> type;
        private final Record settings;
        private SimpleCell.Inside inside;
        private ActorRef<SimpleCell.Command> actor;
        private ActorCell outside;

        Part(GearCell cell, GearType<?> type, Record settings) {
            this.cell = cell;
            this.type = type;
            this.settings = settings;
        }

        GearCell cell() {
            return cell;
        }

        GearType<?> type() {
            return type;
        }

        Record settings() {
            return settings;
        }

        boolean isStarted() {
            return actor != null || outside != null;
        }
    }

    private final VerifiedScenario scenario;
    private final Map<String, Spec> specs;
    private final Pipeline pipeline;
    private final Tap tap;
    private final Heirlooms heirlooms;
    private final Map<String, Part> parts;
    /** Parts of the activation before this one that simple gears follow. */
    private final Map<String, Part> predecessors = new HashMap<>();

    private Activation(
            VerifiedScenario scenario,
            Map<String, Spec> specs,
            Optional<Credits> credits,
            Pipeline.Surroundings surroundings,
            Heirlooms heirlooms,
            Map<String, Part> parts) {
        this.scenario = scenario;
        this.specs = specs;
        this.tap = surroundings.tap();
        this.heirlooms = heirlooms;
        this.parts = parts;
        Map<String, GearCell> byName = new LinkedHashMap<>();
        parts.forEach((name, part) -> byName.put(name, part.cell()));
        this.pipeline = new Pipeline(
                scenario.identity(),
                Wiring.of(
                        scenario.scenario(),
                        byName,
                        Optional.of(surroundings.handOver().rack()),
                        surroundings.handOver()),
                credits.orElseGet(() -> new Credits(scenario.scenario().limits())),
                surroundings);
        parts.values().stream()
                .filter(part -> !part.isStarted())
                .forEach(part -> part.cell().belongsTo(pipeline));
    }

    /** Reads the settings of every gear that runs on {@code rack}; nothing is started yet. */
    static Activation of(
            VerifiedScenario scenario,
            VerifiedScenario.Prepared prepared,
            RackPlace rack,
            Function<String, FluxEntityId> ids,
            Pipeline.Surroundings surroundings,
            Heirlooms heirlooms) {
        Map<String, Part> parts = new LinkedHashMap<>();
        eachGear(scenario, rack, def -> parts.put(def.name(), fresh(def, prepared.types(), ids)));
        return new Activation(scenario, prepared.specs(), Optional.empty(), surroundings, heirlooms, parts);
    }

    /** As {@link #of}, where gears that {@code plan} keeps are those that run, and changed ones follow those of {@code before}. */
    static Activation after(
            Activation before,
            SwapPlan plan,
            VerifiedScenario scenario,
            VerifiedScenario.Prepared prepared,
            RackPlace rack,
            Function<String, FluxEntityId> ids,
            Pipeline.Surroundings surroundings) {
        Map<String, Part> parts = new LinkedHashMap<>();
        eachGear(
                scenario,
                rack,
                def -> parts.put(
                        def.name(),
                        plan.gears().get(def.name()) == SwapPlan.GearFate.KEPT
                                ? before.parts.get(def.name())
                                : fresh(def, prepared.types(), ids)));
        boolean sameLimits =
                before.scenario.scenario().limits().equals(scenario.scenario().limits());
        Activation next = new Activation(
                scenario,
                prepared.specs(),
                sameLimits ? Optional.of(before.pipeline.credits()) : Optional.empty(),
                surroundings,
                before.heirlooms,
                parts);
        plan.names(SwapPlan.GearFate.CHANGED).forEach(name -> next.predecessors.put(name, before.parts.get(name)));
        return next;
    }

    private static void eachGear(VerifiedScenario scenario, RackPlace rack, Consumer<Scenario.GearDef> then) {
        scenario.scenario().gears().stream()
                .filter(def -> scenario.scenario().runsOn(def, rack.name(), rack.labels()))
                .forEach(then);
    }

    private static Part fresh(Scenario.GearDef def, GearTypes types, Function<String, FluxEntityId> ids) {
        GearType<?> type = types.find(def.type())
                .orElseThrow(
                        () -> new FluxException(NodeError.START, "gear type '" + def.type() + "' is not known here"));
        return new Part(new GearCell(def.name(), ids.apply(def.name()), type), type, settings(def, type));
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

    Set<String> gearNames() {
        return parts.keySet();
    }

    /** Whether this gear is one of those that run. */
    boolean runs(ActorCell outside) {
        return parts.values().stream().anyMatch(part -> part.outside == outside);
    }

    Map<String, Boolean> links() {
        Map<String, Boolean> links = new LinkedHashMap<>();
        parts.values().stream()
                .filter(p -> p.type().reachesOutside())
                .forEach(p -> links.put(p.cell().name(), p.cell().ready()));
        return links;
    }

    /** Whether a gear of this name runs here that is the very one of {@code other}. */
    boolean shares(Activation other, String gear) {
        return parts.containsKey(gear) && parts.get(gear) == other.parts.get(gear);
    }

    /** The cell of a gear by its entity id; null where the scenario has none of that id here. */
    GearCell cellOf(long gearId) {
        return parts.values().stream()
                .map(Part::cell)
                .filter(c -> c.id() == gearId)
                .findFirst()
                .orElse(null);
    }

    /**
     * Whether what enters by this port, or arrives by this wire, travels on the guaranteed lane and never leaves before that is recorded, whichever way it takes: only then a signal of
     * which nothing is recorded as leaving has certainly not left.
     */
    boolean entersGuaranteed(String gear, String port) {
        List<Wiring.Target> first = pipeline.wiring()
                .arrival(port)
                .map(arrival -> List.of(arrival.target()))
                .orElseGet(() -> pipeline.wiring().from(gear, port));
        return first.stream().allMatch(Wiring.Target::guaranteed)
                && pipeline.wiring()
                        .within(first)
                        .filter(t -> t.gear().reachesOutside())
                        .allMatch(Wiring.Target::guaranteed);
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
                return from == null ? Optional.empty() : pipeline.wiring().behind(from, fromPort, toGear);
            }
        };
    }

    /** The spec of this hash, where the scenario lists it. */
    Optional<Spec> specOf(Bytes sha256) {
        return specs.values().stream().filter(s -> s.sha256().equals(sha256)).findFirst();
    }

    Gear gear(String name) {
        return parts.get(name).inside.gear();
    }

    GearType.Recovery recoveryOf(GearCell cell) {
        Part part = parts.get(cell.name());
        return recovery(part.type(), part.settings());
    }

    private static <S extends Record> GearType.Recovery recovery(GearType<S> type, Record settings) {
        return type.recovery(type.settings().cast(settings));
    }

    /** Starts gears in their simple form; they take signals at once. One that follows another stays with its actor. */
    Map<String, ActorRef<SimpleCell.Command>> startSimple(ActorContext<?> context) {
        Map<String, ActorRef<SimpleCell.Command>> cells = new HashMap<>();
        for (Part part : parts.values()) {
            if (!part.isStarted() && part.type() instanceof SimpleGearType<?> simple) {
                Part before = predecessors.get(part.cell().name());
                boolean follows = before != null && before.actor != null;
                Gear gear = follows ? makeAfter(before.inside.gear(), simple, part) : make(simple, part);
                part.inside = follows
                        ? before.inside.followedBy(part.cell(), gear)
                        : new SimpleCell.Inside(part.cell(), gear);
                part.actor =
                        follows ? before.actor : context.spawn(SimpleCell.create(part.inside, tap), actorName(part));
                SimpleCell.Inside inside = part.inside;
                ActorRef<SimpleCell.Command> actor = part.actor;
                part.cell().startedWith((branch, port) -> actor.tell(new SimpleCell.Handle(inside, branch, port)));
                cells.put(part.cell().name(), actor);
            }
        }
        return Map.copyOf(cells);
    }

    /** Starts gears that reach outside; those that hold something exclusive (a listening port) come last. */
    List<ActorCell> startOutside(ActorContext<?> context) {
        List<ActorCell> started = new ArrayList<>();
        startOutside(context, false, started);
        startOutside(context, true, started);
        return started;
    }

    /** {@code started} holds what has been started even where one of them refuses. */
    void startOutside(ActorContext<?> context, boolean exclusive, List<ActorCell> started) {
        for (Part part : parts.values()) {
            boolean wanted = !part.isStarted()
                    && part.type() instanceof ActorGearType<?>
                    && exclusive(part.type(), part.settings()).isEmpty() != exclusive;
            if (wanted) {
                ActorCell cell = new ActorCell(part.cell());
                Behavior<GearCommand> behavior = make((ActorGearType<?>) part.type(), part);
                cell.started(context.spawn(behavior, actorName(part)));
                part.outside = cell;
                started.add(cell);
            }
        }
    }

    /** Names of gears that can do their work less than those they follow: what replaces a link must be up before it does. */
    List<String> notReadyYet() {
        return predecessors.entrySet().stream()
                .filter(e -> e.getValue().cell().ready()
                        && !parts.get(e.getKey()).cell().ready())
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    /** New signals go through this pipeline from now on, by whichever gear they enter. */
    void takeOver() {
        parts.values().forEach(part -> {
            part.cell().belongsTo(pipeline);
            if (part.actor != null) {
                part.actor.tell(new SimpleCell.Follow(part.inside));
            }
        });
    }

    /** What correlating gears wait for. */
    long openExchanges() {
        return parts.values().stream()
                .filter(part -> part.inside != null)
                .mapToLong(part -> part.inside.openExchanges())
                .sum();
    }

    /** Whether every gear inside has taken over from the one it follows. */
    private boolean isInCharge() {
        return parts.values().stream().allMatch(part -> part.inside == null || part.inside.inCharge());
    }

    /** What stands here and not in {@code next}. */
    Leftovers without(Activation next) {
        Set<Object> stays = new HashSet<>();
        next.parts.values().forEach(part -> {
            stays.add(part.outside);
            stays.add(part.actor);
        });
        Leftovers left = new Leftovers(pipeline, next::isInCharge);
        for (Part part : parts.values()) {
            if (part.outside != null && !stays.contains(part.outside)) {
                left.outside.add(part.outside);
                boolean link = exclusive(part.type(), part.settings()).isEmpty();
                if (link) {
                    next.parts.values().stream()
                            .filter(p -> p.inside != null && p.type().correlates())
                            .forEach(p -> left.repliedByLinks.add(p.inside));
                }
            }
            if (part.actor != null && !stays.contains(part.actor)) {
                left.inside.add(part.actor);
                if (part.type().correlates()) {
                    left.correlators.add(part.inside);
                    left.waiting.add(part.actor);
                }
            }
        }
        return left;
    }

    void drain() {
        pipeline.drain();
        parts.values().stream()
                .filter(part -> part.outside != null)
                .forEach(part -> part.outside.actor().tell(GearCommand.Drain.INSTANCE));
    }

    /** A gear's successor may stand beside it for a while. */
    private static String actorName(Part part) {
        return "gear-" + part.cell().name() + "~" + SPAWNED.incrementAndGet();
    }

    private static <S extends Record> Set<String> exclusive(GearType<S> type, Record settings) {
        return type.exclusive(type.settings().cast(settings));
    }

    private <S extends Record> Gear make(SimpleGearType<S> type, Part part) {
        return type.create(type.settings().cast(part.settings()), new Setup(part.cell()));
    }

    private <S extends Record> Gear makeAfter(Gear before, SimpleGearType<S> type, Part part) {
        return type.createAfter(before, type.settings().cast(part.settings()), new Setup(part.cell()));
    }

    private <S extends Record> Behavior<GearCommand> make(ActorGearType<S> type, Part part) {
        return type.create(
                type.settings().cast(part.settings()), new Setup(part.cell()), Pipeline.intakeOf(part.cell()));
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
        public <T extends Channel> T exclusive(String resource, Class<T> type, Supplier<T> open) {
            return heirlooms.pass(resource, type, open);
        }

        @Override
        public void ready(boolean ready) {
            cell.ready(ready);
            tap.copy(new Fact.Link(cell.name(), ready));
        }
    }
}
