package io.fluxrig.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Real nodes over real sockets; with a pause between rounds of gossip that outlasts the test, a member can be let in of which nobody else hears. */
class OrphanWatchTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final List<ActorSystem<Void>> systems = new ArrayList<>();

    @AfterEach
    void end() {
        systems.forEach(ActorSystem::terminate);
    }

    private ActorSystem<Void> node(String gossip) {
        Config config = ConfigFactory.parseString("""
                pekko {
                  loglevel = OFF, stdout-loglevel = OFF
                  actor.provider = cluster
                  remote.artery { transport = tcp, canonical { hostname = 127.0.0.1, port = 0 } }
                  coordinated-shutdown { run-by-actor-system-terminate = off, run-by-jvm-shutdown-hook = off }
                  cluster {
                    jmx.enabled = off, gossip-interval = %s, periodic-tasks-initial-delay = 100ms
                    leader-actions-interval = 200ms, unreachable-nodes-reaper-interval = 200ms
                    failure-detector { heartbeat-interval = 200ms, acceptable-heartbeat-pause = 1500ms }
                  }
                }
                """.formatted(gossip)).withFallback(ConfigFactory.load("reference"));
        ActorSystem<Void> system = ActorSystem.create(
                Behaviors.setup(context -> {
                    context.spawn(OrphanWatch.create(Duration.ofSeconds(3)), "orphan");
                    return Behaviors.empty();
                }),
                "fluxrig",
                config);
        systems.add(system);
        return system;
    }

    private static void join(ActorSystem<Void> one, ActorSystem<Void> through) {
        Address address = Cluster.get(through).selfMember().address();
        Cluster.get(one).manager().tell(Join.create(address));
        Awaitility.await().atMost(PATIENCE).until(() -> knows(one) > 0 && (one == through || knows(one) > 1));
    }

    private static int knows(ActorSystem<Void> system) {
        int members = 0;
        for (var member : Cluster.get(system).state().getMembers()) {
            members++;
        }
        return members;
    }

    private static boolean hasEnded(ActorSystem<Void> system) {
        return system.whenTerminated().isCompleted();
    }

    @Test
    void whoWasLetInByAMemberThatDiedAtOncePartsByItself() {
        ActorSystem<Void> founder = node("10 minutes");
        ActorSystem<Void> member = node("10 minutes");
        ActorSystem<Void> orphan = node("10 minutes");
        join(founder, founder);
        join(member, founder);
        join(orphan, founder);
        assertThat(knows(orphan)).isEqualTo(3);
        assertThat(knows(member)).isEqualTo(2);
        // Nobody said good-bye.
        founder.terminate();
        Awaitility.await("the orphan parts").atMost(PATIENCE).until(() -> hasEnded(orphan));
        assertThat(hasEnded(member)).as("who reaches nobody waits").isFalse();
    }

    @Test
    void whoIsKnownStays() {
        ActorSystem<Void> founder = node("200 ms");
        ActorSystem<Void> member = node("200 ms");
        join(founder, founder);
        join(member, founder);
        Awaitility.await("both stay")
                .atMost(PATIENCE)
                .during(Duration.ofSeconds(6))
                .until(() -> !hasEnded(founder) && !hasEnded(member) && knows(founder) == 2);
    }
}
