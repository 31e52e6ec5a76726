package io.fluxrig.certs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.fluxrig.config.Environment;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.concurrent.duration.FiniteDuration;

/** Real nodes under the cluster profile, over real sockets. */
class ClusterTlsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    private SiteAuthority authority;
    private int seed;
    private final List<ActorSystem> systems = new ArrayList<>();

    @BeforeEach
    void begin() throws IOException {
        authority = SiteAuthority.init(folder.resolve("ca"), "pay.example", Clock.systemUTC());
        seed = freePort();
    }

    /**
     * Pekko 1.7 sometimes leaves the control stream of a connection that was made anew under TLS open at its own end; a node leaves by exit, so that costs it the bound of
     * that phase. Here the systems are told to end, and nobody waits for the last of them.
     */
    @AfterEach
    void end() {
        systems.forEach(ActorSystem::terminate);
        systems.forEach(system -> TestKit.shutdownActorSystem(system, FiniteDuration.create(3, "s"), false));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private Path issue(SiteAuthority by, String node, Duration life) {
        Path out = folder.resolve(node);
        by.issue(new SiteAuthority.Request(node, Set.of("rack"), List.of("127.0.0.1"), life), out);
        return out;
    }

    private ActorSystem node(Path tls, int port) {
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
        ActorSystem system = ActorSystem.create("fluxrig", quick.withFallback(profile));
        systems.add(system);
        return system;
    }

    private static long up(ActorSystem system) {
        long count = 0;
        for (Member member : Cluster.get(system).state().getMembers()) {
            count += member.status().equals(MemberStatus.up()) ? 1 : 0;
        }
        return count;
    }

    private static boolean allReachable(ActorSystem system) {
        return Cluster.get(system).state().getUnreachable().isEmpty();
    }

    @Test
    void certificatesAreRenewedUnderARunningCluster() throws Exception {
        // Long enough for two systems to find each other on a busy machine.
        Duration life = Duration.ofSeconds(20);
        ActorSystem a = node(issue(authority, "a", life), seed);
        ActorSystem b = node(issue(authority, "b", life), 0);
        long ends = System.nanoTime() + life.toNanos();
        Awaitility.await().atMost(PATIENCE).until(() -> up(a) == 2 && up(b) == 2);
        issue(authority, "a", Duration.ofDays(1));
        issue(authority, "b", Duration.ofDays(1));
        // Past the end of the first certificates, heartbeats still arrive: over new connections.
        Awaitility.await()
                .atMost(PATIENCE)
                .during(Duration.ofSeconds(3))
                .until(() -> System.nanoTime() > ends + 2_000_000_000L && allReachable(a) && allReachable(b));
        assertThat(up(a)).isEqualTo(2);
    }

    @Test
    void whoIsOfAnotherAuthorityOrExpiredDoesNotJoin() throws Exception {
        ActorSystem a = node(issue(authority, "a", Duration.ofDays(1)), seed);
        Awaitility.await().atMost(PATIENCE).until(() -> up(a) == 1);
        SiteAuthority stranger = SiteAuthority.init(folder.resolve("other"), "pay.example", Clock.systemUTC());
        Path mixed = issue(stranger, "stranger", Duration.ofDays(1));
        PemFiles.write(mixed.resolve("ca.crt"), PemFiles.certificates(authority.bundle()));
        ActorSystem b = node(mixed, 0);
        ActorSystem c = node(issue(authority, "late", Duration.ofMinutes(-1)), 0);
        Awaitility.await().during(Duration.ofSeconds(5)).atMost(PATIENCE).until(() -> up(a) == 1);
        assertThat(up(b)).isZero();
        assertThat(up(c)).isZero();
        ActorSystem d = node(issue(authority, "d", Duration.ofDays(1)), 0);
        Awaitility.await().atMost(PATIENCE).until(() -> up(d) == 2);
    }

    /** A29: magic and stream number, then the announcement of 2 GiB, and data for as long as somebody takes it. */
    @Test
    void aFrameOfTwoGibibytesFromAPlainPeerCostsNothing() throws Exception {
        ActorSystem a = node(issue(authority, "a", Duration.ofDays(1)), seed);
        Awaitility.await().atMost(PATIENCE).until(() -> up(a) == 1);
        long before = used();
        int refused = 0;
        for (int attempt = 0; attempt < 20; attempt++) {
            refused += refusesPlainFrame() ? 1 : 0;
        }
        assertThat(refused).isEqualTo(20);
        assertThat(used() - before).isLessThan(64L << 20);
        assertThat(up(a)).isEqualTo(1);
    }

    private boolean refusesPlainFrame() throws Exception {
        byte[] junk = new byte[1 << 16];
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), seed)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(new byte[] {'A', 'K', 'K', 'A', 1, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x7f});
            for (int sent = 0; sent < 1024; sent++) {
                socket.getOutputStream().write(junk);
            }
            return false;
        } catch (IOException closed) {
            return true;
        }
    }

    private static long used() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** A26. */
    @Test
    void javaSerializationIsOffInBothDirections() {
        ActorSystem a = node(issue(authority, "a", Duration.ofDays(1)), seed);
        var serialization = SerializationExtension.get(a);
        assertThatThrownBy(() ->
                        serialization.serialize(new HashMap<>(Map.of("k", "v"))).get())
                .hasMessageContaining("serialization");
        byte[] stream = {(byte) 0xac, (byte) 0xed, 0, 5, 0x70};
        assertThatThrownBy(() -> serialization
                        .deserialize(stream, 1, "java.util.HashMap")
                        .get())
                .isInstanceOf(Exception.class);
    }
}
