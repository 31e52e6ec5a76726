package io.fluxrig.node;

import com.typesafe.config.Config;
import io.fluxrig.scenario.Authority;
import io.fluxrig.scenario.DataDir;
import io.fluxrig.scenario.Passport;
import io.fluxrig.scenario.Policy;
import io.fluxrig.scenario.Roster;
import io.fluxrig.scenario.Scenario;
import io.fluxrig.scenario.Trust;
import io.fluxrig.scenario.VerifiedScenario;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.Checkpoint;
import io.fluxrig.signal.Cosignature;
import io.fluxrig.signal.FluxEntityId;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.SignedArtifact;
import io.fluxrig.signal.SigningKey;
import io.fluxrig.vault.ControlRecord;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.RecoveryFailed;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;

/**
 * The control plane: enrols Racks and gives each its entity id and machine id, for good. A grant is told only after it is
 * persisted. Runs as a cluster singleton, behind a {@link MixerSeat} that tells it nothing before its epoch has begun.
 */
public final class Mixer extends EventSourcedBehavior<Mixer.Command, ControlRecord, Mixer.State> {

    public sealed interface Command {}

    /**
     * A Rack asks for its passport. Asking again gives the same grant.
     *
     * @param key its raw public key
     * @param ticket as text, empty for none
     */
    public record Enrol(String name, Bytes key, String ticket, ActorRef<EnrolReply> replyTo) implements Command {}

    /** An operator decides about a Rack. */
    record Decide(String rack, Enrolment.Order order, String who, String why, ActorRef<LookReply> replyTo)
            implements Command {}

    public sealed interface EnrolReply {}

    /** A signed passport file, and the roster of whoever gives it. */
    public record Enrolled(Bytes passport, Bytes roster) implements EnrolReply {}

    public record NotEnrolled(String why) implements EnrolReply {}

    /** Ask again: an operator has not said yes. */
    public record NotYet(String why) implements EnrolReply {}

    /** A Rack runs, or runs something else now. */
    record Here(String rack, ActorRef<Rack.Command> ref, String scenario, long serial, Bytes identity)
            implements Command {}

    /** A Rack that was here has stopped, or its node is no member any more. */
    record Gone(String rack, ActorRef<Rack.Command> ref) implements Command {}

    /** Keep this artifact, and have every Rack verify it. */
    record Push(Bytes file, ActorRef<ReleaseReply> replyTo) implements Command {}

    /** What would running it do? */
    record Plan(Bytes file, ActorRef<ReleaseReply> replyTo) implements Command {}

    /** @param identity in hex; its beginning is enough */
    record Activate(String identity, Optional<Canary> canary, ActorRef<ReleaseReply> replyTo) implements Command {}

    /** Activate what was signed in advance to bring old content back. */
    record Rollback(ActorRef<ReleaseReply> replyTo) implements Command {}

    /** Put this policy in force here and on every Rack. */
    record Govern(Bytes file, ActorRef<ReleaseReply> replyTo) implements Command {}

    record Look(ActorRef<LookReply> replyTo) implements Command {}

    /** Begin an epoch, or go on in the one that this seat has begun before. */
    enum Begin implements Command {
        INSTANCE
    }

    /** A Rack shows its newest checkpoint; the Mixer countersigns it where the log only grew. */
    record ShowCheckpoint(
            Bytes passport, Bytes note, long proofFrom, List<Bytes> proof, ActorRef<CheckpointOverseer.Seen> replyTo)
            implements Command {}

    /** Facts about signals, as {@link SignalFacts} encodes them. */
    record TakeSignals(Bytes facts, ActorRef<SignalReply> replyTo) implements Command {}

    record FindSignals(SignalQuery query, ActorRef<SignalReply> replyTo) implements Command {}

    record FindAnswers(long id, ActorRef<SignalReply> replyTo) implements Command {}

    record RolledOut(Releases.Release release, Map<String, Report> reports, ActorRef<ReleaseReply> replyTo)
            implements Command {}

    /** One Rack goes first, and the others when it has worked for a while without errors. */
    record Canary(String rack, Duration quiet) {}

    sealed interface ReleaseReply {}

    /** What each Rack made of it. */
    record Done(Bytes identity, String name, long serial, Map<String, Report> racks) implements ReleaseReply {}

    record No(FluxException why) implements ReleaseReply, LookReply {}

    sealed interface LookReply {}

    /** Everything for {@code status} and {@code history}. */
    record Overview(
            List<Releases.Release> releases,
            List<Releases.Event> events,
            Optional<Bytes> wanted,
            Map<String, Here> racks,
            Map<String, CheckpointLedger.Quarantine> quarantined,
            Map<String, Registry.Entry> registry)
            implements LookReply {}

    /** Everything that is persisted. */
    static final class State {
        private final Registry registry = new Registry();
        private final Releases releases = new Releases();
        private final CheckpointLedger checkpoints = new CheckpointLedger();

        private State apply(ControlRecord record) {
            releases.apply(record);
            checkpoints.apply(record);
            registry.apply(record);
            return this;
        }
    }

    /** Under which Racks are minted. Only the Mixer mints Racks, so that their sequence alone tells them apart. */
    static final int MINTING_MACHINE = 1;

    /**
     * What a Mixer works with.
     *
     * @param root signs the passports of the site
     * @param witness countersigns checkpoints
     * @param shelf where the artifacts are that its events name
     * @param signals its book of signals, which it closes
     * @param begun the epoch that this seat has begun before; 0 for none
     * @param seat told when it speaks, or why it never will
     * @param onFault told why its journal cannot be read
     */
    record Settings(
            DataDir data,
            SigningKey root,
            SigningKey witness,
            Trust trust,
            Clock clock,
            String journalId,
            Config journal,
            Shelf shelf,
            SignalDesk signals,
            long begun,
            ActorRef<MixerSeat.Message> seat,
            Consumer<Throwable> onFault) {}

    private final ActorContext<Command> context;
    private final Settings settings;
    private final Fleet fleet = new Fleet();
    private Bytes roster;
    private long rosterOf;

    private Mixer(ActorContext<Command> context, Settings settings) {
        super(PersistenceId.ofUniqueId("mixer"));
        this.context = context;
        this.settings = settings;
    }

    static Behavior<Command> create(Settings settings) {
        return Behaviors.setup(context -> new Mixer(context, settings));
    }

    @Override
    public String journalPluginId() {
        return settings.journalId();
    }

    @Override
    public Optional<Config> journalPluginConfig() {
        return Optional.of(settings.journal());
    }

    @Override
    public State emptyState() {
        return new State();
    }

    @Override
    public CommandHandler<Command, ControlRecord, State> commandHandler() {
        return (state, command) -> switch (command) {
            case Begin begin -> begin(state);
            case Enrol enrol -> enrol(state, enrol);
            case Here here -> here(state, here);
            case Gone gone -> {
                fleet.left(gone);
                yield Effect().none();
            }
            case TakeSignals take -> {
                answer(
                        () -> settings.signals().take(SignalFacts.decode(take.facts())),
                        SignalReply.Taken::new,
                        take.replyTo());
                yield Effect().none();
            }
            case FindSignals find -> {
                answer(() -> settings.signals().find(find.query()), SignalReply.Found::new, find.replyTo());
                yield Effect().none();
            }
            case FindAnswers find -> {
                answer(() -> settings.signals().answersTo(find.id()), SignalReply.Found::new, find.replyTo());
                yield Effect().none();
            }
            case Push push -> push(state, push);
            case Plan plan -> {
                ask(state, plan.file(), plan.replyTo());
                yield Effect().none();
            }
            case Activate activate -> {
                try {
                    roll(state, state.releases.find(activate.identity()), activate.canary(), activate.replyTo());
                } catch (FluxException refused) {
                    activate.replyTo().tell(new No(refused));
                }
                yield Effect().none();
            }
            case Rollback back -> {
                try {
                    roll(state, state.releases.wayBack(), Optional.empty(), back.replyTo());
                } catch (FluxException refused) {
                    back.replyTo().tell(new No(refused));
                }
                yield Effect().none();
            }
            case Govern govern -> govern(state, govern);
            case Decide decide -> decide(state, decide);
            case RolledOut rolled -> rolledOut(rolled);
            case ShowCheckpoint shown -> shown(state, shown);
            case Look look -> {
                look.replyTo().tell(overview(state));
                yield Effect().none();
            }
        };
    }

    /** A write that fails stops it: its successor, or it itself once more, goes on from what the journal says. */
    private Effect<ControlRecord, State> begin(State state) {
        long last = state.registry.epoch();
        if (settings.begun() > 0) {
            settings.seat().tell(last == settings.begun() ? new MixerSeat.Begun(last) : new MixerSeat.Replaced(last));
            return Effect().none();
        }
        ControlRecord record;
        try {
            record = state.registry.begin(settings.root(), settings.witness());
        } catch (FluxException refused) {
            settings.seat().tell(new MixerSeat.Unfit(refused));
            return Effect().none();
        }
        return Effect().persist(record).thenRun(s -> settings.seat().tell(new MixerSeat.Begun(s.registry.epoch())));
    }

    private Overview overview(State state) {
        return new Overview(
                state.releases.all(),
                state.releases.events(),
                state.releases.wanted().map(Releases.Release::identity),
                fleet.all(),
                state.checkpoints.quarantined(),
                Map.copyOf(state.registry.all()));
    }

    private Enrolment enrolment(State state) {
        return new Enrolment(
                state.registry,
                settings.data().site(),
                List.of(settings.root().publicKey()),
                settings.clock().instant());
    }

    private Effect<ControlRecord, State> decide(State state, Decide decide) {
        List<ControlRecord> records;
        try {
            records = enrolment(state).order(decide).stream().toList();
        } catch (FluxException refused) {
            decide.replyTo().tell(new No(refused));
            return Effect().none();
        }
        return Effect().persist(records).thenRun(s -> {
            fleet.all().forEach((rack, here) -> tellStandings(s, here));
            Enrolment.stopped(s.registry, decide.rack()).ifPresent(why -> fleet.forget(decide.rack()));
            decide.replyTo().tell(overview(s));
        });
    }

    /** Each Rack knows which others nobody listens to any more. */
    private void tellStandings(State state, Here rack) {
        String why = Enrolment.stopped(state.registry, rack.rack()).orElse("");
        rack.ref().tell(new Rack.Heed(roster(state), why));
    }

    private Bytes roster(State state) {
        if (roster == null || rosterOf != state.registry.decisions()) {
            Roster now = state.registry.roster(settings.data().site());
            roster = Bytes.wrap(now.sign(settings.root()));
            rosterOf = now.number();
        }
        return roster;
    }

    /** A Rack that was away is told what it missed; where that cannot be had now, the next time it tells that it is here. */
    private Effect<ControlRecord, State> here(State state, Here here) {
        if (Enrolment.stopped(state.registry, here.rack()).isPresent()) {
            tellStandings(state, here);
            return Effect().none();
        }
        try {
            if (fleet.heard(here)) {
                context.watchWith(here.ref(), new Gone(here.rack(), here.ref()));
                tellStandings(state, here);
                catchUp(state, here);
            }
        } catch (FluxException missing) {
            fleet.forget(here.rack());
            context.getLog().warn("what {} missed cannot be had: {}", here.rack(), missing.line());
        }
        return Effect().none();
    }

    private void catchUp(State state, Here here) {
        Bytes roster = roster(state);
        ActorRef<Report> nobody = context.getSystem().ignoreRef();
        state.releases
                .policy()
                .ifPresent(file -> here.ref()
                        .tell(new Rack.Govern(
                                roster, Bytes.wrap(settings.shelf().get(file)), nobody)));
        ActorRef<ReleaseReply> unasked = context.getSystem().ignoreRef();
        state.releases
                .wanted()
                .filter(wanted -> wanted.name().equals(here.scenario()) && wanted.serial() > here.serial())
                .ifPresent(wanted -> context.spawnAnonymous(Rollout.create(
                        List.of(Fleet.catchUp(roster, fileOf(wanted), here)),
                        reports -> context.getSelf().tell(new RolledOut(wanted, reports, unasked)))));
    }

    private Effect<ControlRecord, State> push(State state, Push push) {
        VerifiedScenario verified;
        try {
            verified = VerifiedScenario.verify(
                    push.file().toArray(),
                    new Authority(settings.trust(), policyInForce(state), Optional.empty()),
                    settings.data().site(),
                    settings.clock().instant());
        } catch (FluxException refused) {
            return refused(push.file(), Scenario.CONTENT_TYPE, refused, push.replyTo());
        }
        Optional<Bytes> file = shelved(push.file(), push.replyTo());
        if (file.isEmpty()) {
            return Effect().none();
        }
        Releases.Release release = Releases.Release.of(verified, file.get(), now());
        return Effect().persist(Releases.pushed(release)).thenRun(s -> ask(s, push.file(), push.replyTo()));
    }

    /** What no Rack gets to see is told in the history: what came, and why it went no further. */
    private Effect<ControlRecord, State> refused(
            Bytes file, String contentType, FluxException why, ActorRef<ReleaseReply> replyTo) {
        Bytes name = SignedArtifact.nameOf(file.toArray(), contentType);
        return Effect()
                .persist(Releases.outcome(new Releases.Event(now(), "refused", name, "", why.line())))
                .thenRun(s -> replyTo.tell(new No(why)));
    }

    /** Its name, once every successor finds it; whoever brought it is told where that fails. */
    private Optional<Bytes> shelved(Bytes file, ActorRef<ReleaseReply> replyTo) {
        try {
            return Optional.of(settings.shelf().put(file.toArray()));
        } catch (FluxException away) {
            replyTo.tell(new No(away));
            return Optional.empty();
        }
    }

    private Optional<Policy.Verified> policyInForce(State state) {
        return state.releases.policy().map(file -> policyOf(settings.shelf().get(file)));
    }

    private Policy.Verified policyOf(byte[] file) {
        return Policy.verify(file, settings.trust().root(), settings.data().site());
    }

    private Effect<ControlRecord, State> govern(State state, Govern govern) {
        Policy.Verified next;
        boolean isNew;
        try {
            next = policyOf(govern.file().toArray());
            isNew = Policy.mayFollow(
                    policyInForce(state), next, settings.clock().instant());
        } catch (FluxException refused) {
            return refused(govern.file(), Policy.CONTENT_TYPE, refused, govern.replyTo());
        }
        Optional<Bytes> file = shelved(govern.file(), govern.replyTo());
        if (file.isEmpty()) {
            return Effect().none();
        }
        List<ControlRecord> records = isNew ? List.of(Releases.policy(file.get())) : List.of();
        Bytes identity = next.identity();
        long version = next.policy().version();
        return Effect()
                .persist(records)
                .thenRun(s -> context.spawnAnonymous(Rollout.create(
                        List.of(fleet.govern(roster(s), govern.file())),
                        reports -> govern.replyTo().tell(new Done(identity, "policy", version, reports)))));
    }

    private Effect<ControlRecord, State> shown(State state, ShowCheckpoint shown) {
        CheckpointLedger.Decision decision;
        Passport passport;
        try {
            passport = Passport.verify(
                    shown.passport().toArray(), List.of(settings.root().publicKey()));
            Optional<String> stopped = Enrolment.stopped(state.registry, passport.name());
            if (stopped.isPresent()) {
                shown.replyTo().tell(new CheckpointOverseer.NoAnswer(stopped.get()));
                return Effect().none();
            }
            decision = state.checkpoints.decide(passport, shown.note(), shown.proofFrom(), shown.proof());
        } catch (FluxException refused) {
            shown.replyTo().tell(new CheckpointOverseer.NoAnswer(refused.line()));
            return Effect().none();
        }
        return switch (decision) {
            case CheckpointLedger.Remember remember ->
                Effect().persist(remember.record()).thenRun(s -> countersign(remember.checkpoint(), shown));
            case CheckpointLedger.Known known -> Effect().none().thenRun(s -> countersign(known.checkpoint(), shown));
            case CheckpointLedger.ProofDue due ->
                Effect().none().thenRun(s -> shown.replyTo().tell(new CheckpointOverseer.Remembers(due.size())));
            case CheckpointLedger.Shut shut ->
                Effect().none().thenRun(s -> shown.replyTo().tell(new CheckpointOverseer.Denied(shut.why())));
            case CheckpointLedger.Contradicted no -> {
                context.getLog().error("Rack {} is quarantined: {}", passport.name(), no.why());
                yield Effect()
                        .persist(no.record())
                        .thenRun(s -> shown.replyTo().tell(new CheckpointOverseer.Denied(no.why())));
            }
        };
    }

    private void countersign(Checkpoint checkpoint, ShowCheckpoint shown) {
        shown.replyTo()
                .tell(new CheckpointOverseer.Cosigned(
                        Cosignature.line(checkpoint, MixerKey.name(settings.data()), settings.witness(), now())));
    }

    /** Every Rack verifies; nothing changes. */
    private void ask(State state, Bytes file, ActorRef<ReleaseReply> replyTo) {
        Optional<Scenario> claimed = Scenario.claimedBy(file.toArray());
        if (claimed.isEmpty()) {
            replyTo.tell(new No(new FluxException(NodeError.REQUEST, "this is not a scenario artifact")));
            return;
        }
        Bytes identity = VerifiedScenario.claimedIdentity(file.toArray()).orElseThrow();
        Scenario scenario = claimed.get();
        context.spawnAnonymous(Rollout.create(
                List.of(fleet.check(roster(state), file)),
                reports -> replyTo.tell(new Done(identity, scenario.name(), scenario.serial(), reports))));
    }

    private Bytes fileOf(Releases.Release release) {
        return Bytes.wrap(settings.shelf().get(release.file()));
    }

    private void roll(State state, Releases.Release release, Optional<Canary> canary, ActorRef<ReleaseReply> replyTo) {
        context.spawnAnonymous(Rollout.create(
                fleet.activate(roster(state), fileOf(release), canary),
                reports -> context.getSelf().tell(new RolledOut(release, reports, replyTo))));
    }

    private Effect<ControlRecord, State> rolledOut(RolledOut rolled) {
        List<ControlRecord> records = new ArrayList<>();
        Bytes identity = rolled.release().identity();
        boolean runs = rolled.reports().values().stream().anyMatch(Report.Running.class::isInstance);
        if (runs) {
            records.add(Releases.wanted(identity));
        }
        rolled.reports().forEach((rack, report) -> {
            String why =
                    report instanceof Report.Refused refused ? refused.why().line() : "";
            records.add(Releases.outcome(
                    new Releases.Event(now(), why.isEmpty() ? "running" : "refused", identity, rack, why)));
        });
        Done done = new Done(identity, rolled.release().name(), rolled.release().serial(), rolled.reports());
        return Effect().persist(records).thenRun(s -> rolled.replyTo().tell(done));
    }

    private static <T> void answer(
            Supplier<CompletionStage<T>> work, Function<T, SignalReply> good, ActorRef<SignalReply> replyTo) {
        try {
            work.get()
                    .whenComplete((done, problem) -> replyTo.tell(
                            problem == null ? good.apply(done) : new SignalReply.No(NodeError.BOOK.from(problem))));
        } catch (FluxException refused) {
            replyTo.tell(new SignalReply.No(refused));
        }
    }

    private long now() {
        return settings.clock().instant().getEpochSecond();
    }

    private Effect<ControlRecord, State> enrol(State state, Enrol enrol) {
        return switch (enrolment(state).decide(enrol, RackIdentity.isOf(settings.data(), enrol.name(), enrol.key()))) {
            case Enrolment.Given given ->
                Effect()
                        .persist(given.record().stream().toList())
                        .thenRun(s -> enrol.replyTo().tell(granted(s, enrol.name(), given.grant())));
            case Enrolment.Waits waits ->
                Effect()
                        .persist(waits.record().stream().toList())
                        .thenRun(s -> enrol.replyTo().tell(new NotYet(waits.why())));
            case Enrolment.Refused refused ->
                Effect().none().thenRun(s -> enrol.replyTo().tell(new NotEnrolled(refused.why())));
        };
    }

    private Enrolled granted(State state, String name, Registry.Grant grant) {
        long entity = FluxEntityId.of(FluxEntityId.Type.RACK, MINTING_MACHINE, grant.sequence())
                .value();
        Passport passport = new Passport(
                settings.data().site(), name, entity, List.of(grant.machine()), grant.key(), 1, now(), Map.of());
        return new Enrolled(Bytes.wrap(passport.sign(settings.root())), roster(state));
    }

    @Override
    public EventHandler<State, ControlRecord> eventHandler() {
        return (state, record) -> state.apply(record);
    }

    @Override
    public SignalHandler<State> signalHandler() {
        return newSignalHandlerBuilder()
                .onSignal(
                        RecoveryCompleted.instance(), state -> context.getSelf().tell(Begin.INSTANCE))
                .onSignal(
                        RecoveryFailed.class,
                        (state, failed) -> settings.onFault().accept(failed.getFailure()))
                .onSignal(PostStop.class, (state, stopped) -> settings.signals().close())
                .build();
    }

    /** The reply as a value or a refusal. */
    static Bytes passportOf(EnrolReply reply) {
        return switch (reply) {
            case Enrolled enrolled -> enrolled.passport();
            case NotEnrolled refused -> throw new FluxException(NodeError.NOT_ENROLLED, refused.why());
            case NotYet waits -> throw new FluxException(NodeError.NOT_ENROLLED, waits.why());
        };
    }
}
