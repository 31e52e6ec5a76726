package io.fluxrig.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** F11 on a real file system of 4 MiB. Needs the right to mount one; skipped, and saying so, where there is none. */
class FullDiskTest {
    @TempDir
    private Path dir;

    private Path disk;

    @BeforeEach
    void mountsASmallDisk() throws Exception {
        disk = Files.createDirectory(dir.resolve("disk"));
        assumeTrue(
                runs("mount", "-t", "tmpfs", "-o", "size=4m", "fluxrig-test", disk.toString()),
                "no right to mount a tmpfs here");
    }

    @AfterEach
    void unmounts() throws Exception {
        runs("umount", disk.toString());
    }

    private static boolean runs(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException noSuchCommand) {
            return false;
        }
    }

    private void fillUp() throws IOException {
        try (var out = Files.newOutputStream(disk.resolve("somebody-else"))) {
            byte[] block = new byte[4096];
            while (true) {
                out.write(block);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space");
        }
    }

    @Test
    void aFullDiskHoldsWritesSealsCleanlyAndGoesOnWhenSpaceReturns() throws IOException {
        List<CompletableFuture<Void>> offered = new ArrayList<>();
        int acknowledgedWhenFull;
        try (Wal wal = Wal.open(Logs.small(disk.resolve("wal")))) {
            Logs.append(wal, List.of(Logs.write("a", 1, 700)));
            fillUp();
            for (long n = 2; n <= 600; n++) {
                offered.add(wal.append(List.of(Logs.write("a", n, 700))).toCompletableFuture());
            }
            await().until(() -> wal.state() == WalState.WAITING_FOR_SPACE);
            acknowledgedWhenFull =
                    (int) offered.stream().filter(CompletableFuture::isDone).count();
            assertThat(acknowledgedWhenFull)
                    .as("the reserve carries on for a while")
                    .isBetween(1, 598);
            assertThat(offered).noneMatch(CompletableFuture::isCompletedExceptionally);
            WalScan.Report whileFull = WalScan.check(disk.resolve("wal"));
            assertThat(whileFull.findings()).isEmpty();
            assertThat(whileFull.records()).isEqualTo(acknowledgedWhenFull + 1L);

            Files.delete(disk.resolve("somebody-else"));
            CompletableFuture.allOf(offered.toArray(CompletableFuture[]::new)).join();
            assertThat(wal.state()).isEqualTo(WalState.SERVING);
        }
        assertThat(WalScan.check(disk.resolve("wal")).findings()).isEmpty();
        try (Wal wal = Wal.open(Logs.small(disk.resolve("wal")))) {
            assertThat(Logs.replay(wal, "a")).hasSize(600);
        }
    }

    @Test
    void aLogThatIsClosedWhileTheDiskIsFullHoldsExactlyWhatItAcknowledged() throws IOException {
        List<CompletableFuture<Void>> offered = new ArrayList<>();
        try (Wal wal = Wal.open(Logs.small(disk.resolve("wal")))) {
            Logs.append(wal, List.of(Logs.write("a", 1, 700)));
            fillUp();
            for (long n = 2; n <= 600; n++) {
                offered.add(wal.append(List.of(Logs.write("a", n, 700))).toCompletableFuture());
            }
            await().until(() -> wal.state() == WalState.WAITING_FOR_SPACE);
        }
        long acknowledged =
                1 + offered.stream().filter(f -> !f.isCompletedExceptionally()).count();
        WalScan.Report closed = WalScan.check(disk.resolve("wal"));
        assertThat(closed.findings()).isEmpty();
        assertThat(closed.records()).isEqualTo(acknowledged);
        Files.delete(disk.resolve("somebody-else"));
        try (Wal wal = Wal.open(Logs.small(disk.resolve("wal")))) {
            assertThat(wal.highestSequenceNr("a")).isEqualTo(acknowledged);
            Logs.append(wal, List.of(Logs.write("a", acknowledged + 1, 700)));
        }
    }
}
