package io.fluxrig.signal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Inclusion and consistency proofs of RFC 9162 sections 2.1.3 and 2.1.4, bottom up. Verifying throws {@link FluxException} PROOF unless every
 * hash is used and fits; {@link RangeProof} proves many neighbouring leaves at once.
 */
public final class MerkleProof {
    private MerkleProof() {}

    /** Proves leaf {@code index} in the tree of the first {@code size} leaves. */
    public static List<byte[]> inclusion(long index, long size, HashRange hashes) {
        require(index >= 0 && index < size, "there is no such leaf");
        List<byte[]> proof = new ArrayList<>();
        path(index, 0, size, hashes, proof);
        return proof;
    }

    private static void path(long index, long from, long to, HashRange hashes, List<byte[]> proof) {
        if (to - from == 1) {
            return;
        }
        long middle = from + split(to - from);
        if (index < middle) {
            path(index, from, middle, hashes, proof);
            proof.add(hashes.root(middle, to));
        } else {
            path(index, middle, to, hashes, proof);
            proof.add(hashes.root(from, middle));
        }
    }

    /** The largest power of two below {@code n}. */
    private static long split(long n) {
        return Long.highestOneBit(n - 1);
    }

    /** Proves that the tree of {@code oldSize} leaves is the beginning of the tree of {@code newSize}. */
    public static List<byte[]> consistency(long oldSize, long newSize, HashRange hashes) {
        require(oldSize > 0 && oldSize <= newSize, "sizes are not 0 < old <= new");
        List<byte[]> proof = new ArrayList<>();
        subproof(oldSize, 0, newSize, true, hashes, proof);
        return proof;
    }

    private static void subproof(long oldEnd, long from, long to, boolean known, HashRange hashes, List<byte[]> proof) {
        if (oldEnd == to) {
            if (!known) {
                proof.add(hashes.root(from, to));
            }
            return;
        }
        long middle = from + split(to - from);
        if (oldEnd <= middle) {
            subproof(oldEnd, from, middle, known, hashes, proof);
            proof.add(hashes.root(middle, to));
        } else {
            subproof(oldEnd, middle, to, false, hashes, proof);
            proof.add(hashes.root(from, middle));
        }
    }

    /** @throws FluxException PROOF unless the leaf is at {@code index} of the tree with this size and root */
    public static void verifyInclusion(long index, long size, byte[] leafHash, List<byte[]> proof, byte[] root) {
        require(index >= 0 && index < size, "there is no such leaf");
        requireHashes(proof);
        requireHashes(List.of(leafHash, root));
        byte[] hash = leafHash;
        long at = index;
        long last = size - 1;
        for (byte[] sibling : proof) {
            require(last != 0, "it is too long");
            if ((at & 1) == 1 || at == last) {
                hash = Hashes.nodeHash(sibling, hash);
                while ((at & 1) == 0 && at != 0) {
                    at >>= 1;
                    last >>= 1;
                }
            } else {
                hash = Hashes.nodeHash(hash, sibling);
            }
            at >>= 1;
            last >>= 1;
        }
        require(last == 0, "it is too short");
        require(Arrays.equals(hash, root), "it leads to another root");
    }

    /** @throws FluxException PROOF unless the old tree is the beginning of the new one */
    public static void verifyConsistency(
            long oldSize, long newSize, byte[] oldRoot, byte[] newRoot, List<byte[]> proof) {
        require(oldSize > 0, "nothing can be said about an empty tree");
        require(oldSize <= newSize, "the old tree is larger than the new one");
        requireHashes(proof);
        requireHashes(List.of(oldRoot, newRoot));
        if (oldSize == newSize) {
            require(proof.isEmpty(), "trees of one size need no hashes");
            require(Arrays.equals(oldRoot, newRoot), "two trees of one size have different roots");
            return;
        }
        List<byte[]> path = new ArrayList<>(proof);
        if (Long.bitCount(oldSize) == 1) {
            path.addFirst(oldRoot);
        }
        require(!path.isEmpty(), "it is too short");
        climb(oldSize - 1, newSize - 1, oldRoot, newRoot, path);
    }

    private static void climb(long oldLast, long newLast, byte[] oldRoot, byte[] newRoot, List<byte[]> path) {
        int perfect = Long.numberOfTrailingZeros(~oldLast);
        long at = oldLast >> perfect;
        long last = newLast >> perfect;
        byte[] older = path.getFirst();
        byte[] newer = older;
        for (byte[] sibling : path.subList(1, path.size())) {
            require(last != 0, "it is too long");
            if ((at & 1) == 1 || at == last) {
                older = Hashes.nodeHash(sibling, older);
                newer = Hashes.nodeHash(sibling, newer);
                while ((at & 1) == 0 && at != 0) {
                    at >>= 1;
                    last >>= 1;
                }
            } else {
                newer = Hashes.nodeHash(newer, sibling);
            }
            at >>= 1;
            last >>= 1;
        }
        require(last == 0, "it is too short");
        require(Arrays.equals(older, oldRoot), "it leads to another old root");
        require(Arrays.equals(newer, newRoot), "it leads to another new root");
    }

    private static void requireHashes(List<byte[]> proof) {
        require(proof.stream().allMatch(hash -> hash.length == Hashes.LENGTH), "a hash has not 32 bytes");
    }

    static void require(boolean holds, String what) {
        if (!holds) {
            throw new FluxException(SignalError.PROOF, what);
        }
    }
}
