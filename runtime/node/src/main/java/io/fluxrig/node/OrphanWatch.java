package io.fluxrig.node;

import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.ClusterEvent.CurrentClusterState;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Down;

/**
 * Notices that nobody knows this node: it was let in by a member that died before it told the others, and they ignore what a stranger says. It would take itself for
 * a member for good; so it parts, ends, and joins anew when it is started again. Whom the others know hears within a few rounds of gossip that one of them has seen what
 * it knows itself; an orphan never does.
 */
final class OrphanWatch {
    private static final Duration RHYTHM = Duration.ofMillis(500);

    enum Look {
        NOW
    }

    private final ActorContext<Look> context;
    private final Cluster cluster;
    private final int patience;
    private int unheard;

    private OrphanWatch(ActorContext<Look> context, int patience) {
        this.context = context;
        this.cluster = Cluster.get(context.getSystem());
        this.patience = patience;
    }

    /** @param patience how long others may be reached, and none of them shows that it has seen anything; the process must run for that long, not stand still */
    static Behavior<Look> create(Duration patience) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(Look.NOW, RHYTHM);
            OrphanWatch watch = new OrphanWatch(context, (int) patience.dividedBy(RHYTHM));
            return Behaviors.receiveMessage(look -> watch.look());
        }));
    }

    private Behavior<Look> look() {
        unheard = isUnheard(cluster.state()) ? unheard + 1 : 0;
        if (unheard < patience) {
            return Behaviors.same();
        }
        context.getLog()
                .error(
                        "this node parts: others are reached, and none of them knows it; whoever let it in died at once");
        cluster.manager().tell(new Down(self()));
        return Behaviors.stopped();
    }

    private Address self() {
        return cluster.selfMember().address();
    }

    /** Where nobody is reached there is nobody who could have heard. */
    private boolean isUnheard(CurrentClusterState state) {
        Set<Address> reached = StreamSupport.stream(state.getMembers().spliterator(), false)
                .filter(member -> !state.getUnreachable().contains(member))
                .map(Member::address)
                .filter(address -> !address.equals(self()))
                .collect(Collectors.toSet());
        return !reached.isEmpty() && reached.stream().noneMatch(state.getSeenBy()::contains);
    }
}
