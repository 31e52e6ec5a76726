package io.fluxrig.node;

import io.fluxrig.signal.FluxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Where the Mixer sits: the singleton itself, which is there also while the journal is not. It hands on nothing before the Mixer's epoch has begun, and where others
 * could have taken over, nothing before it has looked that this epoch still is the last: so a Mixer that was frozen and replaced says nothing when it wakes. A Mixer
 * that stops is started again after a while; what is asked meanwhile is refused or left to be asked again, and Racks that wait for a passport are answered when it speaks.
 */
final class MixerSeat extends AbstractBehavior<MixerSeat.Message> {
    sealed interface Message {}

    private record Asked(Mixer.Command command) implements Message {}

    /** The Mixer may speak from now on, in this epoch. */
    record Begun(long epoch) implements Message {}

    /** Another has begun a later epoch. */
    record Replaced(long epoch) implements Message {}

    /** This node must not host the Mixer. */
    record Unfit(FluxException why) implements Message {}

    private record Prepared(Throwable problem) implements Message {}

    private record Entered(Throwable problem) implements Message {}

    private record Looked(Long last, Throwable problem) implements Message {}

    private enum Ended implements Message {
        INSTANCE
    }

    private enum StartAgain implements Message {
        INSTANCE
    }

    /**
     * @param node its name, for people
     * @param site where others could take over; empty where the journal belongs to this node alone
     * @param mixer makes one, given the epoch that was begun here before, or 0, and whom it tells
     * @param unfit told why this node must not host it
     * @param part makes this node part from the others, which have parted from it already
     */
    record Settings(
            String node,
            Optional<SiteDatabase> site,
            BiFunction<Long, ActorRef<Message>, Behavior<Mixer.Command>> mixer,
            Consumer<FluxException> unfit,
            Runnable part) {}

    private static final int MOST_WAITING = 1_000;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private final Settings settings;
    private final TimerScheduler<Message> timers;
    private ActorRef<Mixer.Command> mixer;
    private boolean speaking;
    private long epoch;
    private FluxException closed = new FluxException(NodeError.MIXER_JOURNAL, "mixer: reading its journal");
    private Duration pause = FIRST_PAUSE;
    private List<Mixer.Command> waiting = new ArrayList<>();
    private List<Mixer.Command> looking = List.of();

    private MixerSeat(ActorContext<Message> context, TimerScheduler<Message> timers, Settings settings) {
        super(context);
        this.timers = timers;
        this.settings = settings;
    }

    static Behavior<Mixer.Command> create(Settings settings) {
        Behavior<Message> seat = Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            MixerSeat its = new MixerSeat(context, timers, settings);
            its.start();
            return its;
        }));
        return Behaviors.transformMessages(
                Mixer.Command.class, seat, match -> match.match(Mixer.Command.class, Asked::new));
    }

    @Override
    public Receive<Message> createReceive() {
        return newReceiveBuilder()
                .onAnyMessage(this::on)
                .onSignal(PostStop.class, stopped -> {
                    settings.site().ifPresent(SiteDatabase::close);
                    return this;
                })
                .build();
    }

    private Behavior<Message> on(Message message) {
        switch (message) {
            case Asked asked -> asked(asked.command());
            case Begun begun -> begun(begun.epoch());
            case Prepared prepared -> whenFine(prepared.problem(), this::spawn);
            case Entered entered -> whenFine(entered.problem(), this::open);
            case Looked looked -> looked(looked);
            case Replaced replaced -> replaced(replaced.epoch());
            case Unfit unfit -> unfit(unfit.why());
            case Ended ended -> ended();
            case StartAgain again -> start();
        }
        return this;
    }

    private void start() {
        if (settings.site().isEmpty()) {
            spawn();
        } else {
            tellSelf(settings.site().get().prepare(), Prepared::new);
        }
    }

    private <T> void tellSelf(CompletionStage<T> work, Function<Throwable, Message> told) {
        getContext().pipeToSelf(work, (done, problem) -> told.apply(problem));
    }

    private void whenFine(Throwable problem, Runnable then) {
        if (problem == null) {
            then.run();
        } else {
            FluxException why = NodeError.MIXER_JOURNAL.from(problem);
            if (why.code() == NodeError.MIXER_ELSEWHERE) {
                unfit(why);
            } else {
                tryLater(why);
            }
        }
    }

    private void spawn() {
        mixer = getContext()
                .spawnAnonymous(settings.mixer().apply(epoch, getContext().getSelf()), DispatcherSelector.blocking());
        getContext().watchWith(mixer, Ended.INSTANCE);
    }

    private void begun(long now) {
        epoch = now;
        if (settings.site().isEmpty()) {
            open();
        } else {
            tellSelf(settings.site().get().began(epoch, settings.node()), Entered::new);
        }
    }

    private void open() {
        getContext().getLog().info("the Mixer speaks from {}, epoch {}", settings.node(), epoch);
        speaking = true;
        pause = FIRST_PAUSE;
        List<Mixer.Command> early = waiting;
        waiting = new ArrayList<>();
        early.forEach(this::asked);
    }

    private void tryLater(FluxException why) {
        getContext().getLog().warn("the Mixer does not speak: {}", why.line());
        closed = why;
        close();
        timers.startSingleTimer(StartAgain.INSTANCE, pause);
        pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
    }

    private void close() {
        speaking = false;
        refuseWaiting();
        if (mixer != null) {
            getContext().unwatch(mixer);
            getContext().stop(mixer);
            mixer = null;
        }
    }

    private void ended() {
        mixer = null;
        tryLater(new FluxException(NodeError.MIXER_JOURNAL, "mixer: its journal failed"));
    }

    private void asked(Mixer.Command command) {
        if (!speaking) {
            early(command);
        } else if (settings.site().isEmpty()) {
            mixer.tell(command);
        } else if (waiting.size() == MOST_WAITING) {
            refuse(command, new FluxException(NodeError.MIXER_BUSY, MOST_WAITING + " questions wait"));
        } else {
            waiting.add(command);
            look();
        }
    }

    /** A Rack that waits for its passport is answered as soon as there is somebody to answer; all others are told why nobody does. */
    private void early(Mixer.Command command) {
        if (command instanceof Mixer.Enrol enrol && waiting.size() < MOST_WAITING) {
            waiting.removeIf(
                    before -> before instanceof Mixer.Enrol same && same.name().equals(enrol.name()));
            waiting.add(command);
        } else {
            refuse(command, closed);
        }
    }

    /** Whoever asked before this look is answered after it; whoever asks meanwhile, after the next. */
    private void look() {
        if (looking.isEmpty() && !waiting.isEmpty()) {
            looking = waiting;
            waiting = new ArrayList<>();
            getContext().pipeToSelf(settings.site().orElseThrow().lastEpoch(), Looked::new);
        }
    }

    private void looked(Looked looked) {
        List<Mixer.Command> asked = looking;
        looking = List.of();
        if (looked.problem() == null && looked.last() > epoch) {
            waiting.addAll(asked);
            replaced(looked.last());
        } else if (looked.problem() != null || !speaking) {
            FluxException why = looked.problem() == null ? closed : NodeError.MIXER_JOURNAL.from(looked.problem());
            asked.forEach(command -> refuse(command, why));
            look();
        } else {
            asked.forEach(mixer::tell);
            look();
        }
    }

    private void refuseWaiting() {
        waiting.forEach(command -> refuse(command, closed));
        waiting.clear();
    }

    /** The others have parted with this node, which does not know it yet. */
    private void replaced(long by) {
        closed = new FluxException(NodeError.MIXER_REPLACED, "epoch " + epoch + " is over, epoch " + by + " has begun");
        getContext().getLog().error("this node parts: {}", closed.line());
        close();
        settings.part().run();
    }

    private void unfit(FluxException why) {
        closed = why;
        close();
        settings.unfit().accept(why);
    }

    /** Racks ask and tell again by themselves; people and couriers are told why. */
    private static void refuse(Mixer.Command command, FluxException why) {
        switch (command) {
            case Mixer.Enrol again -> {}
            case Mixer.Here again -> {}
            case Mixer.Begin own -> {}
            case Mixer.Gone own -> {}
            case Mixer.RolledOut own -> {}
            case Mixer.Push push -> push.replyTo().tell(new Mixer.No(why));
            case Mixer.Plan plan -> plan.replyTo().tell(new Mixer.No(why));
            case Mixer.Activate activate -> activate.replyTo().tell(new Mixer.No(why));
            case Mixer.Rollback rollback -> rollback.replyTo().tell(new Mixer.No(why));
            case Mixer.Govern govern -> govern.replyTo().tell(new Mixer.No(why));
            case Mixer.Decide decide -> decide.replyTo().tell(new Mixer.No(why));
            case Mixer.Look look -> look.replyTo().tell(new Mixer.No(why));
            case Mixer.ShowCheckpoint shown -> shown.replyTo().tell(new CheckpointOverseer.NoAnswer(why.line()));
            case Mixer.TakeSignals take -> take.replyTo().tell(new SignalReply.No(why));
            case Mixer.FindSignals find -> find.replyTo().tell(new SignalReply.No(why));
            case Mixer.FindAnswers find -> find.replyTo().tell(new SignalReply.No(why));
        }
    }
}
