package io.fluxrig.audit;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxCbor;
import io.fluxrig.signal.FluxEntityId;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.SignedArtifact;
import io.fluxrig.signal.Value;
import io.fluxrig.signal.VerifyKey;
import io.fluxrig.vault.VaultError;
import java.util.Collection;

/**
 * What an auditor takes from a passport.
 *
 * @param origin of the checkpoints that the Rack signs
 * @param key the Rack's own
 * @param pinned whether a root key that the auditor pinned has signed it
 */
record SignedPassport(
        String site, String rack, FluxEntityId entity, long generation, String origin, VerifyKey key, boolean pinned) {
    private static final String TYPE = "application/vnd.fluxrig.passport+cbor";

    /**
     * @param roots pinned root keys; where there are none nothing is known of who signed it
     * @throws FluxException where it is no passport, or none of the pinned keys has signed it
     */
    static SignedPassport read(byte[] file, Collection<VerifyKey> roots) {
        boolean pinned = !roots.isEmpty();
        Bytes payload = pinned
                ? SignedArtifact.verify(file, TYPE, roots, 1).payload()
                : SignedArtifact.parse(file, TYPE).payload();
        if (!(FluxCbor.decode(payload.toArray()) instanceof FluxMap map)
                || !(map.get("key") instanceof Value.Bin key)
                || map.text("name").isEmpty()
                || map.text("site").isEmpty()) {
            throw new FluxException(VaultError.PASSPORT, "the passport does not have the form of one");
        }
        FluxEntityId entity = new FluxEntityId(map.integer("entity", 0));
        long generation = map.integer("generation", 0);
        String site = map.text("site").get();
        return new SignedPassport(
                site,
                map.text("name").get(),
                entity,
                generation,
                site + "/vault/" + entity.text() + "/" + generation,
                VerifyKey.ofRaw(key.value().toArray()),
                pinned);
    }
}
