package io.fluxrig.audit;

import io.fluxrig.signal.Bytes;
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

    public void see(Leaf leaf) {
        leaf.sealedWith().ifPresent(k -> sealedWith.merge(k, 1L, Long::sum));
        if (leaf.is(LeafKind.CONTROL)
                && leaf.note().text("event").orElse("").equals(EVENT)
                && leaf.note().get("artifact") instanceof Value.Bin k) {
            destroyed.add(k.value());
        }
    }

    /** Messages that nobody can read any more. */
    public long count() {
        return destroyed.stream().mapToLong(k -> sealedWith.getOrDefault(k, 0L)).sum();
    }
}
