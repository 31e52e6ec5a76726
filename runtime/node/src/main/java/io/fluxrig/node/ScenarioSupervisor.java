package io.fluxrig.node;

import com.typesafe.config.Config;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.Value;
import io.fluxrig.vault.ControlRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
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

    /** Remember that an artifact was accepted, and mint ids for gears that have none yet. Tells {@link Memory}. */
    record Accept(String name, long serial, Bytes identity, Bytes file, List<String> gears, ActorRef<Memory> replyTo)
            implements Command {}

    /** Remember that it runs. */
    record Activated(Bytes identity, Bytes file) implements Command {}

    /** Immutable copy of what is remembered. */
    record Memory(Map<String, Serial> serials, Map<String, Long> gears, Optional<Last> last) {
        /** Sequence of a gear's entity id. */
        long gear(String scenario, String gear) {
            return gears.get(key(scenario, gear));
        }
    }

    record Serial(long serial, Bytes identity) {}

    /** The artifact that ran last; {@code file} names its bytes in the blob store. */
    record Last(Bytes identity, Bytes file) {}

    static final class State {
        private final Map<String, Serial> serials = new HashMap<>();
        private final Map<String, Long> gears = new HashMap<>();
        private Last last;

        private State apply(ControlRecord record) {
            FluxMap map = record.map();
            switch (record.event()) {
                case "accepted" ->
                    serials.put(
                            map.text("name").orElseThrow(),
                            new Serial(map.integer("serial", 0), bytes(map, "identity")));
                case "gear" ->
                    gears.put(
                            key(
                                    map.text("scenario").orElseThrow(),
                                    map.text("name").orElseThrow()),
                            map.integer("sequence", 0));
                case "activated" -> last = new Last(bytes(map, "identity"), bytes(map, "file"));
                default -> {
                    // a later version's record: kept in the journal, of no meaning here
                }
            }
            return this;
        }

        private Memory memory() {
            return new Memory(Map.copyOf(serials), Map.copyOf(gears), Optional.ofNullable(last));
        }
    }

    private final String journalId;
    private final Config journal;
    private final ActorRef<Memory> owner;

    private ScenarioSupervisor(String journalId, Config journal, ActorRef<Memory> owner) {
        super(PersistenceId.ofUniqueId(PERSISTENCE_ID));
        this.journalId = journalId;
        this.journal = journal;
        this.owner = owner;
    }

    /** Tells {@code owner} what is remembered once it has recovered. */
    static Behavior<Command> create(String journalId, Config journal, ActorRef<Memory> owner) {
        return Behaviors.setup(context -> new ScenarioSupervisor(journalId, journal, owner));
    }

    @Override
    public String journalPluginId() {
        return journalId;
    }

    @Override
    public Optional<Config> journalPluginConfig() {
        return Optional.of(journal);
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
            case Activated activated ->
                Effect()
                        .persist(new ControlRecord(ControlRecord.of("activated")
                                .put("identity", activated.identity())
                                .put("file", activated.file())
                                .build()));
        };
    }

    private static List<ControlRecord> recordsOf(State state, Accept accept) {
        List<ControlRecord> records = new ArrayList<>();
        records.add(new ControlRecord(ControlRecord.of("accepted")
                .put("name", accept.name())
                .put("serial", accept.serial())
                .put("identity", accept.identity())
                .put("file", accept.file())
                .build()));
        long next =
                state.gears.values().stream().mapToLong(Long::longValue).max().orElse(0) + 1;
        for (String gear : accept.gears()) {
            if (!state.gears.containsKey(key(accept.name(), gear))) {
                records.add(new ControlRecord(ControlRecord.of("gear")
                        .put("scenario", accept.name())
                        .put("name", gear)
                        .put("sequence", next++)
                        .build()));
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
                .onSignal(RecoveryCompleted.instance(), state -> owner.tell(state.memory()))
                .build();
    }

    private static String key(String scenario, String gear) {
        return scenario + "/" + gear;
    }

    private static Bytes bytes(FluxMap map, String key) {
        return map.get(key) instanceof Value.Bin b ? b.value() : Bytes.EMPTY;
    }
}
