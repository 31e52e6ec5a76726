package io.fluxrig.wal;

/** A frame as read, whole by its CRC. */
sealed interface Frame {
    record Rec(int idNumber, WalRecord value) implements Frame {}

    /** From here on in this segment, {@code idNumber} stands for this persistence id. */
    record Declare(int idNumber, String persistenceId) implements Frame {}

    /** Events up to {@code toSequenceNr} are deleted logically. */
    record Deleted(int idNumber, long toSequenceNr) implements Frame {}

    record Commit(int frames, byte[] chain) implements Frame {}

    record Seal(long frames, long firstNumber, byte[] chain) implements Frame {}
}
