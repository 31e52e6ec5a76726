package io.fluxrig.spec;

import io.fluxrig.spec.FieldDef.Encoding;
import java.util.Arrays;

/** Primary, secondary and tertiary bitmaps: 8 bytes a block, each extended by its first bit. */
final class BitmapForm {
    private static final int MAX_BLOCKS = 3;
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    private final boolean binary;

    BitmapForm(Encoding encoding) {
        this.binary = encoding == Encoding.BINARY;
    }

    long[] read(WireCursor cursor) {
        long[] blocks = new long[MAX_BLOCKS];
        int count = 0;
        do {
            blocks[count] = binary ? readBinary(cursor) : readHex(cursor);
            count++;
        } while (blocks[count - 1] < 0 && count < MAX_BLOCKS);
        if (count == MAX_BLOCKS && blocks[count - 1] < 0) {
            throw cursor.stop("a fourth bitmap is announced");
        }
        return Arrays.copyOf(blocks, count);
    }

    private static long readBinary(WireCursor cursor) {
        int from = cursor.take(8);
        long block = 0;
        for (int i = 0; i < 8; i++) {
            block = block << 8 | cursor.bytes[from + i] & 0xff;
        }
        return block;
    }

    private static long readHex(WireCursor cursor) {
        int from = cursor.take(16);
        long block = 0;
        for (int i = 0; i < 16; i++) {
            byte c = cursor.bytes[from + i];
            // Lower-case digits would not come out the same when encoded again.
            int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
            if (digit < 0) {
                throw cursor.stop("the bitmap is not upper-case hex");
            }
            block = block << 4 | digit;
        }
        return block;
    }

    void write(long[] blocks, int count, WireBuffer out) {
        for (int i = 0; i < count; i++) {
            for (int shift = binary ? 56 : 60; shift >= 0; shift -= binary ? 8 : 4) {
                out.put(binary ? (int) (blocks[i] >>> shift) : HEX[(int) (blocks[i] >>> shift) & 15]);
            }
        }
    }
}
