package io.fluxrig.wal;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Which segments were moved away, where to, and what the log needs to know of them to go on without them. Unlike a landmark this is no cache: it is
 * written, forced, before the first of its segments leaves.
 *
 * @param directory where the segments were moved to
 * @param segments the moved ones, from 1 on
 * @param end what the log was at the end of the last of them
 */
record Archived(String directory, List<Moved> segments, Landmark end) {
    static final String FILE = "archived";
    private static final byte[] MAGIC = "FLXRWAR1".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_BYTES = 1 << 28;

    /** One moved segment and the SHA-256 of its file. */
    record Moved(long size, byte[] sha256) {}

    /** Whether a segment of this index was moved. */
    boolean holds(long segment) {
        return segment > 0 && segment <= segments.size();
    }

    ByteBuffer toBytes() {
        byte[] path = directory.getBytes(StandardCharsets.UTF_8);
        ByteBuffer landmark = end.toBytes();
        int length = MAGIC.length + 2 + path.length + 4 + segments.size() * 40 + 4 + landmark.remaining() + 4;
        ByteBuffer out = ByteBuffer.allocate(length);
        out.put(MAGIC).putShort((short) path.length).put(path).putInt(segments.size());
        segments.forEach(moved -> out.putLong(moved.size()).put(moved.sha256()));
        out.putInt(landmark.remaining()).put(landmark);
        return out.putInt(crc(out.array(), out.position())).flip();
    }

    /** Null where the bytes are not a whole record. */
    static Archived parse(byte[] bytes) {
        int end = bytes.length - 4;
        if (end < MAGIC.length || !Arrays.equals(MAGIC, 0, MAGIC.length, bytes, 0, MAGIC.length)) {
            return null;
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (in.getInt(end) != crc(bytes, end)) {
            return null;
        }
        in.position(MAGIC.length).limit(end);
        try {
            byte[] path = new byte[in.getShort() & 0xffff];
            in.get(path);
            int count = in.getInt();
            List<Moved> moved = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                long size = in.getLong();
                byte[] sha256 = new byte[32];
                in.get(sha256);
                moved.add(new Moved(size, sha256));
            }
            int length = in.getInt();
            if (length != in.remaining()) {
                return null;
            }
            byte[] landmark = new byte[length];
            in.get(landmark);
            Landmark parsed = Landmark.parse(landmark);
            boolean whole = parsed != null && parsed.segment() == moved.size();
            return whole ? new Archived(new String(path, StandardCharsets.UTF_8), List.copyOf(moved), parsed) : null;
        } catch (BufferUnderflowException tooShort) {
            return null;
        }
    }

    /** Null where there is none or it is damaged. */
    static Archived read(FileSys fs) throws IOException {
        for (FileSys.Entry entry : fs.list()) {
            if (entry.name().equals(FILE) && entry.kind() == FileSys.Kind.FILE && entry.size() <= MAX_BYTES) {
                try (FileSys.OpenFile file = fs.open(FILE, FileSys.Mode.READ)) {
                    return parse(Io.readExactly(file, 0, (int) file.size()));
                }
            }
        }
        return null;
    }

    private static int crc(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    @Override
    public String toString() {
        return "Archived[" + segments.size() + " segments]";
    }
}
