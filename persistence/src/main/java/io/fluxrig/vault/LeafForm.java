package io.fluxrig.vault;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxCbor;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.FluxMsg;
import io.fluxrig.signal.Hashes;
import io.fluxrig.signal.Value;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Turns drafts into the bytes of leaves, and leaves back into messages. */
public final class LeafForm {
    private LeafForm() {}

    /** Encodes a draft whose index is set; {@code key} seals and keys what is classified. */
    static byte[] encode(LeafDraft draft, DataKey key) {
        FluxMap.Builder leaf =
                FluxMap.builder().put("n", draft.n).put("at", draft.at).put("kind", draft.kind.text());
        if (draft.id != 0) {
            leaf.put("id", draft.id);
        }
        long in = draft.takeCause();
        if (in >= 0) {
            leaf.put("in", in);
        }
        if (draft.gear != 0) {
            leaf.put("gear", unsigned(draft.gear));
        }
        if (!draft.port.isEmpty()) {
            leaf.put("port", draft.port);
        }
        if (!draft.scn.isEmpty()) {
            leaf.put("scn", draft.scn);
        }
        if (!draft.spec.isEmpty()) {
            leaf.put("spec", draft.spec);
        }
        if (!draft.note.isEmpty()) {
            leaf.put("note", draft.note);
        }
        return draft.message == null ? FluxCbor.encode(leaf.build()) : withMessage(leaf, draft, key);
    }

    private static byte[] withMessage(FluxMap.Builder leaf, LeafDraft draft, DataKey key) {
        Stored message = draft.message;
        byte[] encoded = message.msg().encode();
        if (!message.red().isEmpty()) {
            leaf.put("red", redacted(message.red()));
        }
        if (!draft.full) {
            if (message.classified()) {
                leaf.put("h", Bytes.wrap(key.digest(encoded))).put("k", key.k());
            } else {
                leaf.put("h", Bytes.wrap(Hashes.sha256(encoded)));
            }
            return FluxCbor.encode(leaf.build());
        }
        if (!message.classified()) {
            return FluxCbor.encode(leaf.put("msg", Bytes.wrap(encoded)).build());
        }
        FluxMap open = leaf.build();
        byte[] sealed = key.seal(draft.n, FluxCbor.encode(open), encoded);
        FluxMap enc =
                FluxMap.builder().put("c", Bytes.wrap(sealed)).put("k", key.k()).build();
        return FluxCbor.encode(open.with("enc", enc));
    }

    private static Value.Array redacted(List<Stored.Red> red) {
        List<Value> items = new ArrayList<>(red.size());
        for (Stored.Red one : red) {
            items.add(Value.of(List.of(Value.of(one.path()), Value.of(one.offset()), Value.of(one.length()))));
        }
        return new Value.Array(items);
    }

    /** A 64-bit entity id as an unsigned CBOR integer. */
    public static Value unsigned(long value) {
        return value >= 0 ? Value.of(value) : Value.of(new BigInteger(Long.toUnsignedString(value)));
    }

    /**
     * The message that a leaf holds.
     *
     * @return empty where the leaf holds none, or where its key is not here
     * @throws FluxException SEALED where it does not open, ENVELOPE where it is not a fluxMsg
     */
    public static Optional<FluxMsg> message(Leaf leaf, DataKeys keys) {
        if (!leaf.plainMessage().isEmpty()) {
            return Optional.of(FluxMsg.decode(leaf.plainMessage().toArray()));
        }
        Optional<FluxMap> enc = leaf.encrypted();
        if (enc.isEmpty()) {
            return Optional.empty();
        }
        if (!(enc.get().get("k") instanceof Value.Bin k) || !(enc.get().get("c") instanceof Value.Bin c)) {
            throw new FluxException(VaultError.LEAF, "leaf " + leaf.n() + ": enc holds k and c");
        }
        byte[] aad = FluxCbor.encode(leaf.map().without("enc"));
        return keys.find(k.value())
                .map(key -> FluxMsg.decode(key.open(leaf.n(), aad, c.value().unsafeArray())));
    }
}
