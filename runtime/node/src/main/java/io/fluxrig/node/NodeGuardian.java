package io.fluxrig.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.fluxrig.signal.SigningKey;
import io.fluxrig.vault.Vault;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.ClusterSingleton;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.cluster.typed.SingletonActor;

/** The root of a node: forms or joins the cluster, runs the Mixer where it falls, and hosts the Rack. */
final class NodeGuardian extends AbstractBehavior<NodeGuardian.Command> {

    sealed interface Command {}

    enum Stop implements Command {
        INSTANCE
    }

    private final ActorRef<Rack.Command> rack;
    private final RackBoard board;

    private NodeGuardian(ActorContext<Command> context, Rack.Settings settings, RackBoard board) {
        super(context);
        this.board = board;
        Cluster cluster = Cluster.get(context.getSystem());
        cluster.manager().tell(Join.create(cluster.selfMember().address()));
        ActorRef<Mixer.Command> mixer =
                ClusterSingleton.get(context.getSystem()).init(SingletonActor.of(mixer(settings, board), "mixer"));
        board.mixer().complete(mixer);
        rack = context.spawn(Rack.create(settings, mixer, board), "rack-" + settings.name());
        context.watch(rack);
    }

    static Behavior<Command> create(Rack.Settings settings, RackBoard board) {
        return Behaviors.setup(context -> new NodeGuardian(context, settings, board));
    }

    private static Behavior<Mixer.Command> mixer(Rack.Settings settings, RackBoard board) {
        Vault.Journal journal = Journals.at(
                settings.data().mixerWal(), settings.data().mixerSnapshots(), "mixer", keepingAll(settings.config()));
        return Mixer.create(new Mixer.Settings(
                settings.data(),
                SigningKey.readPem(settings.data().rootKeyFile()),
                MixerKey.of(settings.data()),
                settings.trust(),
                settings.clock(),
                journal.id(),
                journal.config(),
                fault -> board.held(Rack.asRefusal(fault))));
    }

    /** The Mixer's log is small and holds what was granted for good: quota and archive are for the Racks. */
    private static Config keepingAll(Config config) {
        return ConfigFactory.parseString("persistence.wal { quota = 0 B, retention.archive = \"\" }")
                .withFallback(config);
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessageEquals(Stop.INSTANCE, this::stop)
                .onSignal(Terminated.class, gone -> Behaviors.stopped())
                .build();
    }

    private Behavior<Command> stop() {
        // A Rack that is held has nothing to drain: its log takes nothing more.
        if (board.status().phase() == NodeStatus.Phase.HELD) {
            return Behaviors.stopped();
        }
        rack.tell(Rack.Stop.INSTANCE);
        return this;
    }
}
