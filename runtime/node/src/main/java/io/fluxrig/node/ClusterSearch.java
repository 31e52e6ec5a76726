package io.fluxrig.node;

import io.fluxrig.signal.FluxException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;

/**
 * A node that has not found its cluster yet. It goes on looking for as long as it runs; where all nodes of a site ended, each looks for the others, and only a person knows
 * that nobody is left to be found. So it says what it looks for, again and again.
 */
final class ClusterSearch {
    private static final Duration RHYTHM = Duration.ofMinutes(1);

    private enum Look {
        NOW
    }

    private ClusterSearch() {}

    /** Tells the log every minute, until the cluster is found. */
    static Behavior<Look> create() {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(Look.NOW, RHYTHM);
            return Behaviors.receiveMessage(look -> {
                Optional<FluxException> trouble = trouble(context.getSystem());
                trouble.ifPresent(why -> context.getLog().warn(why.line()));
                return trouble.isPresent() ? Behaviors.same() : Behaviors.stopped();
            });
        }));
    }

    /** What is looked for, and since when; empty where it is found, or where there is nobody to look for. */
    static Optional<FluxException> trouble(ActorSystem<?> system) {
        List<String> seeds = system.settings().config().getStringList(Founding.SEEDS);
        if (seeds.isEmpty()
                || Cluster.get(system).state().getMembers().iterator().hasNext()) {
            return Optional.empty();
        }
        String all = seeds.stream()
                .map(seed -> seed.substring(seed.indexOf('@') + 1))
                .collect(Collectors.joining(", "));
        return Optional.of(
                new FluxException(NodeError.NO_CLUSTER, "it has looked for " + all + " for " + system.uptime() + " s"));
    }
}
