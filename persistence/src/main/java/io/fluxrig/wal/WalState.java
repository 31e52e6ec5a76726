package io.fluxrig.wal;

/** What a log can do right now. */
public enum WalState {
    SERVING,
    /** The disk is full: what was offered waits, unanswered, until space returns. */
    WAITING_FOR_SPACE,
    /** The disk refused a write or an fsync: nothing more is written until a restart. */
    FAILED,
    CLOSED
}
