package io.fluxrig.benchmarks.wal;

import java.nio.file.Path;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.bytes.SyncMode;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;

/** The same messages, encoded and nothing else, into Chronicle Queue with sync: forced after every group of 512, which is what is in flight. */
final class ChronicleRun {
    private static final int IN_FLIGHT = 512;

    private ChronicleRun() {}

    static double perSecond(Path dir, double seconds) {
        Signals signals = new Signals(dir);
        try (SingleChronicleQueue queue = SingleChronicleQueueBuilder.binary(
                                dir.resolve("chronicle").toFile())
                        .syncMode(SyncMode.SYNC)
                        .build();
                ExcerptAppender appender = queue.createAppender()) {
            long count = 0;
            long begin = System.nanoTime();
            long until = begin + (long) (seconds * 1e9);
            while (System.nanoTime() < until) {
                for (int i = 0; i < IN_FLIGHT; i++) {
                    appender.writeBytes(Bytes.wrapForRead(signals.next().encode()));
                }
                appender.sync();
                count += IN_FLIGHT;
            }
            return count / ((System.nanoTime() - begin) / 1e9);
        }
    }
}
