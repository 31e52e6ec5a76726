package io.fluxrig.wal;

import java.util.List;

/** What a segment holds next. Offsets count from the beginning of the file. */
sealed interface Step {
    /** A whole group. {@code end} is where the next begins. */
    record Group(long start, long end, long firstNumber, long lastNumber, List<Frame> frames) implements Step {}

    /** The footer: nothing but zeros may follow. */
    record Sealed(long start, long end, long number) implements Step {}

    /** Nothing more was written here. */
    record End(long at) implements Step {}

    /**
     * These bytes are not what must be here.
     *
     * @param number of the frame that is due at {@code offset}
     * @param whole frames of the same group before it
     */
    record Bad(long offset, long groupStart, long number, String why, List<Frame> whole) implements Step {}
}
