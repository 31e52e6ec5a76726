package io.fluxrig.scenario;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxCbor;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.SignedArtifact;
import io.fluxrig.signal.SigningKey;
import io.fluxrig.signal.Value;
import io.fluxrig.signal.VerifyKey;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.Optional;

/**
 * Lets one Rack of this name be enrolled once, without anybody asking again. Signed by a root key, so that it can be made where that key is and needs no memory until
 * it is used; what it was used for is in the Mixer's journal. As text it is base64url without padding.
 *
 * @param nonce 16 bytes, which make two tickets for one name different
 * @param expires unix seconds from which on it is worth nothing
 */
public record Ticket(String site, String name, Bytes nonce, long expires) {
    public static final String CONTENT_TYPE = "application/vnd.fluxrig.ticket+cbor";
    public static final int NONCE_BYTES = 16;
    private static final String TYPE = "fluxrig/ticket/1";
    private static final int MOST_CHARACTERS = 4_096;

    public Ticket {
        if (!Names.isSite(site) || !Names.isName(name) || nonce.length() != NONCE_BYTES || expires <= 0) {
            throw new FluxException(ScenarioError.TICKET, "site, name, nonce or end is malformed");
        }
    }

    /** @param identity under which it is remembered as used */
    public record Verified(Ticket ticket, Bytes identity) {}

    public String sign(SigningKey root) {
        FluxMap payload = FluxMap.builder()
                .put("type", TYPE)
                .put("site", site)
                .put("name", name)
                .put("nonce", nonce)
                .put("expires", expires)
                .build();
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(SignedArtifact.sign(CONTENT_TYPE, FluxCbor.encode(payload), root));
    }

    /** @throws FluxException TICKET where it is malformed, for another site or over; UNTRUSTED where no pinned root key has signed it */
    public static Verified verify(String text, Collection<VerifyKey> roots, String site, Instant now) {
        SignedArtifact.Verified signed = SignedArtifact.verify(bytes(text), CONTENT_TYPE, roots, 1);
        Bytes payload = signed.payload();
        if (!(FluxCbor.decode(payload.unsafeArray(), 0, payload.length(), FluxCbor.MAX_LEAF) instanceof FluxMap map)
                || map.size() != 5
                || !map.text("type").orElse("").equals(TYPE)
                || !(map.get("nonce") instanceof Value.Bin nonce)) {
            throw new FluxException(ScenarioError.TICKET, "its payload is not " + TYPE);
        }
        Ticket ticket = new Ticket(
                map.text("site").orElse(""), map.text("name").orElse(""), nonce.value(), map.integer("expires", 0));
        if (!ticket.site().equals(site)) {
            throw new FluxException(ScenarioError.TICKET, "it is for site '" + ticket.site() + "'");
        }
        if (now.getEpochSecond() >= ticket.expires()) {
            throw new FluxException(ScenarioError.TICKET, "it ended at " + Instant.ofEpochSecond(ticket.expires()));
        }
        return new Verified(ticket, signed.identity());
    }

    /** Whether it says that it is for this Rack; whether that is so, {@link #verify} tells. */
    public static boolean claims(String text, String rack) {
        try {
            Bytes payload = SignedArtifact.parse(bytes(text), CONTENT_TYPE).payload();
            return FluxCbor.decode(payload.unsafeArray(), 0, payload.length(), FluxCbor.MAX_LEAF) instanceof FluxMap map
                    && map.text("name").equals(Optional.of(rack));
        } catch (FluxException malformed) {
            return false;
        }
    }

    private static byte[] bytes(String text) {
        try {
            return Base64.getUrlDecoder().decode(text.length() > MOST_CHARACTERS ? "" : text);
        } catch (IllegalArgumentException malformed) {
            throw new FluxException(ScenarioError.TICKET, "it is not base64url");
        }
    }
}
