package io.fluxrig.wal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** A view of a file that slides forward. Grows only to frames whose checksum has been seen to fit. */
final class Window {
    private static final int SIZE = 1 << 18;
    private final FileSys.OpenFile file;
    private final long size;
    private final CRC32C crc = new CRC32C();
    private final ByteBuffer place = ByteBuffer.allocate(12);
    private ByteBuffer bytes;
    private long from;
    private int filled;

    Window(FileSys.OpenFile file, long size) {
        this.file = file;
        this.size = size;
        this.bytes = ByteBuffer.allocate((int) Math.min(SIZE, Math.max(size, Block.SIZE)));
    }

    long size() {
        return size;
    }

    /** Big endian, indexed by {@link #at}. */
    ByteBuffer bytes() {
        return bytes;
    }

    /** Makes {@code length} bytes from {@code offset} available. @return their index in {@link #bytes} */
    int at(long offset, int length) throws IOException {
        if (offset < from || offset + length > from + filled) {
            if (length > bytes.capacity()) {
                bytes = ByteBuffer.allocate(length);
            }
            bytes.clear();
            bytes.limit((int) Math.min(bytes.capacity(), size - offset));
            from = offset;
            filled = Io.read(file, bytes, offset);
            bytes.clear();
            if (filled < length) {
                filled = 0;
                throw new IOException("the file ends before byte " + (offset + length));
            }
        }
        return (int) (offset - from);
    }

    /** The next look reads from the file again. */
    void forget() {
        filled = 0;
    }

    /** Whether the last four of {@code length} bytes are the CRC32C of salt, offset and the bytes before. */
    boolean crcFits(int salt, long offset, int length) throws IOException {
        crc.reset();
        crc.update(place.clear().putInt(salt).putLong(offset).array(), 0, 12);
        int body = length - Format.CRC;
        if (length <= SIZE) {
            int at = at(offset, length);
            crc.update(bytes.array(), at, body);
            return bytes.getInt(at + body) == (int) crc.getValue();
        }
        for (int done = 0; done < body; ) {
            int n = Math.min(SIZE, body - done);
            crc.update(bytes.array(), at(offset + done, n), n);
            done += n;
        }
        return bytes.getInt(at(offset + body, Format.CRC)) == (int) crc.getValue();
    }

    /** Offset of the last byte in [offset, end) that is not zero, or -1. */
    long lastNonZero(long offset, long end) throws IOException {
        long last = -1;
        for (long at = offset; at < end; ) {
            int n = (int) Math.min(Math.min(SIZE, bytes.capacity()), end - at);
            int index = at(at, n);
            for (int i = n - 1; i >= 0; i--) {
                if (bytes.get(index + i) != 0) {
                    last = at + i;
                    break;
                }
            }
            at += n;
        }
        return last;
    }
}
