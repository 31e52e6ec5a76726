package io.fluxrig.node;

import io.fluxrig.gear.Outcome;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import io.fluxrig.vault.DataKeys;
import io.fluxrig.vault.Leaf;
import io.fluxrig.vault.LeafForm;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A message that waits for another Rack, as the vault has it, or why it cannot be sent. */
record StoredHand(Bytes spec, Bytes msg, Optional<Outcome.Failed> failure) {

    /** What the vault holds of these leaves. */
    static Map<Long, StoredHand> read(HandOver.Party party, Set<Long> wanted) {
        DataKeys keys = party.keys();
        Map<Long, StoredHand> stored = new HashMap<>();
        party.vault().leaves(wanted).forEach((n, leaf) -> stored.put(n, stored(leaf, keys)));
        return stored;
    }

    private static StoredHand stored(Leaf leaf, DataKeys keys) {
        if (!leaf.red().isEmpty()) {
            return lost("it held elements that are never stored, and the process ended before it had arrived");
        }
        try {
            return LeafForm.message(leaf, keys)
                    .map(msg -> new StoredHand(leaf.spec(), Bytes.wrap(msg.encode()), Optional.empty()))
                    .orElseGet(() -> lost("the key of its message was shredded"));
        } catch (FluxException sealed) {
            return lost(sealed.line());
        }
    }

    private static StoredHand lost(String why) {
        return new StoredHand(
                Bytes.EMPTY, Bytes.EMPTY, Optional.of(new Outcome.Failed(NodeError.NOT_HANDED_OVER, why)));
    }
}
