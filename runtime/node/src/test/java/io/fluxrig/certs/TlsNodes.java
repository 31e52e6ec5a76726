package io.fluxrig.certs;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.fluxrig.config.Environment;
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
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.UniqueAddress;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.awaitility.Awaitility;
import scala.concurrent.duration.FiniteDuration;

/** Real nodes of a site under the cluster profile, over real sockets, and what its authority issues. */
final class TlsNodes {
    static final Duration PATIENCE = Duration.ofSeconds(30);
    static final Duration DAY = Duration.ofDays(1);

    final SiteAuthority authority;
    final int seed;
    private final Path folder;
    private final List<ActorSystem> systems = new ArrayList<>();

    TlsNodes(Path folder) throws IOException {
        this.folder = folder;
        this.authority = SiteAuthority.init(folder.resolve("ca"), "pay.example", Clock.systemUTC());
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            this.seed = socket.getLocalPort();
        }
    }

    /**
     * Pekko 1.7 sometimes leaves the control stream of a connection that was made anew under TLS open at its own end; a node leaves by exit, so that costs it the bound of
     * that phase. Here the systems are told to end, and nobody waits for the last of them.
     */
    void end() {
        systems.forEach(ActorSystem::terminate);
        systems.forEach(system -> TestKit.shutdownActorSystem(system, FiniteDuration.create(3, "s"), false));
    }

    Path issue(String node, Duration life) {
        return issue(authority, node, "rack", "127.0.0.1", life);
    }

    Path issue(SiteAuthority by, String node, String role, String host, Duration life) {
        Path out = folder.resolve(node);
        by.issue(new SiteAuthority.Request(node, Set.of(role), List.of(host), life), out);
        return out;
    }

    /** The seed node, when it is up. */
    ActorSystem first(Path tls) {
        return first(tls, "");
    }

    /** @param special settings that go before all others */
    ActorSystem first(Path tls, String special) {
        ActorSystem system = start(tls, seed, special);
        Awaitility.await().atMost(PATIENCE).until(() -> up(system) == 1);
        return system;
    }

    ActorSystem next(Path tls) {
        return next(tls, "");
    }

    /** @param special settings that go before all others */
    ActorSystem next(Path tls, String special) {
        return start(tls, 0, special);
    }

    private ActorSystem start(Path tls, int port, String special) {
        Config quick = ConfigFactory.parseString("""
                fluxrig.tls.reload = 200 ms
                pekko.cluster { seed-node-timeout = 1s, gossip-interval = 200ms, leader-actions-interval = 200ms
                  unreachable-nodes-reaper-interval = 200ms, periodic-tasks-initial-delay = 100ms }
                pekko.remote.artery.advanced.outbound-restart-backoff = 200ms
                pekko.stdout-loglevel = WARNING
                pekko.coordinated-shutdown.phases.cluster-exiting.timeout = 2s
                """);
        Config profile = Environment.of(Map.of(
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
                .config();
        ActorSystem system = ActorSystem.create(
                "fluxrig",
                ConfigFactory.parseString(special).withFallback(quick).withFallback(profile));
        systems.add(system);
        return system;
    }

    static void awaitUp(int count, ActorSystem... all) {
        for (ActorSystem system : all) {
            Awaitility.await().atMost(PATIENCE).until(() -> up(system) == count);
        }
    }

    static long up(ActorSystem system) {
        return members(system)
                .filter(member -> member.status().equals(MemberStatus.up()))
                .count();
    }

    /** Whoever is on its list, in whatever state. */
    static Set<UniqueAddress> listed(ActorSystem system) {
        return members(system).map(Member::uniqueAddress).collect(Collectors.toSet());
    }

    private static Stream<Member> members(ActorSystem system) {
        return StreamSupport.stream(Cluster.get(system).state().getMembers().spliterator(), false);
    }

    static boolean allReachable(ActorSystem... all) {
        return List.of(all).stream()
                .allMatch(system -> Cluster.get(system).state().getUnreachable().isEmpty());
    }

    /** Gets all that the system logs from now on. */
    static TestKit log(ActorSystem system, Class<?> level) {
        TestKit log = new TestKit(system);
        system.eventStream().subscribe(log.getRef(), level);
        return log;
    }

    static void awaitLogged(TestKit log, String text) {
        log.fishForMessage(PATIENCE, text, said -> said.toString().contains(text));
    }
}
