package io.fluxrig.spec;

import io.fluxrig.spec.FieldDef.Encoding;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Primary, secondary and tertiary bitmaps: 8 bytes a block, each extended by its first bit. */
final class BitmapForm {
    private static final int MAX_BLOCKS = 3;
    private static final int DIGITS = 16;
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    private final boolean binary;
    private final boolean ebcdic;

    BitmapForm(Encoding encoding) {
        binary = switch (encoding) {
            case BINARY, BCD, LBCD, ASCII_TO_HEX, BER_TLV_TAG -> true;
            case ASCII, EBCDIC, EBCDIC1047, HEX_TO_ASCII -> false;
        };
        ebcdic = encoding == Encoding.EBCDIC || encoding == Encoding.EBCDIC1047;
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
        return count == MAX_BLOCKS ? blocks : Arrays.copyOf(blocks, count);
    }

    private static long readBinary(WireCursor cursor) {
        int from = cursor.take(8);
        long block = 0;
        for (int i = 0; i < 8; i++) {
            block = block << 8 | cursor.bytes[from + i] & 0xff;
        }
        return block;
    }

    private long readHex(WireCursor cursor) {
        int from = cursor.take(DIGITS);
        String text = ebcdic ? Ebcdic.CP037.text(cursor.bytes, from, DIGITS) : null;
        long block = 0;
        for (int i = 0; i < DIGITS; i++) {
            int c = text == null ? cursor.bytes[from + i] : text.charAt(i);
            int digit = c >= '0' && c <= '9'
                    ? c - '0'
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10 : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
            if (digit < 0) {
                throw cursor.stop("the bitmap is not hex");
            }
            block = block << 4 | digit;
        }
        return block;
    }

    /** The digits as they stand there, where encoding the blocks would give others; null otherwise. */
    String oddDigits(byte[] bytes, int from, int to, long[] blocks) {
        boolean odd = blocks.length > 1 && (blocks[blocks.length - 1] & Long.MAX_VALUE) == 0;
        for (int i = from; i < to && !binary; i++) {
            // Of EBCDIC's letters those in lower case come before those in upper case.
            odd |= ebcdic ? (bytes[i] & 0xff) < 0xa0 : bytes[i] >= 'a';
        }
        if (!odd) {
            return null;
        }
        return binary
                ? digits(blocks, blocks.length)
                : ebcdic
                        ? Ebcdic.CP037.text(bytes, from, to - from)
                        : new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    /** As upper-case hex. */
    static String digits(long[] blocks, int count) {
        char[] text = new char[count * DIGITS];
        for (int i = 0; i < text.length; i++) {
            text[i] = HEX[(int) (blocks[i / DIGITS] >>> 60 - 4 * (i % DIGITS)) & 15];
        }
        return new String(text);
    }

    /** @param digits as {@link #oddDigits} gave them; used where they tell the same */
    void write(long[] blocks, int count, String digits, WireBuffer out) {
        if (binary) {
            for (int i = 0; i < count; i++) {
                for (int shift = 56; shift >= 0; shift -= 8) {
                    out.put((int) (blocks[i] >>> shift));
                }
            }
            return;
        }
        String upper = digits(blocks, count);
        String written = digits != null && digits.equalsIgnoreCase(upper) ? digits : upper;
        if (ebcdic) {
            Ebcdic.CP037.write("1", written, out);
        } else {
            out.put(written.getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    /** Whether this text is digits of bitmaps. */
    static boolean areDigits(String text) {
        return text.matches("(?:[0-9A-Fa-f]{16}){1,3}");
    }
}
