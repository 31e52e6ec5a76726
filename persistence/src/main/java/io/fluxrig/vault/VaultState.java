package io.fluxrig.vault;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.CompactRange;
import io.fluxrig.signal.FluxException;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the vault knows of its log: the tree, the time of the last leaf, and the signals that have not ended yet. */
final class VaultState {
    private CompactRange tree = CompactRange.empty();
    private long lastAt;
    private final Map<Long, OpenSignal> open = new LinkedHashMap<>();
    private final long watchedSize;
    private Bytes watchedRoot;

    /** @param watchedSize the size whose root is to be remembered while the log is rebuilt */
    VaultState(long watchedSize) {
        this.watchedSize = watchedSize;
        remember();
    }

    CompactRange tree() {
        return tree;
    }

    long size() {
        return tree.size();
    }

    long lastAt() {
        return lastAt;
    }

    Map<Long, OpenSignal> open() {
        return open;
    }

    /** The root that the log had at the watched size, or null where no group ended there. */
    Bytes rootAtWatchedSize() {
        return watchedRoot;
    }

    /** Takes a group that is already durable; used live and in recovery alike. */
    VaultState append(LeafGroup group, boolean recovering) {
        if (recovering) {
            long expected = tree.size();
            for (byte[] encoded : group.leaves()) {
                Leaf leaf = Leaf.parse(encoded);
                if (leaf.n() != expected++) {
                    throw new FluxException(
                            VaultError.INDEX, "leaf " + (expected - 1) + " is missing, found " + leaf.n());
                }
                follow(leaf);
            }
        }
        tree = tree.appendAll(group.hashes());
        remember();
        return this;
    }

    private void remember() {
        if (tree.size() == watchedSize) {
            watchedRoot = Bytes.wrap(tree.root());
        }
    }

    private void follow(Leaf leaf) {
        lastAt = leaf.at();
        switch (leaf.kind()) {
            case "ingress" ->
                open.put(leaf.id(), new OpenSignal(leaf.id(), leaf.n(), leaf.gear(), leaf.port(), leaf.scn(), -1));
            case "egress" -> open.computeIfPresent(leaf.id(), (id, signal) -> signal.leftAt(leaf.n()));
            case "done", "failed" -> open.remove(leaf.id());
            default -> {
                // other kinds neither open nor close a signal
            }
        }
    }
}
