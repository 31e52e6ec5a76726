package io.fluxrig.node;

import io.fluxrig.signal.FluxException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Where a movable Rack sits: a singleton of the cluster. It starts the Rack once this node has its seat in the database and its directory here, and looks from time to
 * time whether the seat is still its own. A node that was replaced parts from the others, which have parted with it already.
 */
final class RackSeat extends AbstractBehavior<RackSeat.Message> {
    sealed interface Message {}

    /** Let the Rack finish what is under way, and let go of it. */
    enum Stop implements Message {
        INSTANCE
    }

    private record Taken(MovableRack.Hosted hosted, Throwable problem) implements Message {}

    private record Replaced(FluxException by) implements Message {}

    private enum TakeAgain implements Message {
        INSTANCE
    }

    private enum Look implements Message {
        INSTANCE
    }

    private enum RackStopped implements Message {
        INSTANCE
    }

    private enum Left implements Message {
        INSTANCE
    }

    /**
     * @param seated told that this node hosts the seat
     * @param part makes this node part from the others
     */
    record Settings(
            MovableRack rack,
            ActorRef<Mixer.Command> mixer,
            RackBoard board,
            Consumer<ActorRef<Message>> seated,
            Runnable part) {}

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(2);

    private final Settings settings;
    private final TimerScheduler<Message> timers;
    /** Questions to the database; one looks, one may let go meanwhile. */
    private final ExecutorService thread;

    private Duration pause = FIRST_PAUSE;
    private MovableRack.Hosted hosted;
    private ActorRef<Rack.Command> rack;
    private volatile boolean looking;
    private boolean stopping;

    private RackSeat(ActorContext<Message> context, TimerScheduler<Message> timers, Settings settings) {
        super(context);
        this.settings = settings;
        this.timers = timers;
        this.thread = Executors.newCachedThreadPool(Thread.ofPlatform()
                .daemon()
                .name("rack-seat-" + settings.rack().name())
                .factory());
    }

    static Behavior<Message> create(Settings settings) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            RackSeat seat = new RackSeat(context, timers, settings);
            settings.seated().accept(context.getSelf());
            seat.take();
            return seat;
        }));
    }

    @Override
    public Receive<Message> createReceive() {
        return newReceiveBuilder()
                .onAnyMessage(this::on)
                .onSignal(PostStop.class, stopped -> {
                    cutShort();
                    thread.shutdown();
                    return this;
                })
                .build();
    }

    private Behavior<Message> on(Message message) {
        return switch (message) {
            case TakeAgain again -> take();
            case Taken taken -> taken(taken);
            case Look look -> look();
            case Replaced replaced -> replaced(replaced.by());
            case Stop stop -> stop();
            case RackStopped stopped -> leave();
            case Left left -> left();
        };
    }

    private Behavior<Message> take() {
        settings.board().phase(NodeStatus.Phase.RECOVERING, "bringing its log from the database");
        ActorRef<Message> self = getContext().getSelf();
        RackBoard board = settings.board();
        LongConsumer progress =
                bytes -> board.recovering("bringing its log from the database: %,d MiB".formatted(bytes >> 20));
        getContext()
                .pipeToSelf(
                        CompletableFuture.supplyAsync(
                                () -> settings.rack().take(progress, by -> self.tell(new Replaced(by))), thread),
                        Taken::new);
        return this;
    }

    private Behavior<Message> taken(Taken taken) {
        if (taken.problem() != null) {
            return tryLater(NodeError.RACK_DATABASE.from(taken.problem()));
        }
        hosted = taken.hosted();
        if (stopping) {
            return leave();
        }
        getContext()
                .getLog()
                .info("'{}' is hosted here, epoch {}", settings.rack().name(), hosted.epoch());
        rack = getContext().spawn(Rack.create(hosted.rack(), settings.mixer(), settings.board()), "rack");
        getContext().watchWith(rack, RackStopped.INSTANCE);
        settings.board().rack().complete(rack);
        timers.startTimerWithFixedDelay(Look.INSTANCE, LOOK_EVERY);
        return this;
    }

    private Behavior<Message> tryLater(FluxException why) {
        if (stopping) {
            return Behaviors.stopped();
        }
        getContext().getLog().error("'{}' is not hosted: {}", settings.rack().name(), why.line());
        settings.board().phase(NodeStatus.Phase.STARTING, why.line());
        timers.startSingleTimer(TakeAgain.INSTANCE, pause);
        pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
        return this;
    }

    /** Another look begins when the one before has ended: while the database is away there is one that waits. */
    private Behavior<Message> look() {
        if (stopping && hosted.mirror().isAway()) {
            getContext()
                    .getLog()
                    .warn(
                            "'{}' stops while its database is away: what is under way goes on with its next host",
                            settings.rack().name());
            cutShort();
            return Behaviors.stopped();
        }
        if (!looking) {
            looking = true;
            RackMirror mirror = hosted.mirror();
            thread.execute(() -> {
                try {
                    mirror.look();
                } catch (IOException | FluxException over) {
                    // Whoever replaced this host or stopped it has told so already.
                    return;
                }
                looking = false;
            });
        }
        return this;
    }

    private Behavior<Message> replaced(FluxException by) {
        getContext().getLog().error("this node parts: {}", by.line());
        settings.board().held(by);
        settings.part().run();
        return Behaviors.stopped();
    }

    private Behavior<Message> stop() {
        stopping = true;
        if (timers.isTimerActive(TakeAgain.INSTANCE)) {
            return Behaviors.stopped();
        }
        if (rack == null) {
            // The seat is being taken: it is left as soon as it is.
            return this;
        }
        if (settings.board().status().phase() == NodeStatus.Phase.HELD) {
            // It has nothing to drain: its log takes nothing more.
            getContext().stop(rack);
        } else {
            rack.tell(Rack.Stop.INSTANCE);
        }
        return this;
    }

    private Behavior<Message> leave() {
        MovableRack.Hosted last = hosted;
        hosted = null;
        timers.cancel(Look.INSTANCE);
        getContext().pipeToSelf(CompletableFuture.runAsync(last::leave, thread), (done, problem) -> Left.INSTANCE);
        return this;
    }

    /** A Rack that stopped although nobody told it to is started again from what is durable. */
    private Behavior<Message> left() {
        rack = null;
        return tryLater(new FluxException(NodeError.VAULT_STOPPED, "it stopped by itself"));
    }

    /** Whatever waits for the database fails; nothing is sealed. */
    private void cutShort() {
        MovableRack.Hosted last = hosted;
        hosted = null;
        if (last != null) {
            last.mirror().close();
            thread.execute(last::leave);
        }
    }
}
