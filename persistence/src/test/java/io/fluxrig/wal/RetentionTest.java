package io.fluxrig.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fluxrig.signal.FluxException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** F33 and the second half of F06: segments move to the archive only when nothing in them is needed, and the log stays one log. */
class RetentionTest {
    private static final long KEEP = 150_000;

    @TempDir
    private Path dir;

    private Path wal() {
        return dir.resolve("wal");
    }

    private Path archive() {
        return dir.resolve("archive");
    }

    private WalSettings settings(long keepBytes, Duration keep) {
        return Logs.small(wal())
                .with(new WalSettings.Retention(Optional.of(archive()), keepBytes, keep, Duration.ofMillis(20)));
    }

    private static void append(Wal wal, long from, long to) {
        for (long n = from; n <= to; n++) {
            Logs.append(wal, List.of(Logs.write("a", n, 700)));
        }
    }

    private static long size(Path dir) {
        return Logs.segments(dir).stream().mapToLong(f -> f.toFile().length()).sum();
    }

    @Test
    void onlyWhatIsConfirmedLeavesAndTheLogIsStillOne() {
        try (Wal wal = Wal.open(settings(KEEP, Duration.ZERO))) {
            append(wal, 1, 300);
            Logs.append(wal, List.of(Logs.write("b", 1, 20)));
            append(wal, 301, 600);
            wal.confirm("a", 250);
            await().until(() -> Logs.segments(archive()).size() >= 2);
            assertThat(Logs.replay(wal, "a"))
                    .as("read from the archive as well")
                    .hasSize(600);
            wal.confirm("a", 600);
            assertThat(wal.archiveTrouble()).isEmpty();
            append(wal, 601, 605);
            assertThat(Logs.segments(archive()).stream().map(RetentionTest::name))
                    .as("an unconfirmed event of b stands in the way")
                    .allMatch(segment -> segment.compareTo(segmentOf("b")) < 0);
            wal.confirm("b", 1);
            await().until(() -> size(wal()) <= KEEP + 131_072);
        }
        WalScan.Report report = WalScan.check(wal());
        assertThat(report.findings()).isEmpty();
        assertThat(report.records()).isEqualTo(606);
        try (Wal wal = Wal.open(settings(KEEP, Duration.ZERO))) {
            assertThat(Logs.replay(wal, "a"))
                    .hasSize(605)
                    .allSatisfy(r -> assertThat(r.payload()).isEqualTo(Logs.payload("a", r.sequenceNr(), 700)));
            append(wal, 606, 610);
        }
    }

    @Test
    void aReaderFindsEveryRecordWhileSegmentsAreMoved() {
        try (Wal wal = Wal.open(settings(KEEP, Duration.ZERO))) {
            append(wal, 1, 600);
            wal.confirm("a", 600);
            int reads = 0;
            while (size(wal()) > KEEP + 131_072 || reads < 20) {
                assertThat(WalScan.check(wal()).records()).isEqualTo(600);
                reads++;
            }
            assertThat(Logs.segments(archive())).isNotEmpty();
        }
    }

    private static String name(Path segment) {
        return segment.getFileName().toString();
    }

    /** Where the first event of this persistence id lies, moved or not. */
    private String segmentOf(String persistenceId) {
        List<String> found = new ArrayList<>();
        WalScan.read(wal(), record -> {
            if (record.persistenceId().equals(persistenceId)) {
                found.add(record.segment());
            }
        });
        return found.getFirst();
    }

    private void archiveSome() {
        try (Wal wal = Wal.open(settings(KEEP, Duration.ZERO))) {
            append(wal, 1, 600);
            wal.confirm("a", 600);
            await().until(() -> size(wal()) <= KEEP + 131_072);
        }
        assertThat(Logs.segments(wal()).getFirst().getFileName()).isNotEqualTo(Path.of("0000000001.seg"));
    }

    @Test
    void withTheArchiveOutOfReachTheLogServesAndSaysWhatIsMissing() throws IOException {
        archiveSome();
        Files.move(archive(), dir.resolve("tape"));
        WalScan.Report report = WalScan.check(wal());
        assertThat(report.findings()).isEmpty();
        assertThat(report.records()).isBetween(1L, 599L);
        try (Wal wal = Wal.open(Logs.small(wal()))) {
            assertThat(wal.highestSequenceNr("a")).isEqualTo(600);
            append(wal, 601, 700);
            List<WalRecord> late = new ArrayList<>();
            wal.replay("a", 599, 700, Long.MAX_VALUE, late::add);
            assertThat(late).hasSize(102);
            assertThatThrownBy(() -> Logs.replay(wal, "a"))
                    .isInstanceOfSatisfying(
                            FluxException.class, e -> assertThat(e.code()).isEqualTo(WalError.ARCHIVED));
        }
        Files.move(dir.resolve("tape"), archive());
        assertThat(WalScan.check(wal()).records()).isEqualTo(700);
    }

    @Test
    void theFirstSegmentsMayBeMissingOnlyWhereTheRecordSaysSo() throws IOException {
        archiveSome();
        Files.move(archive(), dir.resolve("tape"));
        Path record = wal().resolve(Archived.FILE);
        byte[] bytes = Files.readAllBytes(record);
        Files.delete(record);
        assertThat(WalScan.check(wal()).findings())
                .anySatisfy(f -> assertThat(f.kind()).isEqualTo(Finding.Kind.MISSING));
        assertThatThrownBy(() -> Wal.open(Logs.small(wal()))).isInstanceOf(FluxException.class);
        bytes[bytes.length / 2] ^= 1;
        Files.write(record, bytes);
        assertThatThrownBy(() -> Wal.open(Logs.small(wal())))
                .isInstanceOfSatisfying(
                        FluxException.class, e -> assertThat(e.code()).isEqualTo(WalError.DAMAGED));
    }

    @Test
    void damageInTheArchiveIsFound() throws IOException {
        archiveSome();
        Path moved = Logs.segments(archive()).getFirst();
        byte[] bytes = Files.readAllBytes(moved);
        bytes[3000] ^= 4;
        Files.write(moved, bytes);
        assertThat(WalScan.check(wal()).findings()).anySatisfy(f -> {
            assertThat(f.kind()).isEqualTo(Finding.Kind.DAMAGE);
            assertThat(f.file()).isEqualTo(moved.getFileName().toString());
        });
    }

    @Test
    void aDamagedSegmentIsNotMoved() throws IOException {
        Logs.fill(wal(), "a", 600, 700);
        try (Wal wal = Wal.open(
                settings(KEEP, Duration.ZERO).with(new WalSettings.Upkeep(0, 1 << 20, Duration.ofDays(1), 0)))) {
            wal.confirm("a", 600);
            Path first = wal().resolve(Format.segmentName(1));
            try (var file = java.nio.channels.FileChannel.open(first, java.nio.file.StandardOpenOption.WRITE)) {
                file.write(ByteBuffer.wrap(new byte[] {77}), 3000);
            }
            await().until(() -> wal.archiveTrouble().contains("0000000001.seg") || wal.state() == WalState.FAILED);
            assertThat(first).exists();
        }
    }

    @Test
    void whatIsOldLeavesAndWhatIsYoungStays() {
        try (Wal wal = Wal.open(settings(0, Duration.ofDays(1)))) {
            append(wal, 1, 300);
            wal.confirm("a", 300);
        }
        List<Archiver.Here> sealed = List.of(
                new Archiver.Here(1, 1000, 0), new Archiver.Here(2, 1000, 50_000), new Archiver.Here(3, 1000, 70_000));
        WalSettings.Retention minute =
                new WalSettings.Retention(Optional.of(archive()), 0, Duration.ofSeconds(60), Duration.ofMinutes(1));
        WalIndex index = new WalIndex();
        assertThat(Archiver.due(sealed, 1000, minute, 120_000, index, Map.of()))
                .extracting(Archiver.Here::index)
                .containsExactly(1L);
        WalSettings.Retention bytes =
                new WalSettings.Retention(Optional.of(archive()), 2500, Duration.ZERO, Duration.ofMinutes(1));
        assertThat(Archiver.due(sealed, 1000, bytes, 120_000, index, Map.of()))
                .extracting(Archiver.Here::index)
                .containsExactly(1L, 2L);
        assertThat(Logs.segments(archive())).isEmpty();
    }

    @Test
    void anOlderFormatIsNotArchivedBeforeTheUpgradeIsFinal() throws IOException {
        Logs.copy(Path.of("src/test/golden/wal-1"), wal());
        try (Wal wal = Wal.open(settings(1, Duration.ZERO))) {
            for (long n = 3; n <= 300; n++) {
                Logs.append(wal, List.of(Logs.write("vault", n, 700)));
            }
            wal.confirm("vault", 300);
            await().until(() -> wal.archiveTrouble().contains("upgrade finalize"));
        }
        assertThat(Logs.segments(archive())).isEmpty();
        assertThat(WalUpgrade.formatOf(wal())).isEqualTo(1);
        assertThat(WalUpgrade.finalizeFormat(wal())).isEqualTo(Format.VERSION);
        try (Wal wal = Wal.open(settings(1, Duration.ZERO))) {
            wal.confirm("vault", 300);
            await().until(() -> !Logs.segments(archive()).isEmpty());
        }
        assertThat(WalScan.check(wal()).findings()).isEmpty();
    }

    @Test
    void aMoveMayBeCutAtEveryStep() throws IOException {
        boolean reached = true;
        for (int step = 0; reached; step++) {
            reached = cutTheMove(step, true) | cutTheMove(step, false);
        }
    }

    private boolean cutTheMove(int step, boolean cutTheArchive) throws IOException {
        Random random = new Random(step);
        SimFileSys own = new SimFileSys(random);
        SimFileSys archive = new SimFileSys(random);
        WalIndex index = new WalIndex();
        WalLog log = WalLog.open(
                own,
                Logs.small(Path.of("sim")),
                index,
                Runnable::run,
                new WalStats(),
                Opening.of(Path.of("sim")),
                n -> {});
        for (long n = 1; n <= 200; n++) {
            log.append(List.of(new Unit.Events("a", Logs.writes("a", n, n, 700))));
        }
        Archiver archiver = new Archiver(own, archive, "archive", index);
        List<Archiver.Here> sealed = archiver.sealed(log.durable().segment() - 1);
        assertThat(sealed).hasSizeGreaterThan(1);
        (cutTheArchive ? archive : own).faultAfter(step, SimFileSys.Fault.POWER_CUT);
        boolean cut = false;
        try {
            archiver.move(sealed.getFirst());
            archiver.move(sealed.get(1));
        } catch (SimFileSys.PowerCut | CompletionException e) {
            cut = true;
        }
        own.powerOn();
        archive.powerOn();
        WalIndex again = new WalIndex();
        WalLog reopened = WalLog.open(
                own,
                Logs.small(Path.of("sim")),
                again,
                Runnable::run,
                new WalStats(),
                Opening.of(Path.of("sim")),
                n -> {});
        assertThat(again.highest("a")).as("step " + step).isEqualTo(200);
        Archiver second = new Archiver(own, archive, "archive", again);
        for (Archiver.Here segment : second.sealed(3)) {
            second.move(segment);
        }
        List<WalRecord> all = new ArrayList<>();
        FileSys both = WithArchive.of(own, archived -> Optional.of(archive));
        assertThat(WalScan.of(both, all::add).findings()).as("step " + step).isEmpty();
        assertThat(all).as("step " + step).hasSize(200);
        assertThat(reopened.durable().segment()).isPositive();
        return cut;
    }
}
