package io.fluxrig.certs;

import com.typesafe.config.Config;
import io.fluxrig.signal.FluxException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.remote.artery.tcp.SSLEngineProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;

/**
 * TLS 1.3 between the nodes of a site. Both ends show a certificate of a trusted authority that names this site and a role; the one that was dialled is known by the
 * name that was dialled. Files are read again when they change; a connection ends when a certificate that it rests on does, or when its peer announces a frame that
 * is larger than one may be, or says more than one node may.
 */
public final class MutualTls implements SSLEngineProvider {
    private static final Logger LOG = LoggerFactory.getLogger(MutualTls.class);
    private static final String[] PROTOCOLS = {"TLSv1.3"};
    private static final String[] SUITES = {
        "TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256"
    };

    private final Path directory;
    private final Duration reload;
    private final Clock clock;
    private final Optional<PeerRoles> peers;
    private final Optional<Bounds> bounds;
    private TlsFiles files;
    private Instant looked;

    /** What one node may say to another. */
    private record Bounds(long largestFrame, PeerRates rates) {
        static Bounds of(Config config) {
            return new Bounds(
                    Math.max(
                            config.getBytes("pekko.remote.artery.advanced.maximum-frame-size"),
                            config.getBytes("pekko.remote.artery.advanced.maximum-large-frame-size")),
                    new PeerRates(
                            new PeerRates.Limit(
                                    config.getLong("fluxrig.tls.peer.frames-per-second"),
                                    config.getBytes("fluxrig.tls.peer.bytes-per-second")),
                            System::nanoTime));
        }

        FrameLimit ofPeer(X509Certificate certificate) {
            return new FrameLimit(
                    largestFrame, rates.of(Identity.of(certificate).hosts()));
        }
    }

    /** As Pekko makes it. */
    public MutualTls(ActorSystem system) {
        this(system.settings().config(), PeerRoles.of(system));
    }

    private MutualTls(Config config, PeerRoles peers) {
        this(
                Path.of(config.getString("fluxrig.tls.dir")),
                config.getDuration("fluxrig.tls.reload"),
                Clock.systemUTC(),
                Optional.of(peers),
                Optional.of(Bounds.of(config)));
    }

    MutualTls(Path directory, Duration reload, Clock clock) {
        this(directory, reload, clock, Optional.empty(), Optional.empty());
    }

    private MutualTls(
            Path directory, Duration reload, Clock clock, Optional<PeerRoles> peers, Optional<Bounds> bounds) {
        this.peers = peers;
        this.bounds = bounds;
        this.directory = directory;
        this.reload = reload;
        this.clock = clock;
        this.files = TlsFiles.read(directory);
        this.looked = clock.instant();
    }

    /** The newest files that can be used: what cannot be read while somebody replaces it is read at the next look. */
    private synchronized TlsFiles files() {
        Instant now = clock.instant();
        if (!now.isBefore(looked.plus(reload)) || now.isBefore(looked)) {
            looked = now;
            try {
                if (!TlsFiles.versionOf(directory).equals(files.version())) {
                    files = TlsFiles.read(directory);
                    LOG.info(
                            "certificates are read again; mine ends {}",
                            files.own().getNotAfter().toInstant());
                }
            } catch (FluxException unusable) {
                LOG.warn("the certificates from before are used on: {}", unusable.line());
            }
        }
        return files;
    }

    @Override
    public SSLEngine createServerSSLEngine(String hostname, int port) {
        SSLEngine engine = serverEngine(bounds.map(all -> all::ofPeer));
        engine.setNeedClientAuth(true);
        return engine;
    }

    /** For somebody who may show a certificate and need not. */
    SSLEngine engineForAnybody() {
        SSLEngine engine = serverEngine(Optional.empty());
        engine.setWantClientAuth(true);
        return engine;
    }

    private SSLEngine serverEngine(Optional<Function<X509Certificate, FrameLimit>> limits) {
        TlsFiles now = files();
        SSLEngine engine = now.context().createSSLEngine();
        engine.setUseClientMode(false);
        engine.setSSLParameters(strict(engine.getSSLParameters()));
        return new MortalEngine(engine, now.own(), clock, limits);
    }

    @Override
    public SSLEngine createClientSSLEngine(String hostname, int port) {
        TlsFiles now = files();
        SSLEngine engine = now.context().createSSLEngine(hostname, port);
        engine.setUseClientMode(true);
        engine.setSSLParameters(dialling(engine.getSSLParameters()));
        return new MortalEngine(engine, now.own(), clock, Optional.empty());
    }

    static SSLParameters dialling(SSLParameters plain) {
        SSLParameters parameters = strict(plain);
        // The name that was dialled must stand in the certificate (RFC 6125).
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        return parameters;
    }

    private static SSLParameters strict(SSLParameters parameters) {
        parameters.setProtocols(PROTOCOLS);
        parameters.setCipherSuites(SUITES);
        return parameters;
    }

    @Override
    public Option<Throwable> verifyClientSession(String hostname, SSLSession session) {
        return verdict(
                session, peer -> peers.ifPresent(known -> known.seen(hostname, session.getPeerPort(), peer.roles())));
    }

    @Override
    public Option<Throwable> verifyServerSession(String hostname, SSLSession session) {
        return verdict(session, peer -> {});
    }

    /** @param good told who it is, where there is no objection */
    private Option<Throwable> verdict(SSLSession session, Consumer<Identity> good) {
        Optional<String> objection;
        try {
            Identity peer = Identity.of((X509Certificate) session.getPeerCertificates()[0]);
            objection = Identity.of(files().own()).objectionTo(peer);
            if (objection.isEmpty()) {
                good.accept(peer);
            }
        } catch (SSLPeerUnverifiedException e) {
            objection = Optional.of("it showed none");
        }
        return objection
                .map(why -> {
                    FluxException refusal = new FluxException(CertError.PEER, why);
                    LOG.warn("a peer at {} is refused: {}", session.getPeerHost(), refusal.line());
                    return Option.<Throwable>apply(refusal);
                })
                .orElseGet(Option::empty);
    }
}
