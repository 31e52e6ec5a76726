package io.fluxrig.certs;

import static io.fluxrig.certs.TlsNodes.DAY;
import static io.fluxrig.certs.TlsNodes.PATIENCE;
import static io.fluxrig.certs.TlsNodes.allReachable;
import static io.fluxrig.certs.TlsNodes.awaitUp;
import static io.fluxrig.certs.TlsNodes.listed;
import static io.fluxrig.certs.TlsNodes.up;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.cluster.UniqueAddress;
import org.apache.pekko.event.Logging;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who gets into a cluster of real nodes, and how its certificates are replaced while it runs. */
class ClusterTlsTest {
    @TempDir
    private Path folder;

    private TlsNodes nodes;

    @BeforeEach
    void begin() throws IOException {
        nodes = new TlsNodes(folder);
    }

    @AfterEach
    void end() {
        nodes.end();
    }

    @Test
    void certificatesAreRenewedUnderARunningCluster() {
        // Long enough for two systems to find each other on a busy machine.
        Duration life = Duration.ofSeconds(20);
        ActorSystem a = nodes.first(nodes.issue("a", life));
        ActorSystem b = nodes.next(nodes.issue("b", life));
        long ends = System.nanoTime() + life.toNanos();
        awaitUp(2, a, b);
        nodes.issue("a", DAY);
        nodes.issue("b", DAY);
        awaitNewConnections(ends, a, b);
        assertThat(up(a)).isEqualTo(2);
    }

    /** Past the end of the first certificates, heartbeats still arrive: over new connections. */
    private static void awaitNewConnections(long ends, ActorSystem... all) {
        Awaitility.await()
                .atMost(PATIENCE)
                .during(Duration.ofSeconds(3))
                .until(() -> System.nanoTime() > ends + 2_000_000_000L && allReachable(all));
    }

    @Test
    void anAuthorityIsReplacedUnderARunningCluster() throws Exception {
        Duration life = Duration.ofSeconds(20);
        ActorSystem a = nodes.first(nodes.issue("a", life));
        ActorSystem b = nodes.next(nodes.issue("b", life));
        long ends = System.nanoTime() + life.toNanos();
        Path late = nodes.issue("late", DAY);
        awaitUp(2, a, b);

        nodes.authority.rotate();
        nodes.issue("b", DAY);
        nodes.authority.switchOver();
        nodes.issue("a", DAY);
        // One of the old authority and one of the new.
        awaitNewConnections(ends, a, b);
        assertThat(up(a)).isEqualTo(2);

        nodes.authority.finish();
        nodes.issue("a", DAY);
        nodes.issue("b", DAY);
        ActorSystem c = nodes.next(nodes.issue("c", DAY));
        awaitUp(3, a, b, c);

        PemFiles.write(late.resolve("ca.crt"), PemFiles.certificates(nodes.authority.bundle()));
        Set<UniqueAddress> before = listed(a);
        awaitVainAttempt(nodes.next(late));
        assertThat(listed(a)).isEqualTo(before);
    }

    @Test
    void whoIsOfAnotherAuthorityOrExpiredDoesNotJoin() throws Exception {
        ActorSystem a = nodes.first(nodes.issue("a", DAY));
        SiteAuthority other = SiteAuthority.init(folder.resolve("other"), "pay.example", Clock.systemUTC());
        Path stranger = nodes.issue(other, "stranger", "rack", "127.0.0.1", DAY);
        PemFiles.write(stranger.resolve("ca.crt"), PemFiles.certificates(nodes.authority.bundle()));
        mustStayOut(a, stranger, nodes.issue("late", Duration.ofMinutes(-1)));
    }

    @Test
    void whoHasAnotherNameOrSiteOrNoRoleOfANodeDoesNotJoin() throws Exception {
        SiteAuthority other = SiteAuthority.init(folder.resolve("other"), "lab.example", Clock.systemUTC());
        Path known = nodes.issue("a", DAY);
        Path foreign = nodes.issue(other, "foreign", "rack", "127.0.0.1", DAY);
        // Its authority is trusted, and it trusts ours.
        List<X509Certificate> both = List.of(
                PemFiles.certificates(nodes.authority.bundle()).getFirst(),
                PemFiles.certificates(other.bundle()).getFirst());
        PemFiles.write(known.resolve("ca.crt"), both);
        PemFiles.write(foreign.resolve("ca.crt"), both);
        mustStayOut(
                nodes.first(known),
                foreign,
                nodes.issue(nodes.authority, "elsewhere", "rack", "elsewhere.example", DAY),
                nodes.issue(nodes.authority, "olga", "operator", "127.0.0.1", DAY));
    }

    /** They ask again and again, and nobody hears of them; who may join does so meanwhile. */
    private void mustStayOut(ActorSystem member, Path... strangers) {
        Set<UniqueAddress> before = listed(member);
        List<ActorSystem> outside = List.of(strangers).stream().map(nodes::next).toList();
        outside.forEach(ClusterTlsTest::awaitVainAttempt);
        assertThat(listed(member)).isEqualTo(before);
        ActorSystem friend = nodes.next(nodes.issue("friend", DAY));
        awaitUp(2, member, friend);
        outside.forEach(ClusterTlsTest::awaitVainAttempt);
        assertThat(listed(member)).hasSize(2);
        assertThat(outside).allSatisfy(system -> assertThat(listed(system)).isEmpty());
    }

    @Test
    void whatWasSeenAtAnAddressGivesWayToWhoAnswersThereNow() throws Exception {
        ActorSystem a = nodes.first(nodes.issue("a", DAY));
        PeerRoles known = PeerRoles.of(a);
        known.seen("127.0.0.1", nodes.seed, Set.of("mixer"));
        known.ask("127.0.0.1", nodes.seed);
        assertThat(known.at("127.0.0.1", nodes.seed)).contains(Set.of("rack"));
    }

    private static void awaitVainAttempt(ActorSystem system) {
        TlsNodes.awaitLogged(TlsNodes.log(system, Logging.Warning.class), "Couldn't join seed nodes after");
    }
}
