package io.fluxrig.node;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.ClusterSingleton;
import org.apache.pekko.cluster.typed.ClusterSingletonSettings;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.cluster.typed.SelfUp;
import org.apache.pekko.cluster.typed.SingletonActor;
import org.apache.pekko.cluster.typed.Subscribe;

/** The root of a node: forms or joins the cluster, runs the Mixer where it falls, and hosts Racks. */
final class NodeGuardian extends AbstractBehavior<NodeGuardian.Command> {

    sealed interface Command {}

    enum Stop implements Command {
        INSTANCE
    }

    /** Hosts one more Rack. */
    record Host(RackSettings rack, RackBoard board) implements Command {}

    /** Hosts a movable Rack as long as it falls to this node. */
    record HostMovable(RackSettings rack, RackBoard board) implements Command {}

    private record Seated(ActorRef<RackSeat.Message> seat) implements Command {}

    private enum Member implements Command {
        INSTANCE
    }

    /** Longer than the others take to part with members that are gone. */
    private static final Duration UNHEARD = Duration.ofSeconds(30);

    private final ActorRef<Mixer.Command> mixer;
    private final Path data;
    private final Map<ActorRef<Rack.Command>, RackBoard> racks = new LinkedHashMap<>();
    private final Set<ActorRef<RackSeat.Message>> seats = new LinkedHashSet<>();
    private final MixerPlace place;
    private boolean stopping;

    private NodeGuardian(ActorContext<Command> context, RackSettings settings, RackBoard board) {
        super(context);
        Cluster cluster = Cluster.get(context.getSystem());
        data = settings.data().root();
        // A node with seed nodes joins through them by itself; one without is the whole cluster.
        if (context.getSystem().settings().config().getList(Founding.SEEDS).isEmpty()) {
            cluster.manager().tell(Join.create(cluster.selfMember().address()));
        } else {
            ActorRef<SelfUp> up = context.messageAdapter(SelfUp.class, event -> Member.INSTANCE);
            cluster.subscriptions().tell(Subscribe.create(up, SelfUp.class));
            context.spawn(OrphanWatch.create(UNHEARD), "orphan");
            context.spawn(ClusterSearch.create(), "search");
        }
        if (RoleWarden.isDue(settings.config())) {
            context.spawn(RoleWarden.create(), "roles");
        }
        place = MixerPlace.of(settings, board, cluster);
        SingletonActor<Mixer.Command> singleton = SingletonActor.of(
                        Behaviors.<Mixer.Command>setup(where -> place.seat()), "mixer")
                .withSettings(place.singleton(ClusterSingletonSettings.create(context.getSystem())));
        mixer = ClusterSingleton.get(context.getSystem()).init(singleton);
        board.mixer().complete(mixer);
        host(settings, board);
    }

    private void host(RackSettings settings, RackBoard board) {
        ActorRef<Rack.Command> rack =
                getContext().spawn(Rack.create(settings, mixer, board), "rack-" + settings.name());
        getContext().watch(rack);
        racks.put(rack, board);
        board.rack().complete(rack);
    }

    /** A successor needs not wait until a host that is down has noticed: it cannot make anything durable any more. */
    private void hostMovable(RackSettings settings, RackBoard board) {
        ActorRef<Command> self = getContext().getSelf();
        MovableRack rack = MovableRack.of(settings, place.node());
        RackSeat.Settings its =
                new RackSeat.Settings(rack, mixer, board, seat -> self.tell(new Seated(seat)), place::part);
        ClusterSingleton.get(getContext().getSystem())
                .init(SingletonActor.of(RackSeat.create(its), "rack-" + settings.name())
                        .withStopMessage(RackSeat.Stop.INSTANCE)
                        .withSettings(
                                ClusterSingletonSettings.create(getContext().getSystem())
                                        .withRole("rack")
                                        .withRemovalMargin(MixerPlace.AT_ONCE)));
    }

    private void seated(ActorRef<RackSeat.Message> seat) {
        getContext().watch(seat);
        seats.add(seat);
        if (stopping) {
            seat.tell(RackSeat.Stop.INSTANCE);
        }
    }

    static Behavior<Command> create(RackSettings settings, RackBoard board) {
        return Behaviors.setup(context -> new NodeGuardian(context, settings, board));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessageEquals(Stop.INSTANCE, this::stop)
                .onMessageEquals(Member.INSTANCE, () -> {
                    Founding.remember(data);
                    return this;
                })
                .onMessage(Host.class, host -> {
                    host(host.rack(), host.board());
                    return this;
                })
                .onMessage(HostMovable.class, host -> {
                    hostMovable(host.rack(), host.board());
                    return this;
                })
                .onMessage(Seated.class, seated -> {
                    seated(seated.seat());
                    return this;
                })
                .onSignal(Terminated.class, gone -> {
                    racks.remove(gone.getRef());
                    seats.remove(gone.getRef());
                    return endIfNothingIsLeft();
                })
                .build();
    }

    private Behavior<Command> stop() {
        stopping = true;
        seats.forEach(seat -> seat.tell(RackSeat.Stop.INSTANCE));
        // A Rack that is held has nothing to drain: its log takes nothing more.
        racks.entrySet().removeIf(rack -> rack.getValue().status().phase() == NodeStatus.Phase.HELD);
        racks.keySet().forEach(rack -> rack.tell(Rack.Stop.INSTANCE));
        return endIfNothingIsLeft();
    }

    /**
     * The actor system takes leave of the other nodes and then stops this guardian. One that stopped by itself would take the system down at once, before the others know: they would miss a
     * member instead of having seen it go, and of two the other might part as well.
     */
    private Behavior<Command> endIfNothingIsLeft() {
        if (racks.isEmpty() && seats.isEmpty()) {
            getContext().getSystem().terminate();
        }
        return this;
    }
}
