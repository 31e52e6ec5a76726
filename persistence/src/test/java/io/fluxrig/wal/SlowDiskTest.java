package io.fluxrig.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxrig.signal.FluxException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** F11, F13 and F19 on the real disk, with a hand on its fsync. */
@Timeout(30)
class SlowDiskTest {
    @TempDir
    Path dir;

    @Test
    void nothingIsAcknowledgedBeforeTheFsyncReturnsAndReadsGoOn() throws Exception {
        GatedDisk disk = new GatedDisk(new NioFileSys(dir));
        try (Wal wal = Wal.open(disk, Logs.small(dir), n -> {})) {
            Logs.append(wal, Logs.writes("a", 1, 3, 100));
            disk.close();
            CompletableFuture<Void> stuck =
                    wal.append(Logs.writes("a", 4, 4, 100)).toCompletableFuture();
            disk.awaitStuck();
            CompletableFuture<Void> behind =
                    wal.append(Logs.writes("b", 1, 1, 100)).toCompletableFuture();
            assertThat(Logs.replay(wal, "a")).hasSize(3);
            assertThat(wal.highestSequenceNr("a")).isEqualTo(3);
            assertThat(stuck).isNotDone();
            assertThat(behind).isNotDone();
            assertThat(wal.queuedBytes()).isPositive();
            // Who watches the disk is told of the fsync that has not come back, each time.
            wal.stats().longestFsync(System.nanoTime());
            assertThat(wal.stats().longestFsync(System.nanoTime() + 5_000_000_000L))
                    .isGreaterThan(5_000_000_000L);
            disk.open();
            stuck.get(10, TimeUnit.SECONDS);
            behind.get(10, TimeUnit.SECONDS);
            assertThat(Logs.replay(wal, "a")).hasSize(4);
            assertThat(wal.queuedBytes()).isZero();
        }
    }

    @Test
    void refusesWhatExceedsItsQueue() throws Exception {
        GatedDisk disk = new GatedDisk(new NioFileSys(dir));
        try (Wal wal = Wal.open(disk, Logs.small(dir), n -> {})) {
            disk.close();
            CompletableFuture<Void> first =
                    wal.append(Logs.writes("a", 1, 1, 100)).toCompletableFuture();
            disk.awaitStuck();
            CompletableFuture<Void> last = first;
            long n = 2;
            while (!last.isDone()) {
                last = wal.append(Logs.writes("a", n, n, 50_000)).toCompletableFuture();
                n++;
                assertThat(n).isLessThan(1000);
            }
            assertThat(code(last)).isEqualTo(WalError.QUEUE_FULL);
            disk.open();
            first.get(10, TimeUnit.SECONDS);
        }
        try (Wal wal = Wal.open(Logs.small(dir))) {
            assertThat(wal.highestSequenceNr("a")).isPositive();
        }
    }

    @Test
    void aFailedFsyncFailsTheGroupAndEverythingAfter() throws Exception {
        GatedDisk disk = new GatedDisk(new NioFileSys(dir));
        try (Wal wal = Wal.open(disk, Logs.small(dir), n -> {})) {
            Logs.append(wal, Logs.writes("a", 1, 2, 100));
            disk.failNextForce.set(new IOException("simulated"));
            assertThat(code(wal.append(Logs.writes("a", 3, 3, 100)).toCompletableFuture()))
                    .isEqualTo(WalError.FAILED);
            assertThat(code(wal.append(Logs.writes("a", 4, 4, 100)).toCompletableFuture()))
                    .isEqualTo(WalError.FAILED);
            assertThat(wal.state()).isEqualTo(WalState.FAILED);
            assertThat(Logs.replay(wal, "a")).hasSize(2);
        }
        try (Wal wal = Wal.open(Logs.small(dir))) {
            assertThat(Logs.replay(wal, "a")).hasSizeBetween(2, 3);
        }
    }

    @Test
    void aFullDiskHoldsWritesUntilSpaceReturns() throws Exception {
        GatedDisk disk = new GatedDisk(new NioFileSys(dir));
        try (Wal wal = Wal.open(disk, Logs.small(dir), n -> {})) {
            Logs.append(wal, Logs.writes("a", 1, 2, 100));
            disk.full = true;
            CompletableFuture<Void> held =
                    wal.append(Logs.writes("a", 3, 4, 100)).toCompletableFuture();
            disk.awaitFull();
            assertThat(held).isNotDone();
            assertThat(wal.state()).isEqualTo(WalState.WAITING_FOR_SPACE);
            disk.full = false;
            held.get(10, TimeUnit.SECONDS);
            assertThat(wal.state()).isEqualTo(WalState.SERVING);
            assertThat(Logs.replay(wal, "a")).hasSize(4);
        }
    }

    @Test
    void closingAFullLogFailsWhatWaits() throws Exception {
        GatedDisk disk = new GatedDisk(new NioFileSys(dir));
        Wal wal = Wal.open(disk, Logs.small(dir), n -> {});
        disk.full = true;
        CompletableFuture<Void> held = wal.append(Logs.writes("a", 1, 1, 100)).toCompletableFuture();
        disk.awaitFull();
        wal.close();
        assertThat(code(held)).isEqualTo(WalError.CLOSED);
        disk.full = false;
        Wal.open(Logs.small(dir)).close();
    }

    private static Object code(CompletableFuture<Void> future) {
        try {
            future.join();
            return null;
        } catch (CompletionException e) {
            return ((FluxException) e.getCause()).code();
        }
    }

    /** Passes everything on, but can hold or fail the forcing of segments, and be full. */
    private static final class GatedDisk implements FileSys {
        private final FileSys disk;
        private final Semaphore gate = new Semaphore(1);
        private final CountDownLatch stuck = new CountDownLatch(1);
        // Two refused writes: by the second the log has said that it waits.
        private final CountDownLatch refused = new CountDownLatch(2);
        private final AtomicReference<IOException> failNextForce = new AtomicReference<>();
        private volatile boolean full;

        GatedDisk(FileSys disk) {
            this.disk = disk;
        }

        void close() throws InterruptedException {
            gate.acquire();
        }

        void open() {
            gate.release();
        }

        void awaitStuck() throws InterruptedException {
            assertThat(stuck.await(10, TimeUnit.SECONDS)).isTrue();
        }

        void awaitFull() throws InterruptedException {
            assertThat(refused.await(10, TimeUnit.SECONDS)).isTrue();
        }

        @Override
        public String path(String name) {
            return disk.path(name);
        }

        @Override
        public List<Entry> list() throws IOException {
            return disk.list();
        }

        @Override
        public OpenFile open(String name, Mode mode) throws IOException {
            return new GatedFile(disk.open(name, mode), Format.segmentIndex(name) > 0 || name.equals(Format.RESERVE));
        }

        @Override
        public void move(String from, String to) throws IOException {
            disk.move(from, to);
        }

        @Override
        public void delete(String name) throws IOException {
            disk.delete(name);
        }

        @Override
        public void forceDir() throws IOException {
            disk.forceDir();
        }

        @Override
        public Optional<Closeable> lock(String name) throws IOException {
            return disk.lock(name);
        }

        private final class GatedFile implements OpenFile {
            private final OpenFile file;
            private final boolean segment;

            GatedFile(OpenFile file, boolean segment) {
                this.file = file;
                this.segment = segment;
            }

            @Override
            public int writeAt(ByteBuffer bytes, long offset) throws IOException {
                if (full && segment) {
                    if (!reserveThread()) {
                        refused.countDown();
                    }
                    throw new NoSpaceException("simulated");
                }
                return file.writeAt(bytes, offset);
            }

            @Override
            public int readAt(ByteBuffer bytes, long offset) throws IOException {
                return file.readAt(bytes, offset);
            }

            @Override
            public void force() throws IOException {
                if (segment && !reserveThread()) {
                    pass();
                }
                file.force();
            }

            private static boolean reserveThread() {
                return Thread.currentThread().getName().equals("wal-reserve");
            }

            private void pass() throws IOException {
                IOException failure = failNextForce.getAndSet(null);
                if (failure != null) {
                    throw failure;
                }
                if (!gate.tryAcquire()) {
                    stuck.countDown();
                    gate.acquireUninterruptibly();
                }
                gate.release();
            }

            @Override
            public long size() throws IOException {
                return file.size();
            }

            @Override
            public void close() throws IOException {
                file.close();
            }
        }
    }
}
