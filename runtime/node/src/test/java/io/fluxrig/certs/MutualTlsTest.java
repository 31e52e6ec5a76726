package io.fluxrig.certs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxrig.signal.FluxException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MutualTlsTest {
    private static final Duration YEAR = Duration.ofDays(365);
    private static final X500Name ROOT = new X500Name("CN=root");

    @TempDir
    private Path folder;

    private SiteAuthority authority;
    private Instant now = Instant.now();
    private final Clock clock = new MovedClock();

    private final class MovedClock extends Clock {
        @Override
        public ZoneOffset getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    @BeforeEach
    void begin() {
        authority = SiteAuthority.init(folder.resolve("ca"), "pay.example", clock);
    }

    private Path issue(SiteAuthority by, String node, Duration life) {
        Path out = folder.resolve(node);
        by.issue(new SiteAuthority.Request(node, Set.of("rack"), List.of(node + ".example", "127.0.0.1"), life), out);
        return out;
    }

    private MutualTls tls(String node) {
        return new MutualTls(folder.resolve(node), Duration.ofSeconds(10), clock);
    }

    /** Shakes hands; the server's view of the client's certificate. */
    private static X509Certificate meet(MutualTls dialling, String name, MutualTls listening) throws SSLException {
        SSLEngine client = dialling.createClientSSLEngine(name, 7355);
        SSLEngine server = listening.createServerSSLEngine("0.0.0.0", 7355);
        Pair pair = new Pair(client, server);
        pair.shakeHands();
        assertThat(client.getSession().getProtocol()).isEqualTo("TLSv1.3");
        refusal(dialling.verifyServerSession(name, client.getSession()));
        refusal(listening.verifyClientSession(name, server.getSession()));
        return (X509Certificate) server.getSession().getPeerCertificates()[0];
    }

    private static void refusal(scala.Option<Throwable> verdict) throws SSLException {
        if (verdict.isDefined()) {
            throw new SSLException(verdict.get());
        }
    }

    @Test
    void twoNodesOfASiteMeet() throws Exception {
        issue(authority, "node-a", YEAR);
        issue(authority, "node-b", YEAR);
        assertThat(Identity.of(meet(tls("node-a"), "node-b.example", tls("node-b")))
                        .roles())
                .containsExactly("rack");
    }

    @Test
    void whoIsNotCalledWhatWasDialledIsRefused() {
        issue(authority, "node-a", YEAR);
        issue(authority, "node-b", YEAR);
        assertThatThrownBy(() -> meet(tls("node-a"), "node-c.example", tls("node-b")))
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("node-c.example");
    }

    @Test
    void anExpiredPeerIsRefusedAtBothEnds() {
        issue(authority, "node-a", YEAR);
        issue(authority, "node-b", Duration.ofMinutes(-1));
        assertThatThrownBy(() -> meet(tls("node-a"), "node-b.example", tls("node-b")))
                .isInstanceOf(SSLException.class);
        assertThatThrownBy(() -> meet(tls("node-b"), "node-a.example", tls("node-a")))
                .isInstanceOf(SSLException.class);
    }

    @Test
    void whoShowsNoCertificateIsRefused() throws Exception {
        issue(authority, "node-b", YEAR);
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry(
                "ca", PemFiles.certificates(authority.bundle()).getFirst());
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        SSLContext bare = SSLContext.getInstance("TLSv1.3");
        bare.init(null, trust.getTrustManagers(), null);
        SSLEngine client = bare.createSSLEngine("node-b.example", 7355);
        client.setUseClientMode(true);
        SSLEngine server = tls("node-b").createServerSSLEngine("0.0.0.0", 7355);
        assertThatThrownBy(() -> new Pair(client, server).shakeHands())
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("certificate");
    }

    @Test
    void aTrustedAuthorityOfAnotherSiteEntitlesToNothing() throws Exception {
        SiteAuthority other = SiteAuthority.init(folder.resolve("other"), "lab.example", clock);
        Path a = issue(authority, "node-a", YEAR);
        Path b = issue(other, "node-b", YEAR);
        List<X509Certificate> both = List.of(
                PemFiles.certificates(authority.bundle()).getFirst(),
                PemFiles.certificates(other.bundle()).getFirst());
        PemFiles.write(a.resolve("ca.crt"), both);
        PemFiles.write(b.resolve("ca.crt"), both);
        assertThatThrownBy(() -> meet(tls("node-a"), "node-b.example", tls("node-b")))
                .hasMessageContaining("FLX-7014")
                .hasMessageContaining("lab.example");
    }

    @Test
    void aPersonsCertificateJoinsNothing() {
        issue(authority, "node-a", YEAR);
        authority.issue(
                new SiteAuthority.Request("olga", Set.of("operator", "auditor"), List.of("olga"), YEAR),
                folder.resolve("olga"));
        assertThatThrownBy(() -> meet(tls("olga"), "node-a.example", tls("node-a")))
                .hasMessageContaining("FLX-7014")
                .hasMessageContaining("no role of a node");
    }

    @Test
    void aNewCertificateIsUsedWithoutARestart() throws Exception {
        issue(authority, "node-a", YEAR);
        issue(authority, "node-b", YEAR);
        MutualTls a = tls("node-a");
        MutualTls b = tls("node-b");
        X509Certificate first = meet(a, "node-b.example", b);
        issue(authority, "node-a", YEAR);
        assertThat(meet(a, "node-b.example", b)).isEqualTo(first);
        now = now.plusSeconds(11);
        assertThat(meet(a, "node-b.example", b)).isNotEqualTo(first);
    }

    @Test
    void halfReplacedFilesLeaveWhatWasUsedInForce() throws Exception {
        issue(authority, "node-a", YEAR);
        issue(authority, "node-b", YEAR);
        MutualTls a = tls("node-a");
        MutualTls b = tls("node-b");
        X509Certificate first = meet(a, "node-b.example", b);
        Files.copy(
                folder.resolve("node-b/tls.key"),
                folder.resolve("node-a/tls.key"),
                StandardCopyOption.REPLACE_EXISTING);
        now = now.plusSeconds(11);
        assertThat(meet(a, "node-b.example", b)).isEqualTo(first);
        assertThatThrownBy(() -> tls("node-a"))
                .isInstanceOf(FluxException.class)
                .hasMessageContaining("tls.key");
    }

    @Test
    void anAuthorityIsReplacedWhileBothAreTrusted() throws Exception {
        issue(authority, "node-a", YEAR);
        issue(authority, "node-b", YEAR);
        issue(authority, "node-c", YEAR);
        MutualTls a = tls("node-a");
        MutualTls b = tls("node-b");
        MutualTls late = tls("node-c");
        authority.rotate();
        issue(authority, "node-a", YEAR);
        issue(authority, "node-b", YEAR);
        now = now.plusSeconds(11);
        meet(a, "node-b.example", b);
        authority.switchOver();
        issue(authority, "node-a", YEAR);
        now = now.plusSeconds(11);
        assertThat(meet(a, "node-b.example", b).getIssuerX500Principal().getName())
                .contains("authority 2");
        assertThat(meet(b, "node-a.example", a).getIssuerX500Principal().getName())
                .contains("authority 1");
        authority.finish();
        issue(authority, "node-a", YEAR);
        issue(authority, "node-b", YEAR);
        now = now.plusSeconds(11);
        meet(b, "node-a.example", a);
        assertThatThrownBy(() -> meet(a, "node-c.example", late)).isInstanceOf(SSLException.class);
    }

    @Test
    void aChainOverAnotherAuthorityIsBelievedWhenItIsWhole() throws Exception {
        List<X509Certificate> above = chainAbove();
        for (String node : List.of("node-a", "node-b")) {
            Path own = issue(authority, node, YEAR);
            PemFiles.write(own.resolve("tls.crt"), List.of(leaf(own), above.getFirst()));
            PemFiles.write(own.resolve("ca.crt"), List.of(above.getLast()));
        }
        meet(tls("node-a"), "node-b.example", tls("node-b"));

        Path torn = folder.resolve("node-b");
        PemFiles.write(torn.resolve("tls.crt"), List.of(leaf(torn)));
        assertThatThrownBy(() -> meet(tls("node-a"), "node-b.example", tls("node-b")))
                .isInstanceOf(SSLException.class);
        assertThatThrownBy(() -> meet(tls("node-b"), "node-a.example", tls("node-a")))
                .isInstanceOf(SSLException.class);
    }

    private static X509Certificate leaf(Path directory) {
        return PemFiles.certificates(directory.resolve("tls.crt")).getFirst();
    }

    /** The site's authority as a root above it certifies it, and that root. */
    private List<X509Certificate> chainAbove() throws Exception {
        X509Certificate plain = PemFiles.certificates(authority.bundle()).getFirst();
        KeyPair pair = KeyPairGenerator.getInstance("EC").generateKeyPair();
        X500Name site = X500Name.getInstance(plain.getSubjectX500Principal().getEncoded());
        return List.of(certified(pair, site, plain.getPublicKey(), 0), certified(pair, ROOT, pair.getPublic(), 1));
    }

    private X509Certificate certified(KeyPair by, X500Name subject, PublicKey key, int authoritiesBelow)
            throws Exception {
        return new JcaX509CertificateConverter()
                .getCertificate(new JcaX509v3CertificateBuilder(
                                ROOT,
                                BigInteger.valueOf(authoritiesBelow + 1),
                                Date.from(now.minus(YEAR)),
                                Date.from(now.plus(YEAR)),
                                subject,
                                key)
                        .addExtension(Extension.basicConstraints, true, new BasicConstraints(authoritiesBelow))
                        .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign))
                        .build(new JcaContentSignerBuilder("SHA256withECDSA").build(by.getPrivate())));
    }

    @Test
    void stepsOfAChangeOfAuthorityHaveAnOrder() {
        assertThatThrownBy(authority::switchOver).hasMessageContaining("FLX-7013");
        authority.rotate();
        assertThatThrownBy(authority::rotate).hasMessageContaining("FLX-7013");
        assertThatThrownBy(authority::finish).hasMessageContaining("FLX-7013");
        assertThatThrownBy(() -> SiteAuthority.init(folder.resolve("ca"), "x", clock))
                .hasMessageContaining("FLX-7012");
    }

    @Test
    void aConnectionEndsWithItsCertificate() throws Exception {
        issue(authority, "node-a", YEAR);
        issue(authority, "node-b", Duration.ofHours(1));
        SSLEngine client = tls("node-a").createClientSSLEngine("node-b.example", 7355);
        SSLEngine server = tls("node-b").createServerSSLEngine("0.0.0.0", 7355);
        Pair pair = new Pair(client, server);
        pair.shakeHands();
        pair.say("hello");
        now = now.plus(Duration.ofMinutes(61));
        assertThatThrownBy(() -> pair.say("still there"))
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("ended");
    }

    /** Two engines back to back. */
    private record Pair(SSLEngine client, SSLEngine server) {
        void shakeHands() throws SSLException {
            ByteBuffer there = ByteBuffer.allocate(1 << 16);
            ByteBuffer back = ByteBuffer.allocate(1 << 16);
            client.beginHandshake();
            server.beginHandshake();
            for (int i = 0; i < 50; i++) {
                step(client, there, back);
                step(server, back, there);
            }
            assertThat(client.getHandshakeStatus()).isEqualTo(SSLEngineResult.HandshakeStatus.NOT_HANDSHAKING);
            assertThat(server.getHandshakeStatus()).isEqualTo(SSLEngineResult.HandshakeStatus.NOT_HANDSHAKING);
        }

        private static void step(SSLEngine engine, ByteBuffer out, ByteBuffer in) throws SSLException {
            in.flip();
            if (in.hasRemaining()) {
                engine.unwrap(in, ByteBuffer.allocate(1 << 16));
            }
            in.compact();
            for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                task.run();
            }
            if (engine.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NEED_WRAP) {
                engine.wrap(ByteBuffer.allocate(0), out);
            }
        }

        void say(String text) throws SSLException {
            ByteBuffer wire = ByteBuffer.allocate(1 << 16);
            ByteBuffer heard = ByteBuffer.allocate(1 << 16);
            client.wrap(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), wire);
            server.unwrap(wire.flip(), heard);
            assertThat(heard.flip().remaining()).isEqualTo(text.length());
        }
    }
}
