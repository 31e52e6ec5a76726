package io.fluxrig.audit;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.Checkpoint;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.Hashes;
import io.fluxrig.signal.MerkleProof;
import java.util.List;
import java.util.Optional;

/**
 * What a new checkpoint of a log is to somebody who remembers the last one. Whoever remembers sees a disk that was put back, a copy that lives on beside its
 * original, and a history that was written again: none of them can show a proof of consistency.
 */
public sealed interface Succession {

    /** The log only grew, or stands still. */
    record Grown() implements Succession {}

    /** The proof does not begin at the size that is remembered. */
    record ProofDue(long rememberedSize) implements Succession {}

    /** Fewer leaves than before: the disk was put back to an earlier state, or lost data. */
    record RolledBack(long rememberedSize) implements Succession {}

    /** Another history: a clone that went on by itself, or a log that was written again. */
    record Forked(long rememberedSize) implements Succession {}

    /** For people. */
    default String told() {
        return switch (this) {
            case Grown grown -> "the log has only grown";
            case ProofDue due -> "a proof from " + due.rememberedSize() + " leaves on is due";
            case RolledBack back -> "the log had " + back.rememberedSize() + " leaves before and has fewer now";
            case Forked forked ->
                "the log is not a continuation of the " + forked.rememberedSize() + " leaves that it had";
        };
    }

    /**
     * @param remembered the last checkpoint of this log; empty for the first
     * @param next verified, of the same origin
     * @param proofFrom the size that the proof begins at
     */
    static Succession of(Optional<Checkpoint> remembered, Checkpoint next, long proofFrom, List<Bytes> proof) {
        long size = remembered.map(Checkpoint::size).orElse(0L);
        Bytes root = remembered.map(Checkpoint::root).orElseGet(() -> Bytes.wrap(Hashes.emptyRoot()));
        if (next.size() < size) {
            return new RolledBack(size);
        }
        if (next.size() == size) {
            return next.root().equals(root) ? new Grown() : new Forked(size);
        }
        if (size == 0) {
            return new Grown();
        }
        if (proofFrom != size) {
            return new ProofDue(size);
        }
        try {
            List<byte[]> hashes = proof.stream().map(Bytes::toArray).toList();
            MerkleProof.verifyConsistency(
                    size, next.size(), root.toArray(), next.root().toArray(), hashes);
            return new Grown();
        } catch (FluxException noContinuation) {
            return new Forked(size);
        }
    }
}
