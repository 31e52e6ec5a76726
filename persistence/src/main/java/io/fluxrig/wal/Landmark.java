package io.fluxrig.wal;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * What a start needs to know of the sealed segments up to {@code segment}, so that it has to read only those behind it. A cache: it is written
 * after the seal, and a start that cannot use it reads everything.
 *
 * @param number the last frame of {@code segment}
 * @param chain the chain hash with which it ended
 * @param sizes of the segments from 1 on, in bytes
 */
record Landmark(UUID log, long segment, long number, byte[] chain, long[] sizes, List<Id> ids) {
    static final String FILE = "landmark";
    private static final byte[] MAGIC = "FLXRWLM1".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_BYTES = 1 << 28;

    /** One persistence id as the index knows it; {@code places} and {@code firsts} are of equal length. */
    record Id(int number, String name, long highest, long deletedTo, long declaredIn, long[] places, long[] firsts) {}

    /** The landmark that this segment's header tells the end of. */
    static Landmark before(SegmentHeader header, long[] sizes, List<Id> ids) {
        return new Landmark(
                header.log(), header.index() - 1, header.firstNumber() - 1, header.previous(), sizes.clone(), ids);
    }

    /** Whether the segment with this header begins where this ends. */
    boolean leadsTo(SegmentHeader header) {
        return header.firstNumber() == number + 1 && Arrays.equals(header.previous(), chain);
    }

    long bytes() {
        return Arrays.stream(sizes).sum();
    }

    ByteBuffer toBytes() {
        long length = MAGIC.length + 16 + 8 + 8 + Format.CHAIN + 4 + 8L * sizes.length + 4 + 4;
        for (Id id : ids) {
            length += 4 + 2 + utf8(id.name()).length + 24 + 4 + 16L * id.places().length;
        }
        ByteBuffer out = ByteBuffer.allocate(Math.toIntExact(length));
        out.put(MAGIC);
        Block.putId(out, log);
        out.putLong(segment).putLong(number).put(chain);
        out.putInt(sizes.length);
        put(out, sizes);
        out.putInt(ids.size());
        for (Id id : ids) {
            byte[] name = utf8(id.name());
            out.putInt(id.number()).putShort((short) name.length).put(name);
            out.putLong(id.highest()).putLong(id.deletedTo()).putLong(id.declaredIn());
            out.putInt(id.places().length);
            put(out, id.places());
            put(out, id.firsts());
        }
        return out.putInt(crc(out.array(), out.position())).flip();
    }

    /** Null where the bytes are not a whole landmark. */
    static Landmark parse(byte[] bytes) {
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
            UUID log = Block.getId(in);
            long segment = in.getLong();
            long number = in.getLong();
            byte[] chain = new byte[Format.CHAIN];
            in.get(chain);
            long[] sizes = longs(in, in.getInt());
            int count = in.getInt();
            List<Id> ids = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                ids.add(id(in));
            }
            boolean whole = !in.hasRemaining() && sizes.length == segment;
            return whole ? new Landmark(log, segment, number, chain, sizes, ids) : null;
        } catch (BufferUnderflowException tooShort) {
            return null;
        }
    }

    private static Id id(ByteBuffer in) {
        int number = in.getInt();
        byte[] name = new byte[in.getShort() & 0xffff];
        in.get(name);
        long highest = in.getLong();
        long deletedTo = in.getLong();
        long declaredIn = in.getLong();
        int count = in.getInt();
        return new Id(
                number,
                new String(name, StandardCharsets.UTF_8),
                highest,
                deletedTo,
                declaredIn,
                longs(in, count),
                longs(in, count));
    }

    /** Null where there is none, or none that is whole. */
    static Landmark read(FileSys fs) throws IOException {
        FileSys.Entry entry = fs.list().stream()
                .filter(e -> e.name().equals(FILE) && e.kind() == FileSys.Kind.FILE)
                .findFirst()
                .orElse(null);
        if (entry == null || entry.size() > MAX_BYTES) {
            return null;
        }
        try (FileSys.OpenFile file = fs.open(FILE, FileSys.Mode.READ)) {
            return parse(Io.readExactly(file, 0, (int) entry.size()));
        }
    }

    private static void put(ByteBuffer out, long[] values) {
        for (long value : values) {
            out.putLong(value);
        }
    }

    private static long[] longs(ByteBuffer in, int count) {
        if (count < 0 || count > in.remaining() / 8) {
            throw new BufferUnderflowException();
        }
        long[] values = new long[count];
        for (int i = 0; i < count; i++) {
            values[i] = in.getLong();
        }
        return values;
    }

    private static int crc(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "Landmark[segment " + segment + ", " + ids.size() + " ids]";
    }
}
