package io.fluxrig.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxrig.signal.FluxException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * F01 to F10: what is damaged below the watermark is named and refused, and nothing is deleted. Every bit of the log:
 * {@code -Dwal.flips=all}; otherwise a sample, another one with {@code -Dwal.seed=n}.
 */
class DamageTest {
    private static final WalSettings SETTINGS =
            new WalSettings(Path.of("sim"), "rack-a", 16384, 16384, 8192, 8192, 1 << 20, Duration.ofMillis(5));
    private static final long SEED = Long.getLong("wal.seed", 1);
    private static final boolean EVERY_BIT = "all".equals(System.getProperty("wal.flips"));
    private static final int EVENTS = 90;

    private static SimFileSys good;
    private static List<WalRecord> records;

    @BeforeAll
    static void aClosedLogOfThreeSegments() throws IOException {
        good = filled("rack-a", true);
        records = new ArrayList<>();
        assertThat(WalScan.of(good, records::add).findings()).isEmpty();
        assertThat(records).hasSize(EVENTS);
        assertThat(names(good)).contains("0000000003.seg").doesNotContain("0000000004.seg");
    }

    private static SimFileSys filled(String owner, boolean close) throws IOException {
        SimFileSys fs = new SimFileSys(new Random(SEED));
        WalSettings settings =
                new WalSettings(Path.of("sim"), owner, 16384, 16384, 8192, 8192, 1 << 20, Duration.ofMillis(5));
        WalLog log = WalLog.open(
                fs, settings, new WalIndex(), Runnable::run, new WalStats(), Opening.of(Path.of("sim")), n -> {});
        long n = 1;
        while (n <= EVENTS) {
            List<WalWrite> writes = Logs.writes("a", n, n + 4, 400);
            log.append(List.of(new Unit.Events("a", writes)));
            n += 5;
        }
        if (close) {
            log.closeInOrder();
        }
        fs.restarted();
        fs.remove(Format.RESERVE);
        return fs;
    }

    private static List<String> names(SimFileSys fs) throws IOException {
        return fs.list().stream().map(FileSys.Entry::name).toList();
    }

    private static WalScan.Report scan(SimFileSys fs) {
        return WalScan.of(fs, r -> {});
    }

    private static void refuses(SimFileSys fs, WalError code) throws IOException {
        TreeMap<String, Integer> before = contents(fs);
        assertThat(scan(fs).findings()).isNotEmpty();
        assertThatThrownBy(() -> WalLog.open(
                        fs,
                        SETTINGS,
                        new WalIndex(),
                        Runnable::run,
                        new WalStats(),
                        Opening.of(Path.of("sim")),
                        n -> {}))
                .isInstanceOfSatisfying(
                        FluxException.class, e -> assertThat(e.code()).isEqualTo(code));
        assertThat(contents(fs)).isEqualTo(before);
        fs.restarted();
    }

    private static TreeMap<String, Integer> contents(SimFileSys fs) throws IOException {
        TreeMap<String, Integer> contents = new TreeMap<>();
        for (String name : names(fs)) {
            contents.put(name, Arrays.hashCode(fs.content(name)));
        }
        return contents;
    }

    @Test
    void everyFlippedBitIsFound() throws IOException {
        SimFileSys fs = good.copy();
        Random random = new Random(SEED);
        int flips = 0;
        for (String name : names(fs)) {
            byte[] content = fs.content(name);
            for (int bit = 0; bit < content.length * 8; bit += EVERY_BIT ? 1 : 1 + random.nextInt(180)) {
                content[bit / 8] ^= (byte) (1 << bit % 8);
                assertThat(scan(fs).findings())
                        .as("seed %d, %s bit %d", SEED, name, bit)
                        .isNotEmpty();
                content[bit / 8] ^= (byte) (1 << bit % 8);
                flips++;
            }
        }
        assertThat(scan(fs).findings()).isEmpty();
        System.out.println("bit flips found: " + flips + " of " + flips + ", seed " + SEED);
    }

    @Test
    void afterAFlipTheLogRefusesOrServesEveryRecord() throws IOException {
        Random random = new Random(SEED);
        for (int i = 0; i < 400; i++) {
            SimFileSys fs = good.copy();
            List<String> names = names(fs);
            String name = names.get(random.nextInt(names.size()));
            byte[] content = fs.content(name);
            int bit = random.nextInt(content.length * 8);
            content[bit / 8] ^= (byte) (1 << bit % 8);
            try {
                WalLog.open(
                        fs,
                        SETTINGS,
                        new WalIndex(),
                        Runnable::run,
                        new WalStats(),
                        Opening.of(Path.of("sim")),
                        n -> {});
                List<WalRecord> read = new ArrayList<>();
                assertThat(WalScan.of(fs, read::add).findings().stream()
                                .filter(f -> f.kind().holds()))
                        .isEmpty();
                assertThat(read).as("seed %d %s bit %d", SEED, name, bit).hasSize(EVENTS);
            } catch (FluxException refused) {
                assertThat(refused.code()).isIn((Object[]) WalError.values());
            }
        }
    }

    @Test
    void namesTheDamagedRecordAndReadsTheOthers() {
        SimFileSys fs = good.copy();
        WalRecord hit = records.get(37);
        fs.content(hit.segment())[(int) hit.offset() + 100] ^= 1;
        List<WalRecord> read = new ArrayList<>();
        WalScan.Report report = WalScan.of(fs, read::add);
        assertThat(report.findings().get(0))
                .isEqualTo(new Finding(
                        Finding.Kind.DAMAGE, hit.segment(), hit.offset(), hit.number(), "the CRC does not fit"));
        assertThat(read).hasSize(EVENTS - 1).noneMatch(r -> r.number() == hit.number());
    }

    @Test
    void findsPagesThatWereZeroedSwappedOrOverwritten() throws IOException {
        int page = 4096;
        for (int index = 1; index <= 3; index++) {
            String name = Format.segmentName(index);
            byte[] original = good.content(name);
            for (int a = 0; a < original.length / page; a++) {
                for (int b = -1; b < original.length / page; b++) {
                    SimFileSys fs = good.copy();
                    byte[] content = fs.content(name);
                    if (b < 0) {
                        Arrays.fill(content, a * page, (a + 1) * page, (byte) 0);
                    } else {
                        System.arraycopy(original, b * page, content, a * page, page);
                    }
                    if (!Arrays.equals(content, original)) {
                        assertThat(scan(fs).findings())
                                .as("%s page %d from %d", name, a, b)
                                .isNotEmpty();
                    }
                }
            }
        }
    }

    @Test
    void refusesATruncatedSegment() throws IOException {
        Random random = new Random(SEED);
        for (int index = 1; index <= 2; index++) {
            String name = Format.segmentName(index);
            for (int i = 0; i < 40; i++) {
                SimFileSys fs = good.copy();
                fs.put(name, Arrays.copyOf(fs.content(name), random.nextInt(16384)));
                refuses(fs, WalError.DAMAGED);
            }
        }
    }

    @Test
    void refusesWhenASegmentIsMissing() throws IOException {
        for (int index = 1; index <= 3; index++) {
            SimFileSys fs = good.copy();
            fs.remove(Format.segmentName(index));
            refuses(fs, WalError.MISSING);
        }
    }

    @Test
    void neverStartsEmptyOverWhatIsLeft() throws IOException {
        SimFileSys onlySidecars = good.copy();
        for (int index = 1; index <= 3; index++) {
            onlySidecars.remove(Format.segmentName(index));
        }
        refuses(onlySidecars, WalError.MISSING);
        SimFileSys noCookie = good.copy();
        noCookie.remove(Format.COOKIE);
        refuses(noCookie, WalError.MISSING);
        SimFileSys noWatermark = good.copy();
        noWatermark.remove(Format.WATERMARK);
        refuses(noWatermark, WalError.MISSING);
    }

    @Test
    void refusesADuplicatedSegment() throws IOException {
        SimFileSys fs = good.copy();
        fs.put("0000000004.seg", fs.content("0000000003.seg"));
        refuses(fs, WalError.NOT_OURS);
    }

    @Test
    void refusesSwappedSegments() throws IOException {
        for (int a = 1; a <= 3; a++) {
            for (int b = a + 1; b <= 3; b++) {
                SimFileSys fs = good.copy();
                fs.put(Format.segmentName(a), good.content(Format.segmentName(b)));
                fs.put(Format.segmentName(b), good.content(Format.segmentName(a)));
                refuses(fs, WalError.NOT_OURS);
            }
        }
    }

    @Test
    void refusesASegmentOfAnotherRack() throws IOException {
        SimFileSys fs = good.copy();
        fs.put("0000000002.seg", filled("rack-b", true).content("0000000002.seg"));
        refuses(fs, WalError.OTHER_OWNER);
        assertThat(scan(fs).findings().get(0).what()).contains("rack-a").contains("rack-b");
    }

    @Test
    void refusesANewerFormat() throws IOException {
        SimFileSys fs = good.copy();
        SegmentHeader header = SegmentHeader.parse(Arrays.copyOf(fs.content("0000000003.seg"), Block.SIZE));
        SegmentHeader newer = new SegmentHeader(
                Format.VERSION + 1,
                header.log(),
                3,
                header.firstNumber(),
                header.size(),
                header.previous(),
                0,
                "rack-a",
                0);
        System.arraycopy(newer.block().array(), 0, fs.content("0000000003.seg"), 0, Block.SIZE);
        refuses(fs, WalError.NEWER_FORMAT);
    }

    @Test
    void ignoresStrayFilesAndSettlesAReserve() throws IOException {
        SimFileSys fs = good.copy();
        fs.put("notes.txt~", new byte[] {1});
        fs.put("1.seg.bak", new byte[] {1});
        fs.put("0000000002-77.torn", new byte[] {1});
        fs.put(Format.RESERVE, new byte[100]);
        assertThat(scan(fs).findings()).isEmpty();
        WalLog.open(fs, SETTINGS, new WalIndex(), Runnable::run, new WalStats(), Opening.of(Path.of("sim")), n -> {})
                .closeInOrder();
    }

    @Test
    void aRecordRewrittenWithAMatchingCrcBreaksTheChain() throws IOException {
        SimFileSys fs = good.copy();
        WalRecord hit = records.get(20);
        byte[] content = fs.content(hit.segment());
        int at = (int) hit.offset();
        int length = ByteBuffer.wrap(content).getInt(at);
        content[at + length - 10] ^= 0x55;
        CRC32C crc = new CRC32C();
        byte[] salt = Arrays.copyOfRange(content, Block.CRC_AT, Block.SIZE);
        crc.update(salt);
        crc.update(ByteBuffer.allocate(8).putLong(at).array());
        crc.update(content, at, length - 4);
        ByteBuffer.wrap(content).putInt(at + length - 4, (int) crc.getValue());
        assertThat(scan(fs).findings().get(0).what()).isEqualTo("the chain hash does not fit");
        refuses(fs, WalError.DAMAGED);
    }

    @Test
    void aTailCutAtAnyByteBeyondTheWatermarkIsTrimmedAndKept() throws IOException {
        SimFileSys open = filled("rack-a", false);
        byte[] content = open.content("0000000003.seg");
        WalRecord last = records.get(EVENTS - 5);
        int start = (int) last.offset();
        byte[] before = watermarkBeforeLastGroup(open, start, last.number() - 1);
        int end = end(content);
        for (int cut = start; cut < end; cut++) {
            SimFileSys fs = open.copy();
            fs.put(Format.WATERMARK, before);
            Arrays.fill(fs.content("0000000003.seg"), cut, end, (byte) 0);
            boolean same = Arrays.equals(fs.content("0000000003.seg"), content);
            WalLog.open(
                            fs,
                            SETTINGS,
                            new WalIndex(),
                            Runnable::run,
                            new WalStats(),
                            Opening.of(Path.of("sim")),
                            n -> {})
                    .closeInOrder();
            List<WalRecord> read = new ArrayList<>();
            assertThat(WalScan.of(fs, read::add).findings()).isEmpty();
            assertThat(read).as("cut at %d", cut).hasSize(same ? EVENTS : EVENTS - 5);
            boolean torn = end(Arrays.copyOf(content, cut)) > start && !same;
            assertThat(names(fs).stream().filter(n -> n.endsWith(".torn"))).hasSize(torn ? 1 : 0);
        }
    }

    @Test
    void aLaterWholeGroupProvesThatABadOneWasDurable() throws IOException {
        SimFileSys open = filled("rack-a", false);
        byte[] atLastGroup = watermarkBeforeLastGroup(
                open,
                (int) records.get(EVENTS - 5).offset(),
                records.get(EVENTS - 5).number() - 1);
        // The watermark is set back to the beginning of the segment: only the frames themselves can tell.
        SegmentHeader header = SegmentHeader.parse(Arrays.copyOf(open.content("0000000003.seg"), Block.SIZE));
        Watermark last = Watermark.parse(Arrays.copyOf(atLastGroup, Block.SIZE));
        Watermark early =
                new Watermark(last.log(), false, 90, 3, Block.SIZE, header.firstNumber() - 1, header.previous());
        for (boolean zeros : List.of(true, false)) {
            SimFileSys fs = open.copy();
            byte[] slots = fs.content(Format.WATERMARK);
            System.arraycopy(early.block().array(), 0, slots, 0, Block.SIZE);
            System.arraycopy(early.again(false).block().array(), 0, slots, Block.SIZE, Block.SIZE);
            int at = (int) records.get(EVENTS - 10).offset();
            if (zeros) {
                Arrays.fill(fs.content("0000000003.seg"), at, at + 1000, (byte) 0);
            } else {
                fs.content("0000000003.seg")[at + 60] ^= 1;
            }
            refuses(fs, WalError.DAMAGED);
        }
    }

    @Test
    void theLastAcknowledgedGroupIsNotTakenForATornOne() throws IOException {
        SimFileSys fs = filled("rack-a", false);
        byte[] content = fs.content("0000000003.seg");
        Arrays.fill(content, (int) records.get(EVENTS - 5).offset(), end(content), (byte) 0);
        refuses(fs, WalError.MISSING);
    }

    private static int end(byte[] content) {
        int end = content.length;
        while (end > 0 && content[end - 1] == 0) {
            end--;
        }
        return end;
    }

    private static byte[] watermarkBeforeLastGroup(SimFileSys fs, int start, long number) {
        byte[] both = fs.content(Format.WATERMARK).clone();
        Watermark a = Watermark.parse(Arrays.copyOf(both, Block.SIZE));
        Watermark b = Watermark.parse(Arrays.copyOfRange(both, Block.SIZE, 2 * Block.SIZE));
        Watermark older = a.counter() < b.counter() ? a : b;
        assertThat(older.end()).isEqualTo(start);
        assertThat(older.number()).isEqualTo(number);
        ByteBuffer result = ByteBuffer.wrap(both);
        Watermark even = new Watermark(
                older.log(), false, older.counter() + 1, older.segment(), older.end(), older.number(), older.chain());
        result.put((int) older.slotOffset(), older.block().array());
        result.put((int) even.slotOffset(), even.block().array());
        return both;
    }
}
