package io.fluxrig.vault;

/** Where a leaf came to stand in the log; holds nothing of the leaf itself, so it may be kept after the leaf is gone. Safe for use from any thread. */
public final class LeafPlace {
    private volatile long index = -1;

    void is(long n) {
        index = n;
    }

    /** The leaf's index, -1 as long as it has none. */
    public long index() {
        return index;
    }
}
