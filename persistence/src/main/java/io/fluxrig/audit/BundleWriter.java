package io.fluxrig.audit;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the container of a bundle: stored entries dated 1980-01-01T00:00 and not one byte that depends on a clock, a time zone or a library. (The
 * JDK's own writer adds a time-zone dependent field to entries of just that date.)
 */
final class BundleWriter implements Closeable {
    private static final int DATE = 1 << 5 | 1;
    private static final int VERSION = 10;

    private record Entry(byte[] name, int crc, int size, int offset) {}

    private final OutputStream out;
    private final List<Entry> entries = new ArrayList<>();
    private long written;

    BundleWriter(OutputStream out) {
        this.out = out;
    }

    /** The next entry; exactly {@code size} bytes have to follow by {@link #write}. */
    void begin(String name, long size, long crc) throws IOException {
        Entry entry = new Entry(name.getBytes(StandardCharsets.US_ASCII), (int) crc, (int) size, (int) written);
        entries.add(entry);
        ByteBuffer head = little(30 + entry.name().length);
        head.putInt(0x04034b50).putShort((short) VERSION).putShort((short) 0).putShort((short) 0);
        stamp(head, entry);
        head.putShort((short) entry.name().length).putShort((short) 0).put(entry.name());
        write(head.array());
    }

    void write(byte[] bytes) throws IOException {
        out.write(bytes);
        written += bytes.length;
    }

    private static void stamp(ByteBuffer head, Entry entry) {
        head.putShort((short) 0).putShort((short) DATE);
        head.putInt(entry.crc()).putInt(entry.size()).putInt(entry.size());
    }

    /** Writes the directory; the stream stays open. */
    @Override
    public void close() throws IOException {
        long central = written;
        for (Entry entry : entries) {
            ByteBuffer head = little(46 + entry.name().length);
            head.putInt(0x02014b50).putShort((short) VERSION).putShort((short) VERSION);
            head.putShort((short) 0).putShort((short) 0);
            stamp(head, entry);
            head.putShort((short) entry.name().length).putShort((short) 0).putShort((short) 0);
            head.putShort((short) 0)
                    .putShort((short) 0)
                    .putInt(0)
                    .putInt(entry.offset())
                    .put(entry.name());
            write(head.array());
        }
        long length = written - central;
        ByteBuffer end = little(22);
        end.putInt(0x06054b50).putInt(0);
        end.putShort((short) entries.size()).putShort((short) entries.size());
        end.putInt((int) length).putInt((int) central).putShort((short) 0);
        write(end.array());
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
