package io.fluxrig.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxrig.signal.ErrorCode.Category;
import io.fluxrig.signal.FluxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WalTest {
    @TempDir
    Path dir;

    @Test
    void readsBackWhatWasAcknowledgedAcrossSegmentsAndRestarts() {
        try (Wal wal = Wal.open(Logs.small(dir))) {
            for (int n = 1; n <= 300; n++) {
                Logs.append(wal, List.of(Logs.write("a", n, 500)));
                Logs.append(wal, Logs.writes("b", 2 * n - 1, 2 * n, 100));
            }
            check(wal);
        }
        assertThat(Logs.segments(dir)).hasSizeGreaterThan(4);
        try (Wal wal = Wal.open(Logs.small(dir))) {
            check(wal);
            Logs.append(wal, List.of(Logs.write("a", 301, 10)));
            assertThat(wal.highestSequenceNr("a")).isEqualTo(301);
        }
        WalScan.Report report = WalScan.check(dir);
        assertThat(report.findings()).isEmpty();
        assertThat(report.tornBytes()).isZero();
        assertThat(report.records()).isEqualTo(901);
        assertThat(report.owner()).isEqualTo("rack-a");
    }

    private static void check(Wal wal) {
        assertThat(wal.persistenceIds()).containsExactly("a", "b");
        assertThat(wal.highestSequenceNr("a")).isEqualTo(300);
        assertThat(wal.highestSequenceNr("b")).isEqualTo(600);
        List<WalRecord> a = Logs.replay(wal, "a");
        assertThat(a).hasSize(300);
        for (int i = 0; i < 300; i++) {
            assertThat(a.get(i).sequenceNr()).isEqualTo(i + 1);
            assertThat(a.get(i).payload()).isEqualTo(Logs.payload("a", i + 1, 500));
        }
        List<Long> middle = new ArrayList<>();
        wal.replay("b", 250, 400, 100, r -> middle.add(r.sequenceNr()));
        assertThat(middle).hasSize(100).startsWith(250L).endsWith(349L).isSorted();
    }

    @Test
    void keepsEveryPropertyOfAnEvent() {
        WalWrite write = new WalWrite(
                "id",
                7,
                1234,
                -5,
                "man",
                "adapter",
                "writer",
                List.of("t1", "t2"),
                Optional.of(new WalWrite.Metadata(3, "mm", new byte[] {9})),
                new byte[] {1, 2});
        try (Wal wal = Wal.open(Logs.small(dir))) {
            Logs.append(wal, List.of(write));
            WalRecord read = Logs.replay(wal, "id").get(0);
            assertThat(read.sequenceNr()).isEqualTo(7);
            assertThat(read.timestamp()).isEqualTo(1234);
            assertThat(read.serializerId()).isEqualTo(-5);
            assertThat(read.manifest()).isEqualTo("man");
            assertThat(read.eventManifest()).isEqualTo("adapter");
            assertThat(read.writerUuid()).isEqualTo("writer");
            assertThat(read.tags()).containsExactly("t1", "t2");
            assertThat(read.metadata().orElseThrow().serializerId()).isEqualTo(3);
            assertThat(read.metadata().orElseThrow().manifest()).isEqualTo("mm");
            assertThat(read.metadata().orElseThrow().bytes()).containsExactly(9);
            assertThat(read.payload()).containsExactly(1, 2);
        }
    }

    @Test
    void deletionHidesEventsAndKeepsTheHighestSequenceNumber() {
        try (Wal wal = Wal.open(Logs.small(dir))) {
            Logs.append(wal, Logs.writes("a", 1, 10, 50));
            wal.deleteTo("a", 4).toCompletableFuture().join();
            assertThat(Logs.replay(wal, "a"))
                    .extracting(WalRecord::sequenceNr)
                    .containsExactly(5L, 6L, 7L, 8L, 9L, 10L);
            wal.deleteTo("a", Long.MAX_VALUE).toCompletableFuture().join();
        }
        try (Wal wal = Wal.open(Logs.small(dir))) {
            assertThat(Logs.replay(wal, "a")).isEmpty();
            assertThat(wal.highestSequenceNr("a")).isEqualTo(10);
        }
    }

    @Test
    void refusesASequenceNumberThatItAlreadyHolds() {
        try (Wal wal = Wal.open(Logs.small(dir))) {
            Logs.append(wal, Logs.writes("a", 1, 3, 50));
            assertThat(codeOf(wal.append(List.of(Logs.write("a", 3, 50))))).isEqualTo(WalError.SECOND_WRITER);
            assertThat(codeOf(wal.append(List.of(Logs.write("a", 5, 50), Logs.write("a", 4, 50)))))
                    .isEqualTo(WalError.SECOND_WRITER);
            Logs.append(wal, List.of(Logs.write("a", 4, 50)));
            assertThat(Logs.replay(wal, "a")).hasSize(4);
        }
    }

    @Test
    void refusesAWriteThatIsTooLargeAndTakesOneThatFillsASegment() {
        try (Wal wal = Wal.open(Logs.small(dir))) {
            assertThat(codeOf(wal.append(List.of(Logs.write("a", 1, 65536))))).isEqualTo(WalError.TOO_LARGE);
            Logs.append(wal, List.of(Logs.write("a", 1, 60000)));
            Logs.append(wal, List.of(Logs.write("a", 2, 60000)));
            assertThat(Logs.replay(wal, "a").get(1).payload()).isEqualTo(Logs.payload("a", 2, 60000));
        }
    }

    @Test
    void refusesASecondOpeningOfItsDirectoryInOneProcess() throws Exception {
        Path link = dir.resolveSibling(dir.getFileName() + "-link");
        Files.createSymbolicLink(link, dir);
        try (Wal wal = Wal.open(Logs.small(dir))) {
            for (Path path : List.of(dir, link)) {
                assertThatThrownBy(() -> Wal.open(Logs.small(path))).isInstanceOfSatisfying(FluxException.class, e -> {
                    assertThat(e.code()).isEqualTo(WalError.IN_USE);
                    assertThat(e.code().category()).isEqualTo(Category.HELD);
                });
            }
            Logs.append(wal, List.of(Logs.write("a", 1, 10)));
        }
        Files.delete(link);
        Wal.open(Logs.small(dir)).close();
    }

    @Test
    void failsWhatComesAfterClosing() {
        Wal wal = Wal.open(Logs.small(dir));
        wal.close();
        wal.close();
        assertThat(wal.state()).isEqualTo(WalState.CLOSED);
        assertThat(codeOf(wal.append(List.of(Logs.write("a", 1, 10))))).isEqualTo(WalError.CLOSED);
        assertThat(Wal.running()).doesNotContain(wal);
    }

    @Test
    void anInterruptedCallerHarmsNobody() throws Exception {
        try (Wal wal = Wal.open(Logs.small(dir))) {
            for (long n = 1; n <= 200; n++) {
                long sequenceNr = n;
                Thread caller = new Thread(() -> {
                    Thread.currentThread().interrupt();
                    CompletionStage<Void> done = wal.append(List.of(Logs.write("a", sequenceNr, 50)));
                    done.toCompletableFuture().cancel(true);
                    try {
                        wal.replay("a", 1, 5, 5, r -> {});
                    } catch (FluxException ownChannelOnly) {
                        assertThat(ownChannelOnly.code()).isEqualTo(WalError.UNREADABLE);
                    }
                });
                caller.start();
                caller.join();
            }
            wal.settled().toCompletableFuture().get(10, TimeUnit.SECONDS);
            assertThat(Logs.replay(wal, "a")).hasSize(200);
            assertThat(wal.state()).isEqualTo(WalState.SERVING);
        }
    }

    @Test
    void refusesTheLogOfAnotherOwner() {
        Logs.fill(dir, "a", 3, 10);
        assertThatThrownBy(() -> Wal.open(WalSettings.defaults(dir, "rack-b")))
                .hasMessageContaining("rack-a")
                .hasMessageContaining("rack-b")
                .extracting(e -> ((FluxException) e).code())
                .isEqualTo(WalError.OTHER_OWNER);
        Wal.open(WalSettings.defaults(dir, "")).close();
    }

    @Test
    void refusesLinksAndDirectoriesUnderItsNames() throws Exception {
        Logs.fill(dir, "a", 60, 500);
        Path second = dir.resolve("0000000002.seg");
        Path elsewhere = dir.resolve("elsewhere");
        Files.move(second, elsewhere);
        Files.createSymbolicLink(second, elsewhere);
        assertRefused(WalError.NOT_OURS);
        Files.delete(second);
        Files.createDirectory(second);
        assertRefused(WalError.NOT_OURS);
        Files.delete(second);
        Files.move(elsewhere, second);
        Wal.open(Logs.small(dir)).close();
    }

    private void assertRefused(WalError code) {
        assertThatThrownBy(() -> Wal.open(Logs.small(dir)))
                .isInstanceOfSatisfying(
                        FluxException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void saysWhenThereIsNoLog() {
        assertThatThrownBy(() -> WalScan.check(dir))
                .extracting(e -> ((FluxException) e).code())
                .isEqualTo(WalError.NO_LOG);
        assertThatThrownBy(() -> WalScan.check(dir.resolve("none")))
                .extracting(e -> ((FluxException) e).code())
                .isEqualTo(WalError.NO_LOG);
    }

    @Test
    void aLiveLogCanBeReadWhileItIsWritten() {
        try (Wal wal = Wal.open(Logs.small(dir))) {
            for (int n = 1; n <= 100; n++) {
                Logs.append(wal, List.of(Logs.write("a", n, 300)));
                if (n % 20 == 0) {
                    WalScan.Report report = WalScan.check(dir);
                    assertThat(report.findings()).isEmpty();
                    assertThat(report.records()).isEqualTo(n);
                }
            }
        }
    }

    private static Object codeOf(CompletionStage<Void> stage) {
        try {
            stage.toCompletableFuture().join();
            return null;
        } catch (CompletionException e) {
            return ((FluxException) e.getCause()).code();
        }
    }
}
