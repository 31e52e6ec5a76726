package io.fluxrig.node;

import io.fluxrig.audit.RackFiles;
import io.fluxrig.scenario.DataDir;
import io.fluxrig.scenario.Policy;
import io.fluxrig.scenario.Scenario;
import io.fluxrig.scenario.VerifiedScenario;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxIdGenerator;
import io.fluxrig.vault.DataKeys;
import io.fluxrig.vault.Vault;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
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

    /** What a Mixer wants that shows this roster. */
    sealed interface Order extends Command {
        Bytes roster();

        ActorRef<Report> replyTo();
    }

    /** Verify this artifact and say what running it would do. */
    record Check(Bytes roster, Bytes file, ActorRef<Report> replyTo) implements Order {}

    /** Verify this artifact and run it in the place of what runs; on trial the Rack returns by itself when it meets errors. */
    record Activate(Bytes roster, Bytes file, Optional<Duration> trial, ActorRef<Report> replyTo) implements Order {}

    /** Put this policy in force. */
    record Govern(Bytes roster, Bytes file, ActorRef<Report> replyTo) implements Order {}

    /** The roster as it is now, and for a Rack that it lists as stopped, why that is so. */
    record Heed(Bytes roster, String why) implements Command {}

    /** Show what the vault holds of a signal to {@code who}, classified values in clear or masked. */
    record Disclose(long id, String who, boolean clear, String reason, ActorRef<Disclosed> replyTo)
            implements Command {}

    private enum GoOn implements Command {
        INSTANCE
    }

    private enum LookAtStage implements Command {
        INSTANCE
    }

    private record Recalled(Activation activation, Swap.Bringing what, Throwable problem) implements Command {}

    private record LogStopped(FluxException why) implements Command {}

    private record Contradicted(String why) implements Command {}

    private enum Shown implements Command {
        INSTANCE
    }

    private record Sealed(Throwable problem) implements Command {}

    private enum AskAgain implements Command {
        INSTANCE
    }

    private enum LookWhetherDrained implements Command {
        INSTANCE
    }

    private enum TellMixer implements Command {
        INSTANCE
    }

    private static final Duration MIXER_PATIENCE = Duration.ofSeconds(2);
    private static final Duration LOOK_EVERY = Duration.ofMillis(10);
    private static final Duration TELL_EVERY = Duration.ofSeconds(5);

    private final RackSettings settings;
    private final ActorRef<Mixer.Command> mixer;
    private final RackBoard board;
    private final TimerScheduler<Command> timers;
    private final Vault.Journal journal;
    private final Allegiance mixers;
    private RackIdentity identity;
    private Vault.Opened opened;
    private ControlLeaves control;
    private Couriers couriers;
    private Disclosure disclosure;
    private HandOver handOver;
    private AfterCrash afterCrash;
    private Acceptance acceptance;
    private Stage stage;
    private Instant drainUntil;

    /** What the Mixer was last told that runs here. */
    private Swap.Bringing onMixer;

    private boolean stopping;
    private boolean quarantined;

    private Rack(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            RackSettings settings,
            ActorRef<Mixer.Command> mixer,
            RackBoard board) {
        super(context);
        this.settings = settings;
        this.mixer = mixer;
        this.board = board;
        this.timers = timers;
        DataDir data = settings.data();
        String name = settings.name();
        this.mixers = Allegiance.of(data, name, settings.trust());
        this.journal = Journals.at(data.rackWal(name), data.rackSnapshots(name), name, settings.config());
    }

    static Behavior<Command> create(RackSettings settings, ActorRef<Mixer.Command> mixer, RackBoard board) {
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
                    if (couriers != null) {
                        couriers.close();
                    }
                    if (disclosure != null) {
                        disclosure.close();
                    }
                    return this;
                })
                .build();
    }

    private Behavior<Command> on(Command command) {
        try {
            if (command instanceof Order order && !isHeeded(order.roster(), order.replyTo())) {
                return this;
            }
            return switch (command) {
                case EnrolAnswered answered -> enrolled(answered.reply());
                case VaultTold told -> vaultTold(told.event());
                case Remembered remembered -> remembered(remembered.memory());
                case Recalled recalled -> recalled(recalled);
                case Stop stop -> drain();
                case LookWhetherDrained look -> lookWhetherDrained();
                case Sealed sealed -> sealed(sealed);
                case Check check -> check(check);
                case Activate activate -> activate(activate);
                case Govern govern -> govern(govern);
                case Disclose look -> disclose(look);
                case LookAtStage look -> lookAtStage();
                case GoOn go -> goOn();
                case TellMixer tell -> tellMixer();
                case LogStopped stopped -> give(stopped.why());
                case Contradicted no -> shut(new FluxException(NodeError.QUARANTINED, no.why()));
                case Heed heed -> heed(heed);
                case Shown last -> shown();
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
            if (stored.isPresent() && !mixers.isStopped(stored.get().passport())) {
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
        mixer.tell(
                new Mixer.Enrol(settings.name(), key, RackIdentity.ticket(settings.config(), settings.name()), reply));
        timers.startSingleTimer(AskAgain.INSTANCE, MIXER_PATIENCE);
    }

    private Behavior<Command> enrolled(Mixer.EnrolReply reply) {
        if (identity != null) {
            return this;
        }
        if (reply instanceof Mixer.NotYet waits) {
            board.phase(NodeStatus.Phase.STARTING, "not enrolled: " + waits.why());
        } else if (!(reply instanceof Mixer.Enrolled grant) || isHeeded(grant.roster(), nobody())) {
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
                        identity.origin(), identity.key(), keys, settings.data().rackCheckpoints(name), journal)
                .watchedBy((leaves, nanos) -> board.tap().copy(new Fact.Committed(leaves, nanos)));
        ActorRef<Vault.Event> told = getContext().messageAdapter(Vault.Event.class, VaultTold::new);
        getContext().watch(Vault.spawn(getContext(), vault, told));
        ActorRef<Command> self = getContext().getSelf();
        getContext()
                .spawn(
                        LogWatch.create(
                                settings.data().rackWal(name),
                                board,
                                settings.config().getDuration("fluxrig.slow-disk"),
                                why -> self.tell(new LogStopped(why))),
                        "log-watch");
    }

    private Behavior<Command> vaultTold(Vault.Event event) {
        switch (event) {
            case Vault.Fault fault -> {
                return give(NodeError.VAULT_STOPPED.from(fault.cause()));
            }
            case Vault.Opened vault -> {
                opened = vault;
                board.vault(vault.vault().stats());
                couriers = couriers();
                control = new ControlLeaves(opened.vault(), this::now);
                handOver = new HandOver(
                        getContext(), HandOver.Party.of(settings, identity, mixers), board, opened, this::now);
                board.handOver(handOver);
                afterCrash = new AfterCrash(settings, vault, handOver, board, this::now);
                disclosure = new Disclosure(settings.name(), settings.data(), opened.vault(), control);
                control.started(
                        opened.size() == 0
                                ? RackRenewal.predecessor(
                                        new RackFiles(settings.data().root(), settings.name()))
                                : Optional.empty());
                ActorRef<ScenarioSupervisor.Memory> memory =
                        getContext().messageAdapter(ScenarioSupervisor.Memory.class, Remembered::new);
                acceptance = Acceptance.open(getContext(), settings, identity, journal, board, control, memory);
            }
        }
        return this;
    }

    private Couriers couriers() {
        ActorRef<Command> self = getContext().getSelf();
        return Couriers.start(
                settings, identity, board, mixer, getContext().getSystem(), why -> self.tell(new Contradicted(why)));
    }

    private ActorRef<Report> nobody() {
        return getContext().getSystem().ignoreRef();
    }

    /** Whoever shows a roster that does not hold is told why, and nothing else becomes of it. */
    private boolean isHeeded(Bytes roster, ActorRef<Report> replyTo) {
        try {
            mixers.heed(roster);
            return true;
        } catch (FluxException refused) {
            getContext().getLog().warn("a Mixer is not heard: {}", refused.line());
            replyTo.tell(new Report.Refused(refused));
            return false;
        }
    }

    /** It is kept, so that a Rack that was stopped asks first when it starts again. */
    private Behavior<Command> heed(Heed heed) {
        boolean stopped =
                isHeeded(heed.roster(), nobody()) && identity != null && mixers.isStopped(identity.passport());
        return stopped ? shut(new FluxException(NodeError.SUSPENDED, heed.why())) : this;
    }

    /** The Mixer remembers another history of this log: nothing more is taken until somebody has looked. */
    private Behavior<Command> shut(FluxException refusal) {
        // Before everything is open there is nothing to close.
        if (quarantined || acceptance == null) {
            return this;
        }
        quarantined = true;
        acceptance.giveUp(new FluxException(NodeError.QUARANTINED, "nothing is changed here"));
        control.quarantined(refusal);
        handOver.halt();
        if (stage != null && stage.running().isPresent()) {
            stage.drain();
        }
        getContext().pipeToSelf(opened.vault().checkpoint(), (size, problem) -> new LogStopped(refusal));
        return this;
    }

    private Behavior<Command> remembered(ScenarioSupervisor.Memory now) {
        Optional<Acceptance.Accepted> accepted = acceptance.remembered(now);
        if (isLeaving()) {
            return this;
        }
        if (stage == null) {
            stage = new Stage(getContext(), settings, board, surroundings(), new OnStage());
            Optional<ScenarioSupervisor.Last> last = now.last();
            // What a node was started with says nothing of what a Rack that came from another ran last.
            if (settings.artifact().isPresent() && !(settings.isMovable() && last.isPresent())) {
                acceptance.first(settings.artifact().get());
            } else {
                acceptance.again(last.orElseThrow(
                        () -> new FluxException(NodeError.NO_SCENARIO, "this Rack has never run a scenario")));
            }
        } else {
            accepted.ifPresent(this::bringUp);
        }
        return this;
    }

    private Pipeline.Surroundings surroundings() {
        // Nothing leaves a movable Rack before it is durable: no other host has given an id that its log does not know.
        FluxIdGenerator ids = FluxIdGenerator.open(
                identity.lanes(),
                settings.data().rackDir(settings.name()),
                settings.clock(),
                settings.isMovable() ? opened.lastAt() / 1_000_000 : 0);
        Vault vault = opened.vault();
        return new Pipeline.Surroundings(
                leaves -> {
                    if (!leaves.isEmpty()) {
                        vault.append(leaves);
                    }
                },
                ids::next,
                this::now,
                board.tap(),
                handOver);
    }

    private Behavior<Command> govern(Govern govern) {
        try {
            if (stage == null || stage.running().isEmpty() || acceptance.isUnderWay() || isLeaving()) {
                throw new FluxException(
                        NodeError.SWAP_UNDER_WAY, "the Rack is starting, changing, stopping or quarantined");
            }
            Policy.Verified next = acceptance.govern(govern.file());
            govern.replyTo()
                    .tell(new Report.Governed(next.identity(), next.policy().version()));
        } catch (FluxException refused) {
            govern.replyTo().tell(new Report.Refused(refused));
        }
        return this;
    }

    private void bringUp(Acceptance.Accepted accepted) {
        Swap.Bringing what = accepted.what();
        if (stage.running().isPresent()) {
            SwapStep.ACCEPTED.reached();
            stage.begin(what, accepted.told());
            lookAtStage();
            return;
        }
        Activation first = stage.first(what);
        handOver.follow(what.scenario());
        getContext()
                .pipeToSelf(
                        afterCrash.remember(first, getContext()),
                        (done, problem) -> new Recalled(first, what, problem));
    }

    private Behavior<Command> recalled(Recalled recalled) {
        if (isLeaving()) {
            return this;
        }
        if (recalled.problem() != null) {
            return give(NodeError.VAULT_STOPPED.from(recalled.problem()));
        }
        afterCrash.close(recalled.activation());
        stage.open(recalled.activation(), recalled.what());
        return goOn();
    }

    private final class OnStage implements Stage.Owner {
        @Override
        public void activated(VerifiedScenario scenario) {
            handOver.follow(scenario);
            control.activated(scenario.identity(), scenario.scenario().name(), acceptance.gearsOf(scenario.scenario()));
        }

        @Override
        public void runs(Activation activation) {
            opened.vault().checkpoint();
            board.running(activation);
            if (afterCrash.isOver()) {
                handOver.runs(activation);
            }
            couriers.runs();
        }

        @Override
        public void stays(Swap.Bringing what, Runnable then) {
            acceptance.stays(what, then);
            tellMixer(what);
        }

        @Override
        public void refused(Bytes identity, FluxException why) {
            control.refused(identity, why);
        }
    }

    /** Again and again: a Mixer that has just begun elsewhere, or again, knows nobody. */
    private void tellMixer(Swap.Bringing what) {
        onMixer = what;
        timers.startTimerWithFixedDelay(TellMixer.INSTANCE, TELL_EVERY);
        tellMixer();
    }

    private Behavior<Command> tellMixer() {
        Swap.Bringing what = onMixer;
        Scenario scenario = what.scenario().scenario();
        mixer.tell(new Mixer.Here(
                settings.name(),
                getContext().getSelf(),
                scenario.name(),
                scenario.serial(),
                what.scenario().identity()));
        return this;
    }

    private Behavior<Command> check(Check check) {
        try {
            requireRunning();
            VerifiedScenario verified = acceptance.check(check.file());
            Scenario scenario = verified.scenario();
            check.replyTo()
                    .tell(new Report.Fit(
                            verified.identity(),
                            stage.plan(scenario),
                            board.status().inFlight(),
                            stage.running().orElseThrow().openExchanges(),
                            stage.running()
                                    .orElseThrow()
                                    .scenario()
                                    .scenario()
                                    .limits()
                                    .drainTimeout()));
        } catch (FluxException refused) {
            check.replyTo().tell(new Report.Refused(refused));
        }
        return this;
    }

    private Behavior<Command> disclose(Disclose look) {
        if (disclosure == null || isLeaving()) {
            look.replyTo()
                    .tell(new Disclosed.No(
                            new FluxException(NodeError.DISCLOSURE, "the Rack is starting, stopping or quarantined")));
        } else {
            disclosure.answer(look);
        }
        return this;
    }

    private Behavior<Command> activate(Activate activate) {
        try {
            requireRunning();
            stage.requireRoom();
            if (!afterCrash.isOver() || !acceptance.isSettled()) {
                timers.startSingleTimer(activate, activate, LOOK_EVERY);
                return this;
            }
            acceptance.change(activate.file(), activate.trial(), activate.replyTo()::tell);
        } catch (FluxException refused) {
            activate.replyTo().tell(new Report.Refused(refused));
        }
        return this;
    }

    /** Whether it takes nothing new any more, and changes to nothing else. */
    private boolean isLeaving() {
        return stopping || quarantined;
    }

    private void requireRunning() {
        if (stage == null || stage.running().isEmpty() || acceptance.isUnderWay() || isLeaving()) {
            throw new FluxException(
                    NodeError.SWAP_UNDER_WAY, "the Rack is starting, changing, stopping or quarantined");
        }
    }

    private Behavior<Command> lookAtStage() {
        if (stage.look()) {
            timers.startSingleTimer(LookAtStage.INSTANCE, LOOK_EVERY);
        }
        return this;
    }

    /** Other Racks hand over nothing before what came from them earlier is on its way again. */
    private Behavior<Command> goOn() {
        if (afterCrash.isOver() || isLeaving()) {
            return this;
        }
        if (afterCrash.goOn()) {
            stage.running().ifPresent(handOver::runs);
        } else {
            timers.startSingleTimer(GoOn.INSTANCE, LOOK_EVERY);
        }
        return this;
    }

    private Behavior<Command> childStopped(Terminated gone) {
        if (stage != null && stage.gearStopped(gone.getRef())) {
            return this;
        }
        return give(
                new FluxException(NodeError.VAULT_STOPPED, gone.getRef().path().name() + " stopped"));
    }

    private Behavior<Command> drain() {
        stopping = true;
        if (stage == null || stage.running().isEmpty()) {
            return seal();
        }
        board.phase(NodeStatus.Phase.DRAINING, "finishing what is under way");
        afterCrash.leave();
        acceptance.giveUp(new FluxException(NodeError.SWAP_UNDER_WAY, "the Rack is stopping"));
        stage.drain();
        drainUntil = settings.clock()
                .instant()
                .plus(stage.running().get().scenario().scenario().limits().drainTimeout());
        return lookWhetherDrained();
    }

    private Behavior<Command> lookWhetherDrained() {
        if (stage.isIdle() && handOver.isQuiet()) {
            return seal();
        }
        if (settings.clock().instant().isAfter(drainUntil)) {
            getContext()
                    .getLog()
                    .warn(
                            "the drain ended with {} signals under way and {} exchanges open: the next start closes or goes on with them",
                            stage.inFlight(),
                            stage.openExchanges());
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
        control.stopped(Optional.ofNullable(stage)
                .flatMap(Stage::running)
                .map(a -> a.scenario().identity()));
        getContext().pipeToSelf(opened.vault().checkpoint(), (size, problem) -> new Sealed(problem));
        return this;
    }

    private Behavior<Command> sealed(Sealed sealed) {
        if (sealed.problem() != null) {
            return give(NodeError.VAULT_STOPPED.from(sealed.problem()));
        }
        getContext().pipeToSelf(couriers.showLast(), (shown, problem) -> Shown.INSTANCE);
        return this;
    }

    private Behavior<Command> shown() {
        board.phase(NodeStatus.Phase.STOPPED, "");
        return Behaviors.stopped();
    }

    private Behavior<Command> give(FluxException why) {
        if (handOver != null) {
            handOver.halt();
        }
        board.held(why);
        return this;
    }

    private long now() {
        Instant instant = settings.clock().instant();
        return instant.getEpochSecond() * 1_000_000_000L + instant.getNano();
    }
}
