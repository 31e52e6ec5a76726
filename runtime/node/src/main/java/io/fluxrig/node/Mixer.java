package io.fluxrig.node;

import com.typesafe.config.Config;
import io.fluxrig.scenario.Passport;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxEntityId;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.SigningKey;
import io.fluxrig.signal.Value;
import io.fluxrig.vault.ControlRecord;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryFailed;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;

/**
 * The control plane: enrols Racks and gives each its entity id and machine id, for good. A grant is told only after it is
 * persisted. Runs as a cluster singleton.
 */
public final class Mixer extends EventSourcedBehavior<Mixer.Command, ControlRecord, Mixer.State> {

    public sealed interface Command {}

    /** A Rack asks for its passport; {@code key} is its raw public key. Asking again gives the same grant. */
    public record Enrol(String name, Bytes key, ActorRef<EnrolReply> replyTo) implements Command {}

    public sealed interface EnrolReply {}

    /** A signed passport file. */
    public record Enrolled(Bytes passport) implements EnrolReply {}

    public record NotEnrolled(String why) implements EnrolReply {}

    /** What a Rack was granted. */
    private record Grant(long sequence, int machine, Bytes key) {}

    /** Grants by Rack name. */
    static final class State {
        private final Map<String, Grant> grants = new TreeMap<>();

        private State apply(ControlRecord record) {
            if (record.event().equals("enrolled")) {
                FluxMap map = record.map();
                grants.put(
                        map.text("name").orElseThrow(),
                        new Grant(
                                map.integer("sequence", 0),
                                (int) map.integer("machine", 0),
                                ((Value.Bin) map.get("key")).value()));
            }
            return this;
        }

        private int highestMachine() {
            return grants.values().stream().mapToInt(Grant::machine).max().orElse(0);
        }
    }

    private static final int MAX_MACHINE = 65_535;

    /** Under which Racks are minted. Only the Mixer mints Racks, so that their sequence alone tells them apart. */
    private static final int MINTING_MACHINE = 1;

    private final String site;
    private final SigningKey root;
    private final Clock clock;
    private final String journalId;
    private final Config journal;
    private final Consumer<Throwable> onFault;

    private Mixer(
            String site, SigningKey root, Clock clock, String journalId, Config journal, Consumer<Throwable> onFault) {
        super(PersistenceId.ofUniqueId("mixer"));
        this.site = site;
        this.root = root;
        this.clock = clock;
        this.journalId = journalId;
        this.journal = journal;
        this.onFault = onFault;
    }

    /**
     * @param root signs the passports of {@code site}
     * @param onFault told why its journal cannot be read
     */
    public static Behavior<Command> create(
            String site, SigningKey root, Clock clock, String journalId, Config journal, Consumer<Throwable> onFault) {
        return Behaviors.setup(context -> new Mixer(site, root, clock, journalId, journal, onFault));
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
            case Enrol enrol -> enrol(state, enrol);
        };
    }

    private Effect<ControlRecord, State> enrol(State state, Enrol enrol) {
        Grant known = state.grants.get(enrol.name());
        if (known != null && !known.key().equals(enrol.key())) {
            return Effect()
                    .none()
                    .thenRun(s -> enrol.replyTo()
                            .tell(new NotEnrolled("the name '" + enrol.name() + "' belongs to another key")));
        }
        if (known != null) {
            return Effect().none().thenRun(s -> enrol.replyTo().tell(new Enrolled(passport(enrol.name(), known))));
        }
        int machine = state.highestMachine() + 1;
        if (machine > MAX_MACHINE) {
            return Effect().none().thenRun(s -> enrol.replyTo().tell(new NotEnrolled("all machine ids are granted")));
        }
        Grant grant = new Grant(state.grants.size() + 1L, machine, enrol.key());
        ControlRecord record = new ControlRecord(ControlRecord.of("enrolled")
                .put("name", enrol.name())
                .put("sequence", grant.sequence())
                .put("machine", grant.machine())
                .put("key", grant.key())
                .build());
        return Effect().persist(record).thenRun(s -> enrol.replyTo().tell(new Enrolled(passport(enrol.name(), grant))));
    }

    private Bytes passport(String name, Grant grant) {
        long entity = FluxEntityId.of(FluxEntityId.Type.RACK, MINTING_MACHINE, grant.sequence())
                .value();
        Passport passport = new Passport(
                site,
                name,
                entity,
                List.of(grant.machine()),
                grant.key(),
                1,
                clock.instant().getEpochSecond(),
                Map.of());
        return Bytes.wrap(passport.sign(root));
    }

    @Override
    public EventHandler<State, ControlRecord> eventHandler() {
        return (state, record) -> state.apply(record);
    }

    @Override
    public SignalHandler<State> signalHandler() {
        return newSignalHandlerBuilder()
                .onSignal(RecoveryFailed.class, (state, failed) -> onFault.accept(failed.getFailure()))
                .build();
    }

    /** The reply as a value or a refusal. */
    static Bytes passportOf(EnrolReply reply) {
        return switch (reply) {
            case Enrolled enrolled -> enrolled.passport();
            case NotEnrolled refused -> throw new FluxException(NodeError.NOT_ENROLLED, refused.why());
        };
    }
}
