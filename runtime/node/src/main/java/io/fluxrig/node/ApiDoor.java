package io.fluxrig.node;

import io.fluxrig.certs.Identity;
import io.fluxrig.signal.FluxException;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.RemoteAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is let in at the management API, and as what. In clear it speaks to its own machine alone; where there is a token file, nobody is believed without a token or, over
 * TLS, a certificate of this site with a role. Whoever is refused is counted and told of.
 */
final class ApiDoor {
    private static final Logger LOG = LoggerFactory.getLogger(ApiDoor.class);
    private static final String BEARER = "Bearer ";
    private static final int MAX_NAME = 200;
    /** Why somebody may be refused. */
    static final Set<NodeError> REFUSALS = EnumSet.of(
            NodeError.API_FROM_ELSEWHERE,
            NodeError.TOKEN_FILE,
            NodeError.TOKEN_NEEDED,
            NodeError.TOKEN_UNKNOWN,
            NodeError.ROLE);

    private final Optional<ApiTokens> tokens;
    private final String site;
    private final Map<NodeError, LongAdder> refused = new EnumMap<>(NodeError.class);

    /** @param site whose certificates are believed */
    ApiDoor(Optional<ApiTokens> tokens, String site) {
        this.tokens = tokens;
        this.site = site;
        REFUSALS.forEach(code -> refused.put(code, new LongAdder()));
    }

    /** How often somebody was refused for this reason. */
    long refused(NodeError code) {
        return refused.get(code).sum();
    }

    /**
     * @param secured whether the request came over TLS
     * @throws FluxException one of {@link #REFUSALS}
     */
    Caller admit(HttpRequest request, boolean secured) {
        Optional<InetAddress> from =
                request.getAttribute(AttributeKeys.remoteAddress).flatMap(RemoteAddress::getAddress);
        try {
            return secured ? overTls(request) : inClear(request, from);
        } catch (FluxException shut) {
            throw counted(shut, from);
        }
    }

    private Caller inClear(HttpRequest request, Optional<InetAddress> from) {
        if (!from.map(InetAddress::isLoopbackAddress).orElse(false)) {
            throw new FluxException(NodeError.API_FROM_ELSEWHERE, "asked in clear from another machine");
        }
        return tokens.isEmpty() ? Caller.LOCAL : byToken(tokens.get(), authorization(request));
    }

    private Caller overTls(HttpRequest request) {
        Optional<String> authorization = authorization(request);
        Optional<X509Certificate> certificate =
                request.getAttribute(AttributeKeys.sslSession).flatMap(info -> certificate(info.getSession()));
        if (certificate.isPresent() && (authorization.isEmpty() || tokens.isEmpty())) {
            return byCertificate(certificate.get());
        }
        return byToken(
                tokens.orElseThrow(() -> new FluxException(
                        NodeError.TOKEN_NEEDED, "asked without a certificate, and this node has no token file")),
                authorization);
    }

    private static Optional<String> authorization(HttpRequest request) {
        return request.getHeader("Authorization").map(header -> header.value());
    }

    private static Caller byToken(ApiTokens tokens, Optional<String> authorization) {
        String token = authorization
                .filter(header -> header.regionMatches(true, 0, BEARER, 0, BEARER.length()))
                .map(header -> header.substring(BEARER.length()).strip())
                .orElseThrow(() -> new FluxException(NodeError.TOKEN_NEEDED, "asked without a bearer token"));
        return tokens.callerWith(token)
                .orElseThrow(
                        () -> new FluxException(NodeError.TOKEN_UNKNOWN, "the token is not in the node's token file"));
    }

    private Caller byCertificate(X509Certificate certificate) {
        Identity shown = Identity.of(certificate);
        Set<Role> roles = EnumSet.noneOf(Role.class);
        shown.roles().forEach(role -> Role.of(role).ifPresent(roles::add));
        if (roles.isEmpty() || !shown.site().equals(Optional.of(site))) {
            throw new FluxException(
                    NodeError.TOKEN_UNKNOWN,
                    "the certificate names no role viewer, operator or auditor of site '" + site + "'");
        }
        String name = certificate.getSubjectX500Principal().getName();
        return new Caller(name.substring(0, Math.min(MAX_NAME, name.length())), Set.copyOf(roles));
    }

    private static Optional<X509Certificate> certificate(SSLSession session) {
        try {
            return Arrays.stream(session.getPeerCertificates())
                    .filter(X509Certificate.class::isInstance)
                    .map(X509Certificate.class::cast)
                    .findFirst();
        } catch (SSLPeerUnverifiedException none) {
            return Optional.empty();
        }
    }

    /** @throws FluxException ROLE where this caller may not */
    void require(Caller caller, Role needed) {
        if (!caller.may(needed)) {
            throw counted(
                    new FluxException(
                            NodeError.ROLE,
                            caller == Caller.LOCAL
                                    ? "only a token gives the role " + needed.text()
                                            + ", on the node's own machine too, and this node has no token file"
                                    : "'" + caller.name() + "' is no " + needed.text()),
                    Optional.empty());
        }
    }

    private FluxException counted(FluxException shut, Optional<InetAddress> from) {
        if (shut.code() instanceof NodeError code && refused.containsKey(code)) {
            refused.get(code).increment();
        }
        LOG.warn(
                "the management API refuses somebody{}: {}",
                from.map(a -> " at " + a.getHostAddress()).orElse(""),
                shut.line());
        return shut;
    }
}
