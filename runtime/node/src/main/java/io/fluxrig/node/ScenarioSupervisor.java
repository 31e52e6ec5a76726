package io.fluxrig.node;

import com.typesafe.config.Config;
import io.fluxrig.scenario.Scenario;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.Value;
import io.fluxrig.vault.ControlRecord;
import io.fluxrig.vault.Vault;
import io.fluxrig.wal.Wal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.SnapshotAdapter;
import org.apache.pekko.persistence.typed.SnapshotCompleted;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;

/**
 * A Rack's memory of scenarios: the highest serial of each name, the ids of its gears, and the artifact that ran last. What is
 * remembered is what decides; files are only copies.
 */
final class ScenarioSupervisor
        extends EventSourcedBehavior<ScenarioSupervisor.Command, ControlRecord, ScenarioSupervisor.State> {

    /** The persistence id under which an auditor finds the same records. */
    static final String PERSISTENCE_ID = "scenarios";

    sealed interface Command {}

    /**
     * Remember that an artifact was accepted, and mint ids for gears that have none yet. Tells {@link Memory}.
     *
     * @param again it ran here before, and may be older than what was accepted since
     */
    record Accept(
            String name,
            long serial,
            long issued,
            Bytes identity,
            Bytes file,
            List<String> gears,
            boolean again,
            ActorRef<Memory> replyTo)
            implements Command {}

    /** Remember the policy in force, with the serials that it resets. Tells {@link Memory}. */
    record InForce(Bytes identity, Bytes file, long issued, Map<String, Long> resets, ActorRef<Memory> replyTo)
            implements Command {}

    /** Remember that it runs; {@code then} runs once that is durable. */
    record Activated(Bytes identity, Bytes file, Runnable then) implements Command {}

    /**
     * Immutable copy of what is remembered.
     *
     * @param policy the one in force
     * @param seen the latest signed time, unix seconds: time is never taken to be earlier
     */
    record Memory(
            Map<String, Serial> serials,
            Map<String, Long> gears,
            Optional<Last> last,
            Optional<Last> policy,
            long seen) {
        /** Sequence of a gear's entity id. */
        long gear(String scenario, String gear) {
            return gears.get(key(scenario, gear));
        }

        /** Sequences of a scenario's gears by name, as far as they run here. */
        Map<String, Long> gearsOf(Scenario scenario) {
            Map<String, Long> ids = new TreeMap<>();
            scenario.gears()
                    .forEach(def -> Optional.ofNullable(gears.get(key(scenario.name(), def.name())))
                            .ifPresent(sequence -> ids.put(def.name(), sequence)));
            return ids;
        }
    }

    record Serial(long serial, Bytes identity) {}

    /** The artifact that ran last; {@code file} names its bytes in the blob store. */
    record Last(Bytes identity, Bytes file) {}

    static final class State {
        private final Map<String, Serial> serials = new HashMap<>();
        private final Map<String, Long> gears = new HashMap<>();
        private Last last;
        private Last policy;
        private long seen;

        private State apply(ControlRecord record) {
            FluxMap map = record.map();
            switch (record.event()) {
                case "accepted" -> {
                    serials.put(
                            map.text("name").orElseThrow(),
                            new Serial(map.integer("serial", 0), bytes(map, "identity")));
                    seen = Math.max(seen, map.integer("issued", 0));
                }
                case "policy" -> {
                    policy = new Last(bytes(map, "identity"), bytes(map, "file"));
                    seen = Math.max(seen, map.integer("issued", 0));
                }
                case "gear" ->
                    gears.put(
                            key(
                                    map.text("scenario").orElseThrow(),
                                    map.text("name").orElseThrow()),
                            map.integer("sequence", 0));
                case "seen" -> seen = Math.max(seen, map.integer("issued", 0));
                case "activated" -> last = new Last(bytes(map, "identity"), bytes(map, "file"));
                default -> {
                    // a later version's record: kept in the journal, of no meaning here
                }
            }
            return this;
        }

        /** Everything that is remembered, as the records that would bring it about. */
        private ControlRecord snapshot() {
            List<Value> records = new ArrayList<>();
            serials.forEach(
                    (name, serial) -> records.add(accepted(name, serial.serial(), 0, serial.identity(), Bytes.EMPTY)));
            gears.forEach((key, sequence) -> {
                int slash = key.indexOf('/');
                records.add(gear(key.substring(0, slash), key.substring(slash + 1), sequence));
            });
            Optional.ofNullable(last).ifPresent(l -> records.add(activated(l.identity(), l.file())));
            Optional.ofNullable(policy).ifPresent(p -> records.add(policy(p.identity(), p.file(), seen)));
            records.add(ControlRecord.of("seen").put("issued", seen).build());
            return new ControlRecord(
                    ControlRecord.of("memory").put("records", Value.of(records)).build());
        }

        private static State of(ControlRecord snapshot) {
            State state = new State();
            if (snapshot.map().get("records") instanceof Value.Array records) {
                for (Value record : records.items()) {
                    state.apply(new ControlRecord((FluxMap) record));
                }
            }
            return state;
        }

        private Memory memory() {
            return new Memory(
                    Map.copyOf(serials),
                    Map.copyOf(gears),
                    Optional.ofNullable(last),
                    Optional.ofNullable(policy),
                    seen);
        }
    }

    private final Vault.Journal journal;
    private final ActorContext<Command> context;
    private final Path log;
    private final ActorRef<Memory> owner;

    private ScenarioSupervisor(ActorContext<Command> context, Vault.Journal journal, Path log, ActorRef<Memory> owner) {
        super(PersistenceId.ofUniqueId(PERSISTENCE_ID));
        this.context = context;
        this.log = log;
        this.journal = journal;
        this.owner = owner;
    }

    /**
     * Tells {@code owner} what is remembered once it has recovered.
     *
     * @param log where the journal writes
     */
    static Behavior<Command> create(Vault.Journal journal, Path log, ActorRef<Memory> owner) {
        return Behaviors.setup(context -> new ScenarioSupervisor(context, journal, log, owner));
    }

    @Override
    public String journalPluginId() {
        return journal.id();
    }

    @Override
    public Optional<Config> journalPluginConfig() {
        return Optional.of(journal.config());
    }

    @Override
    public String snapshotPluginId() {
        return journal.snapshotsId();
    }

    @Override
    public Optional<Config> snapshotPluginConfig() {
        return Optional.of(journal.config());
    }

    /** There are few records and little to remember: after each one, so that the archive never waits for this. */
    @Override
    public boolean shouldSnapshot(State state, ControlRecord record, long sequenceNr) {
        return true;
    }

    @Override
    public SnapshotAdapter<State> snapshotAdapter() {
        return new SnapshotAdapter<>() {
            @Override
            public Object toJournal(State state) {
                return state.snapshot();
            }

            @Override
            public State fromJournal(Object stored) {
                return State.of((ControlRecord) stored);
            }
        };
    }

    @Override
    public State emptyState() {
        return new State();
    }

    @Override
    public CommandHandler<Command, ControlRecord, State> commandHandler() {
        return (state, command) -> switch (command) {
            case Accept accept ->
                Effect()
                        .persist(recordsOf(state, accept))
                        .thenRun(s -> accept.replyTo().tell(s.memory()));
            case InForce inForce ->
                Effect()
                        .persist(recordsOf(inForce))
                        .thenRun(s -> inForce.replyTo().tell(s.memory()));
            case Activated activated ->
                Effect()
                        .persist(new ControlRecord(activated(activated.identity(), activated.file())))
                        .thenRun(s -> activated.then().run());
        };
    }

    private static FluxMap accepted(String name, long serial, long issued, Bytes identity, Bytes file) {
        return ControlRecord.of("accepted")
                .put("name", name)
                .put("serial", serial)
                .put("issued", issued)
                .put("identity", identity)
                .put("file", file)
                .build();
    }

    private static FluxMap policy(Bytes identity, Bytes file, long issued) {
        return ControlRecord.of("policy")
                .put("identity", identity)
                .put("file", file)
                .put("issued", issued)
                .build();
    }

    /** A reset serial has no artifact: nothing but a higher one may follow it. */
    private static List<ControlRecord> recordsOf(InForce inForce) {
        List<ControlRecord> records = new ArrayList<>();
        records.add(new ControlRecord(policy(inForce.identity(), inForce.file(), inForce.issued())));
        inForce.resets()
                .forEach((name, serial) ->
                        records.add(new ControlRecord(accepted(name, serial, 0, Bytes.EMPTY, Bytes.EMPTY))));
        return records;
    }

    private static FluxMap gear(String scenario, String name, long sequence) {
        return ControlRecord.of("gear")
                .put("scenario", scenario)
                .put("name", name)
                .put("sequence", sequence)
                .build();
    }

    private static FluxMap activated(Bytes identity, Bytes file) {
        return ControlRecord.of("activated")
                .put("identity", identity)
                .put("file", file)
                .build();
    }

    private static List<ControlRecord> recordsOf(State state, Accept accept) {
        List<ControlRecord> records = new ArrayList<>();
        if (!accept.again()) {
            records.add(new ControlRecord(
                    accepted(accept.name(), accept.serial(), accept.issued(), accept.identity(), accept.file())));
        }
        long next =
                state.gears.values().stream().mapToLong(Long::longValue).max().orElse(0) + 1;
        for (String gear : accept.gears()) {
            if (!state.gears.containsKey(key(accept.name(), gear))) {
                records.add(new ControlRecord(gear(accept.name(), gear, next++)));
            }
        }
        return records;
    }

    @Override
    public EventHandler<State, ControlRecord> eventHandler() {
        return (state, record) -> state.apply(record);
    }

    @Override
    public SignalHandler<State> signalHandler() {
        return newSignalHandlerBuilder()
                .onSignal(RecoveryCompleted.instance(), this::recovered)
                .onSignal(
                        SnapshotCompleted.class,
                        (state, taken) -> Wal.over(log)
                                .ifPresent(wal -> wal.confirm(
                                        PERSISTENCE_ID, taken.metadata().sequenceNr())))
                .build();
    }

    private void recovered(State state) {
        long recovered = lastSequenceNumber(context);
        boolean ahead = Wal.over(log)
                .map(wal -> wal.highestSequenceNr(PERSISTENCE_ID) < recovered)
                .orElse(false);
        if (ahead) {
            throw new FluxException(
                    NodeError.SNAPSHOT_AHEAD, "'" + log + "' ends before record " + recovered + " of the scenarios");
        }
        owner.tell(state.memory());
    }

    private static String key(String scenario, String gear) {
        return scenario + "/" + gear;
    }

    private static Bytes bytes(FluxMap map, String key) {
        return map.get(key) instanceof Value.Bin b ? b.value() : Bytes.EMPTY;
    }
}
