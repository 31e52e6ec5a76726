package io.fluxrig.vault;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.CompactRange;
import io.fluxrig.signal.FluxException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the vault knows of its log: the tree, the time of the last leaf, and the signals that have not ended yet. */
final class VaultState {
    /** How many group ends without a checkpoint are remembered: more than a disk that is slow to take checkpoints needs. */
    private static final int MAX_ENDS = 4096;

    private CompactRange tree = CompactRange.empty();
    private long lastAt;
    private final Map<Long, OpenSignal> open = new LinkedHashMap<>();
    private Arrivals arrivals = new Arrivals();
    private final Deque<CompactRange> ends = new ArrayDeque<>();
    private final long watchedSize;
    private Bytes watchedRoot;
    private long sinceSnapshot;

    /** @param watchedSize the size whose root is to be remembered while the log is rebuilt */
    VaultState(long watchedSize) {
        this.watchedSize = watchedSize;
        remember();
    }

    /** As it was when the snapshot was taken. */
    static VaultState of(VaultSnapshot snapshot, long watchedSize) {
        VaultState state = new VaultState(watchedSize);
        state.tree = snapshot.tree();
        state.lastAt = snapshot.lastAt();
        snapshot.open().forEach(signal -> state.open.put(signal.id(), signal));
        state.arrivals = Arrivals.fromValue(snapshot.arrivals());
        snapshot.roots().stream()
                .filter(root -> root.size() == watchedSize)
                .forEach(root -> state.watchedRoot = root.hash());
        state.remember();
        return state;
    }

    VaultSnapshot snapshot() {
        return new VaultSnapshot(
                tree,
                lastAt,
                List.copyOf(open.values()),
                arrivals.toValue(),
                ends.stream()
                        .map(end -> new VaultSnapshot.Root(end.size(), Bytes.wrap(end.root())))
                        .toList());
    }

    CompactRange tree() {
        return tree;
    }

    long lastAt() {
        return lastAt;
    }

    List<OpenSignal> open() {
        return List.copyOf(open.values());
    }

    Map<Arrivals.Way, Long> arrivals() {
        return arrivals.highest();
    }

    /** The root that the log had at the watched size; empty where that is not known. */
    Optional<Bytes> rootAtWatchedSize() {
        return Optional.ofNullable(watchedRoot);
    }

    /** A checkpoint over so many leaves is on disk: ends before it are of no use any more. */
    void sealed(long size) {
        while (!ends.isEmpty() && ends.peekFirst().size() < size) {
            ends.pollFirst();
        }
    }

    /** Whether so many bytes of leaves were added since this last said yes. */
    boolean grownBy(long bytes) {
        if (sinceSnapshot < bytes) {
            return false;
        }
        sinceSnapshot = 0;
        return true;
    }

    /** Takes a group that is already durable; used live and in recovery alike. */
    VaultState append(LeafGroup group) {
        if (group.drafts().isEmpty()) {
            long expected = tree.size();
            for (byte[] encoded : group.leaves()) {
                Leaf leaf = Leaf.parse(encoded);
                if (leaf.n() != expected++) {
                    throw new FluxException(
                            VaultError.INDEX, "leaf " + (expected - 1) + " is missing, found " + leaf.n());
                }
                lastAt = leaf.at();
                follow(leaf.kind(), leaf);
            }
        } else {
            group.drafts().forEach(this::follow);
        }
        tree = tree.appendAll(group.hashes());
        sinceSnapshot += group.bytes();
        remember();
        return this;
    }

    private void remember() {
        if (tree.size() == watchedSize) {
            watchedRoot = Bytes.wrap(tree.root());
        }
        ends.addLast(tree);
        if (ends.size() > MAX_ENDS) {
            ends.pollFirst();
        }
    }

    private void follow(String kind, Leaf leaf) {
        switch (kind) {
            case "ingress" -> {
                begins(leaf.id(), leaf.n(), leaf.gear(), leaf.port(), leaf.scn());
                arrivals.see(leaf.port(), leaf.note());
            }
            case "egress" -> leaves(leaf.id(), leaf.n());
            case "done", "failed" -> open.remove(leaf.id());
            default -> {
                // other kinds neither open nor close a signal
            }
        }
    }

    private void follow(LeafDraft draft) {
        lastAt = draft.at;
        switch (draft.kind) {
            case INGRESS -> {
                begins(draft.id, draft.n, draft.gear, draft.port, draft.scn);
                arrivals.see(draft.port, draft.note);
            }
            case EGRESS -> leaves(draft.id, draft.n);
            case DONE, FAILED -> open.remove(draft.id);
            case EMIT, TIMER, REDRIVE, CONTROL -> {
                // neither open nor close a signal
            }
        }
    }

    private void begins(long id, long n, long gear, String port, Bytes scn) {
        open.put(id, new OpenSignal(id, n, gear, port, scn, -1));
    }

    private void leaves(long id, long n) {
        open.computeIfPresent(id, (same, signal) -> signal.leftAt(n));
    }
}
