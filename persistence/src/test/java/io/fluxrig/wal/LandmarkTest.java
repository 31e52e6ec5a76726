package io.fluxrig.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fluxrig.signal.FluxException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A start reads what was written since the last sealed segment; the rest is read again in the background. */
class LandmarkTest {
    private static final int EVENTS = 600;
    private static final Duration NEVER = Duration.ofDays(365);

    @TempDir
    private Path dir;

    private WalSettings byLandmark(long scrubPerSecond) {
        return Logs.small(dir).with(new WalSettings.Upkeep(0, scrubPerSecond, NEVER, 0));
    }

    private void fill() {
        Logs.fill(dir, "a", EVENTS, 700);
        assertThat(Logs.segments(dir)).hasSizeGreaterThan(4);
        assertThat(dir.resolve(Landmark.FILE)).exists();
    }

    private void flip(Path file, long offset) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.seek(offset);
            int before = open.read();
            open.seek(offset);
            open.write(before ^ 1);
        }
    }

    @Test
    void aStartByLandmarkKnowsEverythingThatAFullOneKnows() {
        try (Wal wal = Wal.open(Logs.small(dir))) {
            for (long n = 1; n <= EVENTS; n++) {
                Logs.append(wal, List.of(Logs.write("a", n, 700)));
                if (n % 7 == 0) {
                    Logs.append(wal, List.of(Logs.write("b", n / 7, 30)));
                }
            }
            wal.deleteTo("b", 10).toCompletableFuture().join();
        }
        try (Wal wal = Wal.open(byLandmark(1 << 20))) {
            assertThat(wal.highestSequenceNr("a")).isEqualTo(EVENTS);
            assertThat(wal.persistenceIds()).containsExactly("a", "b");
            assertThat(Logs.replay(wal, "a"))
                    .hasSize(EVENTS)
                    .allSatisfy(r -> assertThat(r.payload()).isEqualTo(Logs.payload("a", r.sequenceNr(), 700)));
            assertThat(Logs.replay(wal, "b").getFirst().sequenceNr()).isEqualTo(11);
            Logs.append(wal, List.of(Logs.write("a", EVENTS + 1, 700), Logs.write("a", EVENTS + 2, 700)));
        }
        assertThat(WalScan.check(dir).findings()).isEmpty();
        try (Wal wal = Wal.open(Logs.small(dir))) {
            assertThat(wal.highestSequenceNr("a")).isEqualTo(EVENTS + 2);
        }
    }

    @Test
    void damageInWhatTheStartPassedOverIsFoundInTheBackgroundAndEndsWriting() throws IOException {
        fill();
        flip(Logs.segments(dir).get(1), 5000);
        try (Wal wal = Wal.open(byLandmark(1 << 30))) {
            await().until(() -> wal.state() == WalState.FAILED);
            assertThat(wal.failure()).hasValueSatisfying(e -> {
                assertThat(e.code()).isEqualTo(WalError.DAMAGED);
                assertThat(e.what()).contains("0000000002.seg offset");
            });
            CompletableFuture<Void> refused =
                    wal.append(List.of(Logs.write("a", EVENTS + 1, 10))).toCompletableFuture();
            assertThatThrownBy(refused::join)
                    .isInstanceOf(CompletionException.class)
                    .cause()
                    .isInstanceOfSatisfying(
                            FluxException.class, e -> assertThat(e.code()).isEqualTo(WalError.DAMAGED));
            assertThat(Logs.replay(wal, "a").size()).isBetween(0, EVENTS);
        } catch (FluxException damaged) {
            assertThat(damaged.code()).isEqualTo(WalError.DAMAGED);
        }
        assertThat(WalScan.check(dir).findings()).isNotEmpty();
    }

    @Test
    void aScrubThatFindsNothingSaysHowFarItIs() {
        fill();
        try (Wal wal = Wal.open(byLandmark(1 << 30))) {
            await().until(() -> wal.scrub().rounds() == 1);
            assertThat(wal.scrub().idle()).isTrue();
            assertThat(wal.scrub().totalBytes()).isGreaterThan(100_000);
            assertThat(wal.state()).isEqualTo(WalState.SERVING);
        }
    }

    @Test
    void aSlowScrubDoesNotHoldTheClose() {
        fill();
        Wal wal = Wal.open(byLandmark(1 << 16));
        await().until(() -> wal.scrub().totalBytes() > 0);
        wal.close();
        assertThat(wal.scrub().rounds()).isZero();
    }

    @Test
    void aMissingOrShorterSegmentIsRefusedWithoutReadingIt() throws IOException {
        fill();
        Path second = Logs.segments(dir).get(1);
        byte[] bytes = Files.readAllBytes(second);
        Files.write(second, Arrays.copyOf(bytes, bytes.length - 4096));
        assertThatThrownBy(() -> Wal.open(byLandmark(1 << 20)))
                .isInstanceOfSatisfying(
                        FluxException.class, e -> assertThat(e.code()).isEqualTo(WalError.DAMAGED));
        Files.delete(second);
        assertThatThrownBy(() -> Wal.open(byLandmark(1 << 20)))
                .isInstanceOfSatisfying(
                        FluxException.class, e -> assertThat(e.code()).isEqualTo(WalError.MISSING));
    }

    @Test
    void withoutAWholeLandmarkEverythingIsRead() throws IOException {
        fill();
        flip(dir.resolve(Landmark.FILE), 60);
        assertThat(WalScan.check(dir).findings())
                .singleElement()
                .satisfies(f -> assertThat(f.kind()).isEqualTo(Finding.Kind.SLOT));
        flip(Logs.segments(dir).get(1), 5000);
        assertThatThrownBy(() -> Wal.open(byLandmark(1 << 20)))
                .isInstanceOfSatisfying(
                        FluxException.class, e -> assertThat(e.code()).isEqualTo(WalError.DAMAGED));
    }

    @Test
    void aLogAtItsQuotaHoldsWritesUntilItMayGrow() {
        long quota = 200_000;
        try (Wal wal = Wal.open(Logs.small(dir).with(new WalSettings.Upkeep(0, 1 << 20, NEVER, quota)))) {
            CompletableFuture<Void> held = null;
            for (long n = 1; held == null; n++) {
                CompletableFuture<Void> next =
                        wal.append(List.of(Logs.write("a", n, 700))).toCompletableFuture();
                await().pollDelay(Duration.ZERO)
                        .pollInterval(Duration.ofMillis(1))
                        .until(() -> next.isDone() || wal.state() == WalState.WAITING_FOR_SPACE);
                held = next.isDone() ? null : next;
            }
            wal.close();
            assertThatThrownBy(held::join)
                    .cause()
                    .isInstanceOfSatisfying(
                            FluxException.class, e -> assertThat(e.code()).isEqualTo(WalError.CLOSED));
        }
        long size =
                Logs.segments(dir).stream().mapToLong(f -> f.toFile().length()).sum();
        assertThat(size).isLessThanOrEqualTo(quota);
        try (Wal wal = Wal.open(Logs.small(dir))) {
            Logs.append(wal, List.of(Logs.write("a", wal.highestSequenceNr("a") + 1, 700)));
        }
        assertThat(WalScan.check(dir).findings()).isEmpty();
    }
}
