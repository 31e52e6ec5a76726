package io.fluxrig.signal;

import java.util.ArrayList;
import java.util.List;

/**
 * What stands beside the leaves {@code [from, to)} of a tree (FORMATS section 8): hashes of the maximal aligned perfect subtrees that cover the
 * leaves before and after them, in order.
 */
public record RangeProof(List<Bytes> left, List<Bytes> right) {
    public RangeProof {
        left = List.copyOf(left);
        right = List.copyOf(right);
        for (Bytes hash : left) {
            MerkleProof.require(hash.length() == Hashes.LENGTH, "a hash has not 32 bytes");
        }
        for (Bytes hash : right) {
            MerkleProof.require(hash.length() == Hashes.LENGTH, "a hash has not 32 bytes");
        }
    }

    /** Makes the proof for {@code [from, to)} in the tree of {@code size} leaves. */
    public static RangeProof of(long from, long to, long size, HashRange hashes) {
        requireRange(from, to, size);
        return new RangeProof(cover(0, from, hashes), cover(to, size, hashes));
    }

    private static List<Bytes> cover(long from, long to, HashRange hashes) {
        List<Bytes> cover = new ArrayList<>();
        long at = from;
        for (int level : TreeFold.levels(from, to)) {
            cover.add(Bytes.copyOf(hashes.subtree(level, at >>> level)));
            at += 1L << level;
        }
        return cover;
    }

    private static void requireRange(long from, long to, long size) {
        MerkleProof.require(from >= 0 && from <= to && to <= size, "the range is not 0 <= from <= to <= size");
    }

    /**
     * The root that these leaf hashes lead to; the caller compares it with a checkpoint's.
     *
     * @throws FluxException PROOF where there are not exactly as many leaves and hashes as the range has
     */
    public byte[] root(long from, long to, long size, Iterable<byte[]> leafHashes) {
        requireRange(from, to, size);
        TreeFold fold = new TreeFold(0);
        addAll(TreeFold.levels(0, from), left, fold);
        long leaves = 0;
        for (byte[] hash : leafHashes) {
            MerkleProof.require(++leaves <= to - from, "there are more leaves than the range has");
            fold.add(0, hash);
        }
        MerkleProof.require(leaves == to - from, "there are fewer leaves than the range has");
        addAll(TreeFold.levels(to, size), right, fold);
        return fold.root();
    }

    private static void addAll(List<Integer> levels, List<Bytes> hashes, TreeFold fold) {
        MerkleProof.require(levels.size() == hashes.size(), "it has not as many hashes as the range leaves out");
        for (int i = 0; i < levels.size(); i++) {
            fold.add(levels.get(i), hashes.get(i).toArray());
        }
    }
}
