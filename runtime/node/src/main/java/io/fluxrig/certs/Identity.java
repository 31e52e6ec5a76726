package io.fluxrig.certs;

import io.fluxrig.signal.FluxException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a certificate says about its holder: its site and roles, as URIs among the alternative names ({@code urn:fluxrig:site:S}, {@code urn:fluxrig:role:R}), and
 * the names under which it is reached.
 */
public record Identity(
        Optional<String> site, Set<String> roles, List<String> hosts, Instant notBefore, Instant notAfter) {
    static final String SITE = "urn:fluxrig:site:";
    static final String ROLE = "urn:fluxrig:role:";
    /** People have roles too, and join nothing. */
    private static final Set<String> NODES = Set.of("mixer", "rack");

    private static final int DNS = 2;
    private static final int URI = 6;
    private static final int ADDRESS = 7;

    public static Identity of(X509Certificate certificate) {
        Optional<String> site = Optional.empty();
        Set<String> roles = new TreeSet<>();
        List<String> hosts = new ArrayList<>();
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            for (List<?> name : names == null ? List.<List<?>>of() : names) {
                String value = String.valueOf(name.get(1));
                switch ((Integer) name.get(0)) {
                    case DNS, ADDRESS -> hosts.add(value);
                    case URI -> {
                        if (value.startsWith(SITE)) {
                            site = Optional.of(value.substring(SITE.length()));
                        } else if (value.startsWith(ROLE)) {
                            roles.add(value.substring(ROLE.length()));
                        }
                    }
                    default -> {
                        // Names of other kinds say nothing to us.
                    }
                }
            }
        } catch (CertificateParsingException e) {
            throw new FluxException(CertError.FILES, "alternative names cannot be read", e);
        }
        return new Identity(
                site,
                roles,
                hosts,
                certificate.getNotBefore().toInstant(),
                certificate.getNotAfter().toInstant());
    }

    /** How long it is good from now on; negative where it has ended. */
    public Duration left(Instant now) {
        return Duration.between(now, notAfter);
    }

    /** Why a holder of {@code peer} may not talk to us as a node; empty where it may. Its authority is checked elsewhere. */
    Optional<String> objectionTo(Identity peer) {
        if (peer.roles().isEmpty()) {
            return Optional.of("it names no role");
        }
        if (Collections.disjoint(peer.roles(), NODES)) {
            return Optional.of("it names no role of a node, but " + String.join(", ", peer.roles()));
        }
        if (!peer.site().equals(site)) {
            return Optional.of(
                    "it is of " + peer.site().map(s -> "site '" + s + "'").orElse("no site"));
        }
        return Optional.empty();
    }
}
