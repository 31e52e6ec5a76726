package io.fluxrig.node;

import com.typesafe.config.Config;
import io.fluxrig.audit.RackFiles;
import io.fluxrig.gear.GearTypes;
import io.fluxrig.gear.Intake;
import io.fluxrig.scenario.DataDir;
import io.fluxrig.scenario.GearJars;
import io.fluxrig.scenario.Scenario;
import io.fluxrig.scenario.SerialRule;
import io.fluxrig.scenario.Trust;
import io.fluxrig.scenario.VerifiedScenario;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxIdGenerator;
import io.fluxrig.vault.DataKeys;
import io.fluxrig.vault.LeafDraft;
import io.fluxrig.vault.LeafKind;
import io.fluxrig.vault.OpenSignal;
import io.fluxrig.vault.Vault;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * One Rack, from passport to running pipeline: enrol, open the vault, remember scenarios, verify and bring up, close what a
 * crash left open, take traffic. Each step is a message; a refusal at any step leaves everything on disk as it was.
 */
final class Rack extends AbstractBehavior<Rack.Command> {

    sealed interface Command {}

    /** Take nothing new, finish what is under way, seal the log, stop. */
    enum Stop implements Command {
        INSTANCE
    }

    private record EnrolAnswered(Mixer.EnrolReply reply) implements Command {}

    private record VaultTold(Vault.Event event) implements Command {}

    private record Remembered(ScenarioSupervisor.Memory memory) implements Command {}

    private record Recalled(Activation activation, Throwable problem) implements Command {}

    private record LogStopped(FluxException why) implements Command {}

    private record Sealed(Throwable problem) implements Command {}

    private enum AskAgain implements Command {
        INSTANCE
    }

    private enum LookWhetherDrained implements Command {
        INSTANCE
    }

    /** What a Rack is made of. {@code artifact} is empty when the last good scenario is to run again. */
    record Settings(
            String name,
            Map<String, String> labels,
            DataDir data,
            GearTypes types,
            GearJars jars,
            Trust trust,
            Optional<Bytes> artifact,
            Clock clock,
            Config config) {}

    private static final Duration MIXER_PATIENCE = Duration.ofSeconds(2);

    private final Settings settings;
    private final ActorRef<Mixer.Command> mixer;
    private final RackBoard board;
    private final TimerScheduler<Command> timers;
    private final Vault.Journal journal;
    private RackIdentity identity;
    private Vault.Opened opened;
    private ActorRef<ScenarioSupervisor.Command> scenarios;
    private VerifiedScenario candidate;
    private Bytes candidateFile;
    private Activation running;
    private final Map<ActorRef<?>, ActorCell> outsideActors = new HashMap<>();
    private Instant drainUntil;
    private CheckpointCourier courier;

    private Rack(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Settings settings,
            ActorRef<Mixer.Command> mixer,
            RackBoard board) {
        super(context);
        this.settings = settings;
        this.mixer = mixer;
        this.board = board;
        this.timers = timers;
        DataDir data = settings.data();
        String name = settings.name();
        this.journal = Journals.at(data.rackWal(name), data.rackSnapshots(name), name, settings.config());
    }

    static Behavior<Command> create(Settings settings, ActorRef<Mixer.Command> mixer, RackBoard board) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            Rack rack = new Rack(context, timers, settings, mixer, board);
            rack.start();
            return rack;
        }));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onAnyMessage(this::on)
                .onSignal(Terminated.class, this::childStopped)
                .onSignal(PostStop.class, stopped -> {
                    if (courier != null) {
                        courier.close();
                    }
                    return this;
                })
                .build();
    }

    private Behavior<Command> on(Command command) {
        try {
            return switch (command) {
                case EnrolAnswered answered -> enrolled(answered.reply());
                case VaultTold told -> vaultTold(told.event());
                case Remembered remembered -> remembered(remembered.memory());
                case Recalled recalled -> recalled(recalled);
                case Stop stop -> drain();
                case LookWhetherDrained look -> lookWhetherDrained();
                case Sealed sealed -> sealed(sealed);
                case LogStopped stopped -> give(stopped.why());
                case AskAgain again -> {
                    askForPassport();
                    yield this;
                }
            };
        } catch (FluxException refused) {
            return give(refused);
        } catch (RuntimeException fault) {
            getContext().getLog().error("the Rack stops", fault);
            return give(new FluxException(NodeError.START, String.valueOf(fault.getMessage()), fault));
        }
    }

    private void start() {
        try {
            Optional<RackIdentity> stored = RackIdentity.stored(settings.data(), settings.name(), settings.trust());
            if (stored.isPresent()) {
                openVault(stored.get());
            } else {
                askForPassport();
            }
        } catch (FluxException refused) {
            give(refused);
        }
    }

    private void askForPassport() {
        if (identity != null) {
            return;
        }
        Bytes key =
                RackIdentity.keyOf(settings.data(), settings.name()).publicKey().raw();
        ActorRef<Mixer.EnrolReply> reply = getContext().messageAdapter(Mixer.EnrolReply.class, EnrolAnswered::new);
        mixer.tell(new Mixer.Enrol(settings.name(), key, reply));
        timers.startSingleTimer(AskAgain.INSTANCE, MIXER_PATIENCE);
    }

    private Behavior<Command> enrolled(Mixer.EnrolReply reply) {
        if (identity == null) {
            openVault(RackIdentity.store(settings.data(), settings.name(), settings.trust(), Mixer.passportOf(reply)));
        }
        return this;
    }

    private void openVault(RackIdentity enrolled) {
        identity = enrolled;
        timers.cancel(AskAgain.INSTANCE);
        board.phase(NodeStatus.Phase.RECOVERING, "reading the vault");
        String name = settings.name();
        DataKeys keys = DataKeys.open(
                settings.data().rackDataKeys(name), settings.data().kekFile(name), new SecureRandom());
        Vault.Settings vault = Vault.Settings.of(
                identity.origin(), identity.key(), keys, settings.data().rackCheckpoints(name), journal);
        ActorRef<Vault.Event> told = getContext().messageAdapter(Vault.Event.class, VaultTold::new);
        getContext().watch(Vault.spawn(getContext(), vault, told));
        ActorRef<Command> self = getContext().getSelf();
        getContext()
                .spawn(
                        LogWatch.create(settings.data().rackWal(name), board, why -> self.tell(new LogStopped(why))),
                        "log-watch");
    }

    private Behavior<Command> vaultTold(Vault.Event event) {
        switch (event) {
            case Vault.Fault fault -> {
                return give(asRefusal(fault.cause()));
            }
            case Vault.Opened vault -> {
                opened = vault;
                board.vault(vault.vault().stats());
                courier = showCheckpoints();
                control("started", Optional.empty(), "");
                ActorRef<ScenarioSupervisor.Memory> memory =
                        getContext().messageAdapter(ScenarioSupervisor.Memory.class, Remembered::new);
                scenarios = getContext()
                        .spawn(
                                ScenarioSupervisor.create(
                                        journal, settings.data().rackWal(settings.name()), memory),
                                "scenarios");
                getContext().watch(scenarios);
            }
        }
        return this;
    }

    private CheckpointCourier showCheckpoints() {
        RackFiles files = new RackFiles(settings.data().root(), settings.name());
        Config config = settings.config().getConfig("persistence.vault.witness");
        List<CheckpointOverseer> overseers = Stream.of(config.getString("urls").split(","))
                .filter(url -> !url.isBlank())
                .<CheckpointOverseer>map(url -> new HttpWitness(URI.create(url.strip()), files.passport()))
                .toList();
        return CheckpointCourier.start(files, overseers, config.getDuration("every"), (overseer, why) -> {});
    }

    /** A fault of the journal reaches us wrapped by Pekko; the numbered refusal inside is what people need. */
    static FluxException asRefusal(Throwable cause) {
        for (Throwable at = cause; at != null; at = at.getCause()) {
            if (at instanceof FluxException refusal) {
                return refusal;
            }
        }
        return new FluxException(NodeError.VAULT_STOPPED, String.valueOf(cause.getMessage()), cause);
    }

    private Behavior<Command> remembered(ScenarioSupervisor.Memory memory) {
        if (candidate == null) {
            consider(memory);
        } else if (running == null) {
            bringUp(memory);
        }
        return this;
    }

    private void consider(ScenarioSupervisor.Memory memory) {
        Bytes file = settings.artifact().orElseGet(() -> lastGood(memory));
        VerifiedScenario verified;
        try {
            verified = VerifiedScenario.verify(
                    file.toArray(),
                    settings.trust(),
                    settings.data().site(),
                    settings.clock().instant());
            Scenario scenario = verified.scenario();
            Optional<ScenarioSupervisor.Serial> known =
                    Optional.ofNullable(memory.serials().get(scenario.name()));
            SerialRule.check(
                    scenario.name(),
                    known.map(ScenarioSupervisor.Serial::serial),
                    known.map(ScenarioSupervisor.Serial::identity),
                    scenario.serial(),
                    verified.identity());
        } catch (FluxException refused) {
            opened.vault()
                    .append(LeafDraft.of(LeafKind.CONTROL, now())
                            .note(Notes.control(
                                    "refused", Optional.empty(), Optional.of(refused.code()), refused.what()))
                            .build());
            throw refused;
        }
        candidate = verified;
        candidateFile = settings.data().blobs().put(file.toArray());
        List<String> gears =
                verified.scenario().gears().stream().map(Scenario.GearDef::name).toList();
        ActorRef<ScenarioSupervisor.Memory> reply =
                getContext().messageAdapter(ScenarioSupervisor.Memory.class, Remembered::new);
        scenarios.tell(new ScenarioSupervisor.Accept(
                verified.scenario().name(),
                verified.scenario().serial(),
                verified.identity(),
                candidateFile,
                gears,
                reply));
    }

    private Bytes lastGood(ScenarioSupervisor.Memory memory) {
        ScenarioSupervisor.Last last = memory.last()
                .orElseThrow(() -> new FluxException(NodeError.NO_SCENARIO, "this Rack has never run a scenario"));
        return Bytes.wrap(settings.data().blobs().get(last.file()));
    }

    private void bringUp(ScenarioSupervisor.Memory memory) {
        VerifiedScenario.Prepared prepared =
                candidate.prepare(settings.data().blobs(), settings.types(), settings.jars());
        String name = candidate.scenario().name();
        FluxIdGenerator ids =
                FluxIdGenerator.open(identity.lanes(), settings.data().rackDir(settings.name()), settings.clock());
        Vault vault = opened.vault();
        Pipeline.Surroundings surroundings = new Pipeline.Surroundings(
                leaves -> {
                    if (!leaves.isEmpty()) {
                        vault.append(leaves);
                    }
                },
                ids::next,
                this::now,
                board.tap());
        Activation activation = Activation.of(
                candidate,
                prepared.specs(),
                prepared.types(),
                new Activation.RackPlace(settings.name(), settings.labels()),
                gear -> identity.gear(memory.gear(name, gear)),
                surroundings);
        Map<String, ActorRef<SimpleCell.Command>> cells = activation.startSimple(getContext());
        board.phase(NodeStatus.Phase.RECOVERING, "remembering open exchanges");
        CompletableFuture<Activation> recalled = Recall.into(
                        activation, cells, settings.data(), settings.name(), opened.size(), opened.lastAt())
                .thenApply(done -> activation);
        getContext().pipeToSelf(recalled, Recalled::new);
    }

    private Behavior<Command> recalled(Recalled recalled) {
        if (recalled.problem() != null) {
            return give(asRefusal(recalled.problem()));
        }
        Activation activation = recalled.activation();
        closeWhatIsOpen(activation);
        for (ActorCell cell : activation.startOutside(getContext())) {
            getContext().watch(cell.actor());
            outsideActors.put(cell.actor(), cell);
        }
        running = activation;
        control(
                "activated",
                Optional.of(candidate.identity()),
                candidate.scenario().name());
        scenarios.tell(new ScenarioSupervisor.Activated(candidate.identity(), candidateFile));
        opened.vault().checkpoint();
        board.running(activation);
        return this;
    }

    private void closeWhatIsOpen(Activation activation) {
        Redrive redrive = new Redrive(activation, settings.data(), settings.name(), opened.open());
        for (OpenSignal signal : opened.open()) {
            switch (redrive.verdictOn(signal)) {
                case CrashRecovery.Close close -> close(signal, close);
                case CrashRecovery.DriveAgain again -> redrive.drive(signal, now());
            }
        }
    }

    private void close(OpenSignal signal, CrashRecovery.Close close) {
        opened.vault()
                .append(LeafDraft.of(LeafKind.FAILED, now())
                        .id(signal.id())
                        .cause(signal.egress() >= 0 ? signal.egress() : signal.ingress())
                        .scn(signal.scn())
                        .note(Notes.failed(close.code(), close.reason()))
                        .build());
        board.tap().ended(new Intake.Failure(close.code(), close.reason()), 0);
    }

    private Behavior<Command> childStopped(Terminated gone) {
        ActorCell cell = outsideActors.remove(gone.getRef());
        if (cell != null) {
            getContext()
                    .getLog()
                    .error(
                            "{} has stopped; its signals fail with a reason",
                            gone.getRef().path().name());
            cell.stopped();
            return this;
        }
        return give(
                new FluxException(NodeError.VAULT_STOPPED, gone.getRef().path().name() + " stopped"));
    }

    private Behavior<Command> drain() {
        if (running == null) {
            return seal();
        }
        board.phase(NodeStatus.Phase.DRAINING, "finishing what is under way");
        running.drain();
        drainUntil =
                settings.clock().instant().plus(candidate.scenario().limits().drainTimeout());
        return lookWhetherDrained();
    }

    private Behavior<Command> lookWhetherDrained() {
        boolean idle = running.pipeline().inFlight() == 0 && board.tap().openExchanges() == 0;
        if (idle || settings.clock().instant().isAfter(drainUntil)) {
            return seal();
        }
        timers.startSingleTimer(LookWhetherDrained.INSTANCE, Duration.ofMillis(20));
        return this;
    }

    private Behavior<Command> seal() {
        if (opened == null) {
            board.phase(NodeStatus.Phase.STOPPED, "");
            return Behaviors.stopped();
        }
        control("stopped", Optional.ofNullable(candidate).map(VerifiedScenario::identity), "");
        getContext().pipeToSelf(opened.vault().checkpoint(), (size, problem) -> new Sealed(problem));
        return this;
    }

    private Behavior<Command> sealed(Sealed sealed) {
        if (sealed.problem() != null) {
            return give(asRefusal(sealed.problem()));
        }
        board.phase(NodeStatus.Phase.STOPPED, "");
        return Behaviors.stopped();
    }

    private Behavior<Command> give(FluxException why) {
        board.held(why);
        return this;
    }

    private void control(String event, Optional<Bytes> artifact, String why) {
        opened.vault()
                .append(LeafDraft.of(LeafKind.CONTROL, now())
                        .note(Notes.control(event, artifact, Optional.empty(), why))
                        .build());
    }

    private long now() {
        Instant instant = settings.clock().instant();
        return instant.getEpochSecond() * 1_000_000_000L + instant.getNano();
    }
}
