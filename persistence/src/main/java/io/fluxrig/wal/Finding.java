package io.fluxrig.wal;

/**
 * Something in a log's directory that is not as it was written.
 *
 * @param file its name in the directory
 * @param offset in the file, or -1 where the whole file is meant
 * @param record number of the frame that is due there, or -1
 * @param what one sentence without payload
 */
public record Finding(Kind kind, String file, long offset, long record, String what) {
    /** How much it matters. */
    public enum Kind {
        /** Bytes below the durable watermark are not what they were. */
        DAMAGE,
        /** A file, or the records to its end, are missing. */
        MISSING,
        /** A file of another log, owner or kind. */
        FOREIGN,
        /** Written by a version that this one does not know. */
        NEWER,
        /** Bytes in space that was never used have changed: harmless, service goes on. */
        UNUSED,
        /** A slot of the watermark or the landmark is damaged: the other slot, or the log itself, serves. */
        SLOT;

        /** Whether a log with such a finding refuses to be written to. */
        public boolean holds() {
            return this != UNUSED && this != SLOT;
        }
    }

    /** {@code file offset n record m: what}. */
    public String line() {
        return where() + ": " + what;
    }

    /** File, offset and record as far as they are known. */
    public String where() {
        return file + (offset < 0 ? "" : " offset " + offset) + (record < 0 ? "" : " record " + record);
    }
}
