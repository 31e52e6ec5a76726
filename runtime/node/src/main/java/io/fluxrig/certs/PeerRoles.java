package io.fluxrig.certs;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.actor.AbstractExtensionId;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.Extension;

/**
 * Which roles the certificates give to the nodes that this one has dialled: what a node shows is bound to the address that it was reached at. An address that is never
 * confirmed stays unknown; one entry for each address of the site.
 */
public final class PeerRoles implements Extension {
    private static final Id ID = new Id();
    private static final int MOST_ADDRESSES = 10_000;

    private record Address(String host, int port) {}

    private final Map<Address, Set<String>> roles = new ConcurrentHashMap<>();

    private PeerRoles() {}

    public static PeerRoles of(ActorSystem system) {
        return ID.get(system);
    }

    void seen(String host, int port, Set<String> given) {
        if (roles.size() < MOST_ADDRESSES) {
            roles.put(new Address(host, port), given);
        }
    }

    /** What the certificate says of who answers there; empty where nobody has been asked yet. */
    public Optional<Set<String>> at(String host, int port) {
        return Optional.ofNullable(roles.get(new Address(host, port)));
    }

    private static final class Id extends AbstractExtensionId<PeerRoles> {
        @Override
        public PeerRoles createExtension(ExtendedActorSystem system) {
            return new PeerRoles();
        }
    }
}
