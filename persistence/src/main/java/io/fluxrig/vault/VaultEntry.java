package io.fluxrig.vault;

/** A proof: whoever holds one knows that the leaf is durable. Only the vault makes them. */
public final class VaultEntry {
    private final long index;

    VaultEntry(long index) {
        this.index = index;
    }

    /** The leaf's index. */
    public long index() {
        return index;
    }

    @Override
    public String toString() {
        return "VaultEntry[" + index + "]";
    }
}
