package io.fluxrig.wal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Format 1 byte for byte. To write the files anew after a change of the format's version: {@code -Dwal.golden=write}. */
class GoldenTest {
    private static final Path GOLDEN = Path.of("src/test/golden/wal-1");
    private static final UUID LOG = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");
    private static final long CREATED = 1_767_225_600_000L;
    private static final int SIZE = 4096;

    @TempDir
    Path dir;

    /** One segment: a group of two events of one persistence id, a deletion, then in order closed. */
    private static Map<String, byte[]> make() {
        SegmentHeader raw = new SegmentHeader(1, LOG, 1, 1, SIZE, new byte[Format.CHAIN], CREATED, "rack-a");
        byte[] block = raw.block().array();
        SegmentHeader header = SegmentHeader.parse(block);
        ByteBuffer segment = ByteBuffer.allocate(SIZE).put(block);
        GroupBuffer buffer = new GroupBuffer(SIZE);
        buffer.begin(1000, header.salt(), Block.SIZE, 1, raw.previous());
        buffer.declare(1, "vault");
        buffer.record(1, WalWrite.of("vault", 1, 8583001, "leaves/1", text("first")));
        buffer.record(
                1,
                new WalWrite(
                        "vault",
                        2,
                        CREATED,
                        8583001,
                        "leaves/1",
                        "",
                        "w",
                        List.of("t"),
                        Optional.of(new WalWrite.Metadata(9, "meta", text("m"))),
                        text("second")));
        byte[] chain = buffer.commit();
        segment.put(buffer.bytes());
        long number = buffer.nextNumber();
        buffer.begin(1000, header.salt(), segment.position(), number, chain);
        buffer.deleted(1, 1);
        chain = buffer.commit();
        segment.put(buffer.bytes());
        Watermark even = new Watermark(LOG, false, 6, 1, segment.position(), buffer.nextNumber() - 1, chain);
        Watermark odd = even.again(true);
        ByteBuffer slots = ByteBuffer.allocate(2 * Block.SIZE);
        slots.put((int) even.slotOffset(), even.block().array())
                .put((int) odd.slotOffset(), odd.block().array());
        Map<String, byte[]> files = new TreeMap<>();
        files.put(Format.COOKIE, new Cookie(1, LOG, "rack-a", CREATED).block().array());
        files.put(Format.WATERMARK, slots.array());
        files.put(Format.segmentName(1), segment.array());
        return files;
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void writesTheGoldenBytes() throws IOException {
        Map<String, byte[]> made = make();
        if ("write".equals(System.getProperty("wal.golden"))) {
            Files.createDirectories(GOLDEN);
            for (Map.Entry<String, byte[]> file : made.entrySet()) {
                Files.write(GOLDEN.resolve(file.getKey()), file.getValue());
            }
        }
        for (Map.Entry<String, byte[]> file : made.entrySet()) {
            assertThat(file.getValue()).as(file.getKey()).isEqualTo(Files.readAllBytes(GOLDEN.resolve(file.getKey())));
        }
    }

    @Test
    void readsTheGoldenBytes() {
        List<WalRecord> read = new ArrayList<>();
        WalScan.Report report = WalScan.read(GOLDEN, read::add);
        assertThat(report.findings()).isEmpty();
        assertThat(report.log()).isEqualTo(LOG);
        assertThat(report.owner()).isEqualTo("rack-a");
        assertThat(report.lastNumber()).isEqualTo(6);
        assertThat(read)
                .extracting(r -> new String(r.payload(), StandardCharsets.US_ASCII))
                .containsExactly("first", "second");
        assertThat(read.get(1).tags()).containsExactly("t");
    }

    @Test
    void goesOnFromTheGoldenLog() throws IOException {
        Path copy = dir.resolve("wal");
        Logs.copy(GOLDEN, copy);
        try (Wal wal = Wal.open(WalSettings.defaults(copy, "rack-a"))) {
            assertThat(Logs.replay(wal, "vault"))
                    .extracting(WalRecord::sequenceNr)
                    .containsExactly(2L);
            Logs.append(wal, Logs.writes("vault", 3, 3, 100_000));
        }
        assertThat(WalScan.check(copy).findings()).isEmpty();
    }

    @Test
    void theExampleInTheFormatPageIsTheGoldenSegment() throws IOException {
        String page = Files.readString(Path.of("../docs/formats/wal.md"));
        byte[] segment = Files.readAllBytes(GOLDEN.resolve(Format.segmentName(1)));
        StringBuilder fromPage = new StringBuilder();
        int at = Block.SIZE;
        for (String line : page.lines().toList()) {
            if (line.matches("[0-9]{4}  [0-9a-f ]+.*")) {
                assertThat(line).startsWith(String.format("%04d", at));
                String hex = line.substring(6, Math.min(line.length(), 6 + 47)).replace(" ", "");
                fromPage.append(hex);
                at += hex.length() / 2;
            }
        }
        int length = fromPage.length() / 2;
        assertThat(length).isGreaterThan(300);
        assertThat(fromPage.toString()).isEqualTo(HexFormat.of().formatHex(segment, Block.SIZE, Block.SIZE + length));
        for (int i = Block.SIZE + length; i < segment.length; i++) {
            assertThat(segment[i]).isZero();
        }
    }
}
