package io.fluxrig.node;

import io.fluxrig.scenario.Passport;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxCbor;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.SignedArtifact;
import io.fluxrig.signal.SigningKey;
import io.fluxrig.signal.VerifyKey;
import java.util.List;

/**
 * What each end of a wire signs with the key of its passport when a session begins: both logs, the wire, and what both made up for this session alone.
 *
 * @param from origin of the sender's log
 * @param to origin of the receiver's log
 */
record WirePledge(String from, String to, String wire, Bytes nonce, Bytes session) {
    private static final String CONTENT_TYPE = "application/vnd.fluxrig.wire+cbor";

    /** Who says it: one end's pledge is not the other's. */
    enum By {
        SENDER,
        RECEIVER
    }

    private byte[] payload(By by) {
        return FluxCbor.encode(FluxMap.builder()
                .put("type", "fluxrig/wire/1")
                .put("by", by.name())
                .put("from", from)
                .put("to", to)
                .put("wire", wire)
                .put("nonce", nonce)
                .put("session", session)
                .build());
    }

    Bytes sign(By by, SigningKey key) {
        return Bytes.wrap(SignedArtifact.sign(CONTENT_TYPE, payload(by), key));
    }

    /** @throws FluxException STRANGER where the Rack of this passport did not say so */
    void mustBe(Bytes pledge, By by, Passport passport) {
        VerifyKey key = VerifyKey.ofRaw(passport.key().toArray());
        try {
            Bytes said = SignedArtifact.verify(pledge.toArray(), CONTENT_TYPE, List.of(key), 1)
                    .payload();
            if (said.equals(Bytes.wrap(payload(by)))) {
                return;
            }
        } catch (FluxException forged) {
            // told below: nobody learns more
        }
        throw new FluxException(NodeError.WIRE_STRANGER, "not the Rack '" + passport.name() + "' said so");
    }
}
