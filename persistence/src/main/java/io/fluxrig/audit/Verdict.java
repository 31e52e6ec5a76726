package io.fluxrig.audit;

import java.util.List;

/**
 * What an audit found.
 *
 * @param counts how much was read
 * @param witnesses the largest checkpoint that each pinned witness has signed, of those that verify
 * @param trust who vouches for the Rack
 * @param problems everything that is wrong, in the order of the log; empty means intact
 */
public record Verdict(
        String rack, String origin, Counts counts, List<Witnessed> witnesses, Vouching trust, List<Problem> problems) {

    public Verdict {
        witnesses = List.copyOf(witnesses);
        problems = List.copyOf(problems);
    }

    /**
     * @param leaves leaves that were read and are whole, and archived ones
     * @param archived leaves out of reach in an archive, of which only the hashes were checked
     * @param sealed leaves under the last checkpoint that verifies
     * @param tornBytes bytes of a write that a crash cut off, beyond the durable watermark: no damage
     * @param checkpoints checkpoints that verify against the tree
     * @param openSignals signals without an end; they get one when the Rack starts again
     * @param shredded leaves whose message was sealed with a key that a control leaf says was destroyed: no damage
     * @param artifacts scenario artifacts that verify
     * @param specs specs whose bytes were hashed again
     */
    public record Counts(
            long leaves,
            long archived,
            long sealed,
            long tornBytes,
            int checkpoints,
            long openSignals,
            long shredded,
            int artifacts,
            int specs) {

        /** Leaves that no checkpoint covers yet. */
        public long unsealed() {
            return leaves - sealed;
        }
    }

    /** A witness saw the log at this size, at this time (unix seconds, by its clock). */
    public record Witnessed(String witness, long size, long time) {}

    /**
     * @param pinned whether a pinned root key signed the passport
     * @param rootKeyHere whether the root key lies on the machine that was audited
     */
    public record Vouching(boolean pinned, boolean rootKeyHere) {
        /** {@code pinned} or {@code none}, never {@code trusted}. */
        public String text() {
            return pinned ? "pinned" : "none";
        }
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

    /** 0 where intact; alteration weighs more than a gap. */
    public int exitCode() {
        return problems.stream().mapToInt(p -> p.kind().exitCode()).min().orElse(0);
    }
}
