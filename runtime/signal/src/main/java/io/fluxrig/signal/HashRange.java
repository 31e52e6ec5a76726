package io.fluxrig.signal;

import java.util.List;

/** Where a log's subtree hashes come from: leaves re-hashed on demand, or stored hashes. */
@FunctionalInterface
public interface HashRange {
    /**
     * The hash of the perfect subtree over leaves {@code [index << level, (index + 1) << level)}; level 0 is a leaf hash. Only subtrees
     * that lie wholly within the log are asked for.
     */
    byte[] subtree(int level, long index);

    /** Over leaf hashes in memory; every subtree is computed when it is asked for. */
    static HashRange ofLeafHashes(List<byte[]> leafHashes) {
        return new HashRange() {
            @Override
            public byte[] subtree(int level, long index) {
                return level == 0
                        ? leafHashes.get(Math.toIntExact(index))
                        : Hashes.nodeHash(subtree(level - 1, 2 * index), subtree(level - 1, 2 * index + 1));
            }
        };
    }

    /** The Merkle tree hash of {@code [from, to)}, where {@code from} is a multiple of the power of two that covers the range. */
    default byte[] root(long from, long to) {
        TreeFold fold = new TreeFold(from);
        fold.cover(from, to, this);
        return fold.root();
    }
}
