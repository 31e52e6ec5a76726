package io.fluxrig.audit;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.Value;
import io.fluxrig.vault.Leaf;
import io.fluxrig.vault.LeafKind;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Counts the messages whose data key was destroyed on purpose: a control leaf names the key. Grows with the number of keys, a few a day. */
public final class ShreddedMessages {
    /** What the control leaf of a destroyed key says; the key's name stands as its artifact. */
    public static final String EVENT = "shredded";

    private final Map<Bytes, Long> sealedWith = new HashMap<>();
    private final Set<Bytes> destroyed = new HashSet<>();
    private Bytes last = Bytes.EMPTY;
    private long since;

    public void see(Leaf leaf) {
        see(leaf.sealedWith().orElse(Bytes.EMPTY), leaf.is(LeafKind.CONTROL) ? leaf.note() : FluxMap.EMPTY);
    }

    /**
     * @param key that seals a leaf's message; empty where none does
     * @param note of a control leaf; empty on others
     */
    void see(Bytes key, FluxMap note) {
        if (!key.isEmpty()) {
            count(key);
        }
        if (note.text("event").orElse("").equals(EVENT) && note.get("artifact") instanceof Value.Bin k) {
            destroyed.add(k.value());
        }
    }

    /** One key seals many messages in a row. */
    private void count(Bytes key) {
        if (!key.equals(last)) {
            settle();
            last = key;
        }
        since++;
    }

    private void settle() {
        if (since > 0) {
            sealedWith.merge(last, since, Long::sum);
            since = 0;
        }
    }

    /** Messages that nobody can read any more. */
    public long count() {
        settle();
        return destroyed.stream().mapToLong(k -> sealedWith.getOrDefault(k, 0L)).sum();
    }
}
