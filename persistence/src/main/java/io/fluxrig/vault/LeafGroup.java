package io.fluxrig.vault;

import io.fluxrig.signal.FluxCbor;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.Hashes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The journal's event: the leaves of one group commit, all durable or none. Its bytes are the leaves as a CBOR sequence
 * (RFC 8742), so that the journal holds exactly what an evidence bundle holds.
 */
public final class LeafGroup {
    private final List<byte[]> leaves;
    private final List<LeafDraft> drafts;
    private List<byte[]> hashes;

    LeafGroup(List<byte[]> leaves) {
        this(leaves, List.of());
    }

    /** @param drafts of which the leaves were made, so that nobody has to decode them again */
    LeafGroup(List<byte[]> leaves, List<LeafDraft> drafts) {
        this.leaves = leaves;
        this.drafts = drafts;
    }

    /** Empty where the group was read from a journal. */
    List<LeafDraft> drafts() {
        return drafts;
    }

    /** Of all leaves together. */
    long bytes() {
        long sum = 0;
        for (byte[] leaf : leaves) {
            sum += leaf.length;
        }
        return sum;
    }

    /** The encoded leaves in order. Not to be written to. */
    public List<byte[]> leaves() {
        return leaves;
    }

    /** The leaf hashes in order (RFC 9162 section 2.1.1). */
    List<byte[]> hashes() {
        if (hashes == null) {
            hashes = leaves.stream().map(Hashes::leafHash).toList();
        }
        return hashes;
    }

    byte[] toBytes() {
        byte[] all = new byte[Math.toIntExact(bytes())];
        int at = 0;
        for (byte[] leaf : leaves) {
            System.arraycopy(leaf, 0, all, at, leaf.length);
            at += leaf.length;
        }
        return all;
    }

    /** @throws FluxException where the bytes are not a sequence of fluxCBOR items */
    public static LeafGroup fromBytes(byte[] sequence) {
        List<byte[]> leaves = new ArrayList<>();
        int at = 0;
        while (at < sequence.length) {
            int end = FluxCbor.next(sequence, at, FluxCbor.MAX_LEAF).end();
            leaves.add(Arrays.copyOfRange(sequence, at, end));
            at = end;
        }
        return new LeafGroup(leaves);
    }

    @Override
    public String toString() {
        return "LeafGroup[" + leaves.size() + "]";
    }
}
