package io.fluxrig.wal;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads and writes that go on until everything is done: a short one is no error. */
final class Io {
    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(1 << 18).asReadOnlyBuffer();

    private Io() {}

    static void writeFully(FileSys.OpenFile file, ByteBuffer bytes, long offset) throws IOException {
        long at = offset;
        while (bytes.hasRemaining()) {
            int n = file.writeAt(bytes, at);
            if (n <= 0) {
                throw new IOException("a write of " + bytes.remaining() + " bytes made no progress");
            }
            at += n;
        }
    }

    static void writeZeros(FileSys.OpenFile file, long from, long to) throws IOException {
        for (long at = from; at < to; ) {
            ByteBuffer zeros = ZEROS.duplicate();
            zeros.limit((int) Math.min(zeros.capacity(), to - at));
            int n = zeros.remaining();
            writeFully(file, zeros, at);
            at += n;
        }
    }

    static byte[] readExactly(FileSys.OpenFile file, long offset, int length) throws IOException {
        byte[] bytes = new byte[length];
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        if (read(file, buffer, offset) < length) {
            throw new EOFException("the file ends before byte " + (offset + length));
        }
        return bytes;
    }

    /** Fills the buffer as far as the file goes. @return the number of bytes read */
    static int read(FileSys.OpenFile file, ByteBuffer buffer, long offset) throws IOException {
        int total = 0;
        while (buffer.hasRemaining()) {
            int n = file.readAt(buffer, offset + total);
            if (n < 0) {
                return total;
            }
            total += n;
        }
        return total;
    }

    /** Writes a small file so that it is there whole or not at all, also after a power cut. */
    static void writeWhole(FileSys fs, String name, ByteBuffer content) throws IOException {
        String temporary = name + ".tmp";
        if (fs.list().stream().anyMatch(e -> e.name().equals(temporary))) {
            fs.delete(temporary);
        }
        try (FileSys.OpenFile file = fs.open(temporary, FileSys.Mode.CREATE)) {
            writeFully(file, content, 0);
            file.force();
        }
        fs.move(temporary, name);
        fs.forceDir();
    }
}
