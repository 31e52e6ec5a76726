package io.fluxrig.node;

import io.fluxrig.gear.Draft;
import io.fluxrig.gear.Gear;
import io.fluxrig.gear.GearContext;
import io.fluxrig.gear.GearError;
import io.fluxrig.gear.GearSetup;
import io.fluxrig.gear.GearType;
import io.fluxrig.gear.GearTypes;
import io.fluxrig.gear.Intake;
import io.fluxrig.gear.Outcome;
import io.fluxrig.gear.SettingsSchema;
import io.fluxrig.gear.Signal;
import io.fluxrig.gear.SimpleGearType;
import io.fluxrig.node.Pipeline.Cause;
import io.fluxrig.scenario.Scenario;
import io.fluxrig.scenario.SwapPlan;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxEntityId;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.FluxMsg;
import io.fluxrig.spec.Spec;
import io.fluxrig.vault.LeafDraft;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The same pipeline without the world: gears that reach outside are not even constructed, and nothing happens by itself. Whoever drives it says when
 * each thing happens, with which ids, and takes the leaves that come of it.
 */
public final class OfflinePipeline {
    /** Takes what one step led to: leaves that belong together, and the branches that wait at gears now. */
    public interface Watcher {
        void leaves(List<LeafDraft> unit);

        void waiting(Waiting branch);

        /** For whoever lets time pass; a replay takes timers from the record. */
        default void timerStarted(long gear, String name, long due) {}

        default void timerCancelled(long gear, String name) {}
    }

    /** A branch that has arrived at a gear. */
    public static final class Waiting {
        private final OfflinePipeline in;
        private final GearCell cell;
        private final String port;
        private final Branch branch;
        private final boolean guaranteed;
        private final boolean onWire;

        private Waiting(OfflinePipeline in, GearCell cell, String port, Branch branch, boolean guaranteed) {
            this(in, cell, port, branch, guaranteed, false);
        }

        private Waiting(
                OfflinePipeline in, GearCell cell, String port, Branch branch, boolean guaranteed, boolean onWire) {
            this.onWire = onWire;
            this.in = in;
            this.cell = cell;
            this.port = port;
            this.branch = branch;
            this.guaranteed = guaranteed;
        }

        public long gear() {
            return cell.id();
        }

        /** Whether it is to leave by a wire to another Rack, and has not been recorded so yet. */
        public boolean beforeWire() {
            return cell.farEnd().isPresent() && !onWire;
        }

        /** Whether it is on a wire to another Rack. */
        public boolean onWire() {
            return onWire;
        }

        /** The pipeline that its signal entered. */
        public OfflinePipeline in() {
            return in;
        }

        public boolean reachesOutside() {
            return cell.reachesOutside();
        }

        /** The gear's in-port that it has come by. */
        public String port() {
            return port;
        }

        public FluxMsg message() {
            return branch.msg();
        }

        public Optional<Spec> spec() {
            return branch.spec();
        }

        /** The leaf that recorded the message. */
        public LeafDraft leaf() {
            return branch.leaf();
        }
    }

    private final Pipeline pipeline;
    private final Watcher watcher;
    private final Map<String, GearCell> cells = new LinkedHashMap<>();
    private final Map<Long, GearCell> byId = new HashMap<>();
    private final Map<String, Gear> gears = new HashMap<>();
    private final Map<String, GearType.Ports> ports = new HashMap<>();
    private final Map<String, Cause> timers;
    private final Bytes identity;
    private final Scenario scenario;
    private final Optional<OfflinePipeline> before;
    private final Deque<Long> ids = new ArrayDeque<>();
    private final Tap tap = new Tap();
    private long now;

    /**
     * @param before the pipeline that this one took over from while the Rack ran: gears go on or follow as they did then
     * @param rack where it runs; empty for all Racks as one, so that no wire leaves
     * @param gearIds the entity id of each gear by name; gears without one do not run here
     */
    public OfflinePipeline(
            Optional<OfflinePipeline> before,
            Bytes identity,
            Scenario scenario,
            Optional<String> rack,
            Map<String, Spec> specs,
            GearTypes types,
            Function<String, Optional<FluxEntityId>> gearIds,
            Watcher watcher) {
        this.before = before;
        this.identity = identity;
        this.scenario = scenario;
        this.timers = before.map(b -> b.timers).orElseGet(HashMap::new);
        this.watcher = watcher;
        tap.close();
        for (Scenario.GearDef def : scenario.gears()) {
            Optional<FluxEntityId> id = gearIds.apply(def.name());
            Optional<GearType<?>> type = types.find(def.type());
            if (id.isPresent() && type.isPresent()) {
                add(def, id.get(), type.get(), specs);
            }
        }
        pipeline = new Pipeline(
                identity,
                Wiring.of(scenario, cells, rack, (wire, other) -> new FarEnd(wire, other, 1)),
                new Credits(scenario.limits()),
                new Pipeline.Surroundings(this::took, this::nextId, () -> now, tap, null),
                this::departs);
        pipeline.wiring()
                .farEnds()
                .forEach(end -> end.startedWith(
                        (branch, wire) -> watcher.waiting(new Waiting(this, end, wire, branch, true, true))));
    }

    private <S extends Record> void add(
            Scenario.GearDef def, FluxEntityId id, GearType<S> type, Map<String, Spec> specs) {
        if (!(SettingsSchema.of(type.settings()).read(def.config()) instanceof SettingsSchema.Read.Good<S> good)) {
            return;
        }
        GearCell cell = new GearCell(def.name(), id, type);
        cells.put(def.name(), cell);
        byId.put(id.value(), cell);
        ports.put(def.name(), type.ports(good.settings()));
        if (type instanceof SimpleGearType<S> simple && !type.reachesOutside()) {
            gears.put(def.name(), make(simple, def, good.settings(), new OfflineSetup(cell, specs)));
        }
        cell.startedWith((branch, port) -> watcher.waiting(new Waiting(this, cell, port, branch, true)));
    }

    private <S extends Record> Gear make(SimpleGearType<S> type, Scenario.GearDef def, S settings, OfflineSetup setup) {
        Optional<Gear> old = before.filter(b -> b.typeOf(def.name()).equals(Optional.of(def.type())))
                .flatMap(b -> Optional.ofNullable(b.gears.get(def.name())));
        if (old.isEmpty()) {
            return type.create(settings, setup);
        }
        return SwapPlan.keeps(before.orElseThrow().scenario, scenario, def.name(), type.specs(settings))
                ? old.get()
                : type.createAfter(old.get(), settings, setup);
    }

    private Optional<String> typeOf(String gear) {
        return scenario.gears().stream()
                .filter(def -> def.name().equals(gear))
                .map(Scenario.GearDef::type)
                .findFirst();
    }

    /** The identity of its scenario. */
    public Bytes identity() {
        return identity;
    }

    private record OfflineSetup(GearCell cell, Map<String, Spec> specs) implements GearSetup {
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
            return specs.get(reference);
        }

        @Override
        public void ready(boolean ready) {
            cell.ready(ready);
        }
    }

    private void took(List<LeafDraft> leaves) {
        if (!leaves.isEmpty()) {
            watcher.leaves(leaves);
        }
    }

    private void departs(Branch branch, Wiring.Target target) {
        watcher.waiting(new Waiting(this, target.gear(), target.port(), branch, target.guaranteed()));
    }

    private long nextId() {
        Long id = ids.poll();
        if (id == null) {
            // More was born than is recorded: a difference that the missing leaf tells.
            return Long.MAX_VALUE;
        }
        return id;
    }

    private void at(long when, List<Long> recordedIds) {
        now = when;
        ids.clear();
        ids.addAll(recordedIds);
    }

    /** The name of a gear here, empty for one that this scenario does not have. */
    public Optional<String> nameOf(long gear) {
        return Optional.ofNullable(byId.get(gear)).map(GearCell::name);
    }

    /** Whether the gear was constructed, so that it can handle again. */
    public boolean isInside(long gear) {
        return byId.containsKey(gear) && gears.containsKey(byId.get(gear).name());
    }

    /** Whether this is an in-port of the gear: what a gear answers by itself enters there. */
    public boolean isInPort(long gear, String port) {
        GearType.Ports its = ports.get(byId.get(gear).name());
        return its.in().contains(port) && !its.out().contains(port);
    }

    /** How far back gears remember over a restart. */
    public Duration memory() {
        return gears.values().stream()
                .map(Gear::memory)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    public Recall.InPorts inPorts() {
        return new Recall.InPorts() {
            @Override
            public boolean remembers(long gear) {
                return isInside(gear)
                        && !gears.get(byId.get(gear).name()).memory().isZero();
            }

            @Override
            public Optional<String> behind(long fromGear, String fromPort, long toGear) {
                GearCell from = byId.get(fromGear);
                return from == null ? Optional.empty() : pipeline.wiring().behind(from, fromPort, toGear);
            }
        };
    }

    /** Tells a gear what it did before; {@code leaf} is what its timers name as their cause. */
    public void recall(Recall.Past past, long when) {
        now = when;
        GearCell cell = byId.get(past.gear());
        gears.get(cell.name()).recall(past.recollection(), new Context(cell, new Cause.Recorded(past.leaf())));
    }

    /** A recorded signal comes in from outside. */
    public void enter(long gear, String port, Draft draft, long id, long when) {
        at(when, List.of(id));
        pipeline.enterAgain(byId.get(gear), port, draft, isInPort(gear, port));
    }

    /** A branch is handled by the gear it waits at. {@code recordedIds} are those of signals that were born then. */
    public void handle(Waiting waiting, long when, List<Long> recordedIds) {
        at(when, recordedIds);
        Gear gear = gears.get(waiting.cell.name());
        Outcome outcome;
        try {
            outcome = gear.handle(
                    new Signal(waiting.branch.msg(), waiting.port, waiting.branch.spec()),
                    new Context(waiting.cell, new Cause.Fresh(waiting.branch.leaf())));
        } catch (RuntimeException crash) {
            outcome = Outcome.fail(GearError.CRASHED, SimpleCell.where(crash));
        }
        pipeline.answered(waiting.cell, waiting.branch, outcome, when);
    }

    /** A timer ran out. */
    public void timer(long gear, String name, long when, List<Long> recordedIds) {
        at(when, recordedIds);
        GearCell cell = byId.get(gear);
        Cause cause = timers.remove(cell.name() + "/" + name);
        if (cause != null) {
            pipeline.timedOut(
                    cell, name, cause, () -> gears.get(cell.name()).onTimer(name, new Context(cell, cause)), when);
        }
    }

    /** A branch is recorded as leaving; it waits for what came of it. */
    public void depart(Waiting waiting, long when) {
        at(when, List.of());
        pipeline.departed(waiting.branch, new Wiring.Target(waiting.cell, waiting.port, waiting.guaranteed));
    }

    /** A branch is recorded as handed over to another Rack, with this note; it waits for what came of it. */
    public void cross(Waiting waiting, FluxMap note, long when) {
        at(when, List.of());
        pipeline.crossed(waiting.branch, new Wiring.Target(waiting.cell, waiting.port, true), note);
    }

    /** Another Rack took it, or never will. */
    public void leftWire(Waiting waiting, Optional<Outcome.Failed> failure, long when) {
        at(when, List.of());
        pipeline.parked(waiting.branch.signal());
        pipeline.leftWire(
                waiting.cell, waiting.branch.signal(), new Cause.Fresh(waiting.branch.leaf()), failure, () -> {});
    }

    /** A recorded signal arrives from another Rack; false where no wire of this name ends here. */
    public boolean arrive(String wire, FluxMsg message, Optional<Spec> spec, FluxMap note, long when) {
        at(when, List.of());
        Optional<Wiring.Arrival> arrival = pipeline.wiring().arrival(wire);
        arrival.ifPresent(
                by -> pipeline.arriveAgain(by, new Arrived(message, spec, Intake.SignalClass.REQUEST, 0, note)));
        return arrival.isPresent();
    }

    /** What came of it outside. */
    public void outsideAnswered(Waiting waiting, Outcome outcome, long when) {
        at(when, List.of());
        pipeline.answered(waiting.cell, waiting.branch, outcome, when);
    }

    /** A recorded signal is driven again after a crash. */
    public void driveAgain(long gear, String port, FluxMsg message, Optional<Spec> spec, LeafDraft redrive, long when) {
        at(when, List.of());
        pipeline.driveAgain(byId.get(gear), port, message, spec, redrive, 0);
    }

    private final class Context implements GearContext {
        private final GearCell cell;
        private final Cause cause;

        Context(GearCell cell, Cause cause) {
            this.cell = cell;
            this.cause = cause;
        }

        @Override
        public long now() {
            return now;
        }

        @Override
        public void startTimer(String name, Duration after) {
            timers.put(cell.name() + "/" + name, cause);
            watcher.timerStarted(cell.id(), name, now + after.toNanos());
        }

        @Override
        public void cancelTimer(String name) {
            timers.remove(cell.name() + "/" + name);
            watcher.timerCancelled(cell.id(), name);
        }

        @Override
        public void count(String counter) {}

        @Override
        public void gauge(String name, long value) {}
    }
}
