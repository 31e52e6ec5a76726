package io.fluxrig.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import io.fluxrig.certs.SiteAuthority;
import io.fluxrig.config.Environment;
import io.fluxrig.signal.FluxException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A27: real nodes with certificates of one authority, over real sockets. */
class RoleWardenTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private SiteAuthority authority;
    private int seed;
    private final List<ActorSystem<Void>> systems = new ArrayList<>();

    @BeforeEach
    void begin() throws IOException {
        authority = SiteAuthority.init(folder.resolve("ca"), "pay.example", Clock.systemUTC());
        seed = freePort();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @AfterEach
    void end() {
        systems.forEach(ActorSystem::terminate);
    }

    private Config config(String node, int port, Set<String> given, Set<String> announced) {
        Path tls = folder.resolve(node);
        authority.issue(new SiteAuthority.Request(node, given, List.of("127.0.0.1"), Duration.ofDays(1)), tls);
        Config quick = ConfigFactory.parseString("""
                pekko.cluster { seed-node-timeout = 1s, gossip-interval = 200ms, leader-actions-interval = 200ms
                  unreachable-nodes-reaper-interval = 200ms, periodic-tasks-initial-delay = 100ms }
                """);
        return quick.withValue("pekko.cluster.roles", ConfigValueFactory.fromIterable(announced))
                .withFallback(Environment.of(Map.of(
                                "FLUXRIG_PROFILE",
                                "cluster",
                                "FLUXRIG_CLUSTER_HOST",
                                "127.0.0.1",
                                "FLUXRIG_CLUSTER_PORT",
                                Integer.toString(port),
                                "FLUXRIG_SEED_NODES",
                                "127.0.0.1:" + seed,
                                "FLUXRIG_TLS",
                                tls.toString()))
                        .config());
    }

    private ActorSystem<Void> node(Config config, boolean honest) {
        ActorSystem<Void> system = ActorSystem.create(
                Behaviors.setup(context -> {
                    if (honest) {
                        context.spawn(RoleWarden.create(), "roles");
                    }
                    return Behaviors.empty();
                }),
                "fluxrig",
                config);
        systems.add(system);
        return system;
    }

    private static long up(ActorSystem<Void> system) {
        long count = 0;
        for (Member member : Cluster.get(system).state().getMembers()) {
            count += member.status().equals(MemberStatus.up()) ? 1 : 0;
        }
        return count;
    }

    @Test
    void whoAnnouncesMoreThanItsCertificateSaysIsPartedWith() {
        ActorSystem<Void> a = node(config("a", seed, Set.of("mixer", "rack"), Set.of("mixer", "rack")), true);
        ActorSystem<Void> b = node(config("b", 0, Set.of("rack"), Set.of("rack")), true);
        Awaitility.await().atMost(PATIENCE).until(() -> up(a) == 2 && up(b) == 2);

        ActorSystem<Void> greedy = node(config("greedy", 0, Set.of("rack"), Set.of("mixer", "rack")), false);
        Awaitility.await().atMost(PATIENCE).until(() -> greedy.whenTerminated().isCompleted());
        Awaitility.await().atMost(PATIENCE).until(() -> up(a) == 2 && up(b) == 2);
        assertThat(a.whenTerminated().isCompleted()).isFalse();

        ActorSystem<Void> honest = node(config("c", 0, Set.of("mixer", "rack"), Set.of("rack")), true);
        Awaitility.await().atMost(PATIENCE).until(() -> up(a) == 3 && up(b) == 3 && up(honest) == 3);
    }

    @Test
    void aNodeThatComesBackIsJudgedByTheCertificateThatItHasNow() throws IOException {
        Set<String> both = Set.of("mixer", "rack");
        int port = freePort();
        ActorSystem<Void> a = node(config("a", seed, both, both), true);
        ActorSystem<Void> b = node(config("b", 0, Set.of("rack"), Set.of("rack")), true);
        ActorSystem<Void> plain = node(config("plain", port, Set.of("rack"), Set.of("rack")), true);
        Awaitility.await().atMost(PATIENCE).until(() -> up(a) == 3 && up(b) == 3 && up(plain) == 3);
        awaitGone(plain);
        Awaitility.await().atMost(PATIENCE).until(() -> up(a) == 2 && up(b) == 2);

        ActorSystem<Void> more = node(config("more", port, both, both), true);
        Awaitility.await().atMost(PATIENCE).until(() -> up(a) == 3 && up(b) == 3 && up(more) == 3);
        Awaitility.await()
                .during(Duration.ofSeconds(3))
                .atMost(PATIENCE)
                .until(() -> up(a) == 3 && up(b) == 3 && up(more) == 3);
        awaitGone(more);
        Awaitility.await().atMost(PATIENCE).until(() -> up(a) == 2 && up(b) == 2);

        ActorSystem<Void> greedy = node(config("greedy", port, Set.of("rack"), both), false);
        Awaitility.await().atMost(PATIENCE).until(() -> greedy.whenTerminated().isCompleted());
        Awaitility.await().atMost(PATIENCE).until(() -> up(a) == 2 && up(b) == 2);
    }

    private static void awaitGone(ActorSystem<Void> system) {
        system.terminate();
        Awaitility.await().atMost(PATIENCE).until(() -> system.whenTerminated().isCompleted());
    }

    @Test
    void aNodeLooksAtItsOwnCertificateFirst() {
        assertThatThrownBy(() -> RoleWarden.checkOwn(config("a", 0, Set.of("rack"), Set.of("mixer", "rack"))))
                .isInstanceOf(FluxException.class)
                .hasMessageContaining("FLX-7016")
                .hasMessageContaining("mixer");
        RoleWarden.checkOwn(config("b", 0, Set.of("mixer", "rack"), Set.of("rack")));
    }
}
