package io.fluxrig.audit;

import java.util.List;

/**
 * What an audit found.
 *
 * @param leaves leaves that were read and are whole, and archived ones
 * @param archived leaves out of reach in an archive, of which only the hashes were checked
 * @param sealed leaves under the last checkpoint that verifies
 * @param tornBytes bytes of a write that a crash cut off, beyond the durable watermark: no damage
 * @param checkpoints checkpoints that verify against the tree
 * @param openSignals signals without an end; they get one when the Rack starts again
 * @param trust {@code pinned} where a pinned root key signed the passport, {@code none} otherwise
 * @param problems everything that is wrong, in the order of the log; empty means intact
 */
public record Verdict(
        String rack,
        String origin,
        long leaves,
        long archived,
        long sealed,
        long tornBytes,
        int checkpoints,
        long openSignals,
        int artifacts,
        int blobs,
        String trust,
        boolean rootKeyHere,
        List<Problem> problems) {

    public Verdict {
        problems = List.copyOf(problems);
    }

    /** What kind of trouble: each has its exit code (FORMATS section 10). */
    public enum Kind {
        ALTERED(3),
        UNTRUSTED(3),
        GAP(4);

        private final int exitCode;

        Kind(int exitCode) {
            this.exitCode = exitCode;
        }

        public int exitCode() {
            return exitCode;
        }
    }

    /** {@code where} names file, offset and record as far as they are known. */
    public record Problem(Kind kind, String where, String what) {}

    public boolean intact() {
        return problems.isEmpty();
    }

    /** Leaves that no checkpoint covers yet. */
    public long unsealed() {
        return leaves - sealed;
    }

    /** 0 where intact; alteration weighs more than a gap. */
    public int exitCode() {
        return problems.stream().mapToInt(p -> p.kind().exitCode()).min().orElse(0);
    }
}
