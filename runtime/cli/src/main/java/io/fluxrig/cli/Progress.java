package io.fluxrig.cli;

import java.io.PrintWriter;
import java.util.function.LongConsumer;

/** Tells people once a second how far long work is. */
final class Progress {
    private static final long EVERY_NANOS = 1_000_000_000L;

    private Progress() {}

    /** @param what is counted, such as "leaves read" */
    static LongConsumer of(PrintWriter err, String what) {
        long[] told = {System.nanoTime()};
        return count -> {
            if (System.nanoTime() - told[0] > EVERY_NANOS) {
                told[0] = System.nanoTime();
                err.printf("%,d %s%n", count, what);
                err.flush();
            }
        };
    }
}
