package io.fluxrig.vault;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxMsg;
import java.util.Optional;

/** Makes the bytes of a leaf again, for a replay: the same facts under the same index and key give the same bytes. */
public final class LeafAgain {
    private LeafAgain() {}

    /** Whether {@code draft}, appended where {@code recorded} stands, gives exactly its bytes; empty where its key is not here. */
    public static Optional<Boolean> isSame(LeafDraft draft, Leaf recorded, DataKeys keys) {
        return isSame(draft, recorded, keys, false);
    }

    /** @param underAnotherSpec the leaf may name another spec: then everything else decides */
    public static Optional<Boolean> isSame(LeafDraft draft, Leaf recorded, DataKeys keys, boolean underAnotherSpec) {
        if (underAnotherSpec && !draft.spec.equals(recorded.spec())) {
            return isSame(draft.withSpec(recorded.spec()), recorded, keys);
        }
        draft.n = recorded.n();
        Optional<Bytes> k = keyName(recorded);
        Optional<DataKey> key = k.flatMap(keys::find);
        if (k.isPresent() && key.isEmpty()) {
            return Optional.empty();
        }
        if (draft.message != null && draft.message.classified() && key.isEmpty()) {
            return Optional.of(false);
        }
        return Optional.of(Bytes.wrap(LeafForm.encode(draft, key.orElse(null))).equals(recorded.bytes()));
    }

    private static Optional<Bytes> keyName(Leaf leaf) {
        return leaf.sealedWith().or(() -> Optional.of(leaf.digestKey()).filter(key -> !key.isEmpty()));
    }

    /** The leaf as the vault would record it at this index. */
    public static Leaf recorded(LeafDraft draft, long n, DataKey key) {
        return Leaf.parse(LeafForm.encode(draft.numbered(n), key));
    }

    /** Says that a draft is this recorded leaf, so that later drafts can name it as their cause. */
    public static void standsAt(LeafDraft draft, long n) {
        draft.n = n;
    }

    /** Whether a draft has the kind, the signal and the gear of a recorded leaf. */
    public static boolean isOf(LeafDraft draft, Leaf recorded) {
        return recorded.is(draft.kind) && draft.id == recorded.id() && draft.gear == recorded.gear();
    }

    public static String portOf(LeafDraft draft) {
        return draft.port;
    }

    /** The message of a draft, in the form in which it would be stored. */
    public static Optional<FluxMsg> messageOf(LeafDraft draft) {
        return Optional.ofNullable(draft.message).map(Stored::msg);
    }

    /** What a draft would have become, for people. */
    public static String describe(LeafDraft draft) {
        return draft.kind.text()
                + (draft.port.isEmpty() ? "" : " on port " + draft.port)
                + (draft.note.isEmpty() ? "" : " " + noteOf(draft));
    }

    private static String noteOf(LeafDraft draft) {
        return draft.note.text("outcome").or(() -> draft.note.text("code")).orElse("");
    }

    /** {@code kind} of a draft in the words of the format. */
    public static String kindOf(LeafDraft draft) {
        return draft.kind.text();
    }
}
