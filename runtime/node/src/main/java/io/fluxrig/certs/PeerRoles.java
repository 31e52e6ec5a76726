package io.fluxrig.certs;

import io.fluxrig.signal.FluxException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLSocket;
import org.apache.pekko.actor.AbstractExtensionId;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.Extension;

/**
 * Which roles the certificates give to the nodes that this one has dialled: what a node shows is bound to the address that it was reached at, and the newest counts. An
 * address that is never confirmed stays unknown; one entry for each address of the site.
 */
public final class PeerRoles implements Extension {
    private static final Id ID = new Id();
    private static final int MOST_ADDRESSES = 10_000;
    private static final int PATIENCE_MILLIS = 5_000;

    private record Address(String host, int port) {}

    private final Map<Address, Set<String>> roles = new ConcurrentHashMap<>();
    private final Path directory;

    private PeerRoles(Path directory) {
        this.directory = directory;
    }

    public static PeerRoles of(ActorSystem system) {
        return ID.get(system);
    }

    void seen(String host, int port, Set<String> given) {
        Address address = new Address(host, port);
        if (roles.size() < MOST_ADDRESSES || roles.containsKey(address)) {
            roles.put(address, given);
        }
    }

    /**
     * Dials, looks at the certificate and hangs up: another node may answer there than when a connection was made. Blocks for some seconds at most.
     *
     * @throws IOException where nobody answers who can be believed
     * @throws FluxException PEER where it is no node of this site
     */
    public void ask(String host, int port) throws IOException {
        TlsFiles files = TlsFiles.read(directory);
        try (Socket line = new Socket()) {
            line.connect(new InetSocketAddress(host, port), PATIENCE_MILLIS);
            line.setSoTimeout(PATIENCE_MILLIS);
            try (SSLSocket socket =
                    (SSLSocket) files.context().getSocketFactory().createSocket(line, host, port, true)) {
                socket.setSSLParameters(MutualTls.dialling(socket.getSSLParameters()));
                socket.startHandshake();
                Identity peer =
                        Identity.of((X509Certificate) socket.getSession().getPeerCertificates()[0]);
                Optional<String> objection = Identity.of(files.own()).objectionTo(peer);
                if (objection.isPresent()) {
                    throw new FluxException(CertError.PEER, objection.get());
                }
                seen(host, port, peer.roles());
            }
        }
    }

    /** What the certificate says of who answered there last; empty where nobody has been asked yet. */
    public Optional<Set<String>> at(String host, int port) {
        return Optional.ofNullable(roles.get(new Address(host, port)));
    }

    private static final class Id extends AbstractExtensionId<PeerRoles> {
        @Override
        public PeerRoles createExtension(ExtendedActorSystem system) {
            return new PeerRoles(Path.of(system.settings().config().getString("fluxrig.tls.dir")));
        }
    }
}
