package io.fluxrig.vault;

import io.fluxrig.signal.ErrorCode;

/** Trouble with the vault, its keys and its checkpoints. */
public enum VaultError implements ErrorCode {
    LEAF(
            5101,
            Category.UNTRUSTED,
            "A leaf does not have the form of FORMATS section 7",
            "compare with another copy of the log"),
    INDEX(
            5102,
            Category.GAP,
            "A leaf index is missing or out of order",
            "look for the missing segment; nothing was deleted"),
    TREE(
            5103,
            Category.HELD,
            "The log does not lead to its last signed checkpoint",
            "run 'fluxrig audit verify'; nothing is appended until somebody acts"),
    CHECKPOINT_AHEAD(
            5104,
            Category.HELD,
            "A signed checkpoint names more leaves than the log holds",
            "the disk was rolled back or lost data: enrol the Rack under a new generation"),
    KEY_MISSING(
            5105,
            Category.UNTRUSTED,
            "The data key of a leaf is not there",
            "put the key back, or accept that the leaf was shredded"),
    KEY_DAMAGED(
            5106,
            Category.HELD,
            "A wrapped data key cannot be opened with the Rack's key-encryption key",
            "put the right keys directory back"),
    SEALED(
            5107,
            Category.UNTRUSTED,
            "An encrypted message does not open",
            "the leaf or the key was altered; run 'fluxrig audit verify'"),
    FAILED(5108, Category.EXTERNAL, "The vault could not write", "look at the disk; what was acknowledged is safe"),
    NOT_A_VAULT(
            5109,
            Category.USAGE,
            "There is no vault here",
            "give --data the directory of a Rack, and --rack where it holds several"),
    PASSPORT(
            5110,
            Category.UNTRUSTED,
            "The passport does not fit the log",
            "put the passport of this Rack and generation back"),
    NOT_SEALED(
            5111,
            Category.USAGE,
            "That is not under a signed checkpoint",
            "wait a second while the Rack runs, or start it once; give an index below the last checkpoint"),
    PROOF(5112, Category.UNTRUSTED, "The proof does not hold", "do not rely on it; ask for the log itself"),
    BUNDLE(
            5113,
            Category.UNTRUSTED,
            "The evidence bundle does not have the form of FORMATS section 8",
            "do not rely on it; ask for the bundle again"),
    NO_START(
            5114,
            Category.USAGE,
            "A replay begins where a scenario was activated, and that leaf is not in the bundle",
            "export again with --from at that leaf or before: 'fluxrig audit list --kind control' shows it");

    private final int number;
    private final Category category;
    private final String summary;
    private final String advice;

    VaultError(int number, Category category, String summary, String advice) {
        this.number = number;
        this.category = category;
        this.summary = summary;
        this.advice = advice;
    }

    @Override
    public int number() {
        return number;
    }

    @Override
    public Category category() {
        return category;
    }

    @Override
    public String summary() {
        return summary;
    }

    @Override
    public String advice() {
        return advice;
    }
}
