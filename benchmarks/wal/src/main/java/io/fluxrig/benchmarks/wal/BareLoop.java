package io.fluxrig.benchmarks.wal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;
import org.HdrHistogram.Histogram;

/** The ceiling: one thread that writes groups of one size into a file that is already zero-filled, and forces each. */
final class BareLoop {
    private static final long FILE = 64L << 20;

    private BareLoop() {}

    /** Bytes a second, and how long a force took in microseconds. */
    record Figures(double bytesPerSecond, double groupsPerSecond, Histogram forceMicros) {}

    static Figures run(Path dir, int groupBytes, double seconds) throws IOException {
        byte[] bytes = new byte[groupBytes];
        ThreadLocalRandom.current().nextBytes(bytes);
        ByteBuffer group = ByteBuffer.allocateDirect(groupBytes).put(bytes);
        Histogram micros = new Histogram(60_000_000L, 3);
        try (FileChannel file = FileChannel.open(
                dir.resolve("bare"), StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.READ)) {
            ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 20);
            for (long at = 0; at < FILE; at += zeros.capacity()) {
                file.write(zeros.clear(), at);
            }
            file.force(true);
            long written = 0;
            long groups = 0;
            long at = 0;
            long begin = System.nanoTime();
            long until = begin + (long) (seconds * 1e9);
            while (System.nanoTime() < until) {
                if (at + groupBytes > FILE) {
                    at = 0;
                }
                file.write(group.clear(), at);
                long before = System.nanoTime();
                file.force(false);
                micros.recordValue(Math.max(1, (System.nanoTime() - before) / 1000));
                at += groupBytes;
                written += groupBytes;
                groups++;
            }
            double took = (System.nanoTime() - begin) / 1e9;
            return new Figures(written / took, groups / took, micros);
        }
    }
}
