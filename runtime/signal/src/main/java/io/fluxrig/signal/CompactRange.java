package io.fluxrig.signal;

import java.util.ArrayList;
import java.util.List;

/**
 * The state of a Merkle tree from leaf 0 (RFC 9162): one hash for each bit of the size, largest subtree first. Immutable; appending shares
 * the hashes.
 */
public final class CompactRange {
    private static final CompactRange EMPTY = new CompactRange(0, List.of());

    private final long size;
    private final List<byte[]> hashes;

    private CompactRange(long size, List<byte[]> hashes) {
        this.size = size;
        this.hashes = hashes;
    }

    public static CompactRange empty() {
        return EMPTY;
    }

    /** Leaves in the tree. */
    public long size() {
        return size;
    }

    public CompactRange append(byte[] leafHash) {
        return appendAll(List.of(leafHash));
    }

    public CompactRange appendAll(List<byte[]> leafHashes) {
        List<byte[]> stack = new ArrayList<>(hashes);
        long count = size;
        for (byte[] leafHash : leafHashes) {
            MerkleProof.require(leafHash.length == Hashes.LENGTH, "a hash has not 32 bytes");
            byte[] hash = leafHash;
            for (long bits = count; (bits & 1) == 1; bits >>= 1) {
                hash = Hashes.nodeHash(stack.removeLast(), hash);
            }
            stack.add(hash);
            count++;
        }
        return new CompactRange(count, stack);
    }

    /** The tree's root: the subtrees joined from the smallest up. */
    public byte[] root() {
        if (size == 0) {
            return Hashes.emptyRoot();
        }
        byte[] root = hashes.getLast();
        for (int i = hashes.size() - 2; i >= 0; i--) {
            root = Hashes.nodeHash(hashes.get(i), root);
        }
        return root.clone();
    }

    /** {@code [size, [hash, ...]]}, for snapshots. */
    public Value toValue() {
        List<Value> all = new ArrayList<>();
        hashes.forEach(hash -> all.add(Value.of(Bytes.copyOf(hash))));
        return Value.of(List.of(Value.of(size), Value.of(all)));
    }

    /** @throws FluxException PROOF where the value is not one that {@link #toValue} writes */
    public static CompactRange fromValue(Value value) {
        if (value instanceof Value.Array pair
                && pair.items().size() == 2
                && pair.items().get(0) instanceof Value.Int size
                && pair.items().get(1) instanceof Value.Array hashes
                && size.value() >= 0
                && hashes.items().size() == Long.bitCount(size.value())) {
            List<byte[]> all = new ArrayList<>();
            for (Value hash : hashes.items()) {
                if (!(hash instanceof Value.Bin bin) || bin.value().length() != 32) {
                    throw new FluxException(SignalError.PROOF, "a hash has 32 bytes");
                }
                all.add(bin.value().toArray());
            }
            return new CompactRange(size.value(), all);
        }
        throw new FluxException(SignalError.PROOF, "not the state of a tree");
    }
}
