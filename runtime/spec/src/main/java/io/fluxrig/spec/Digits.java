package io.fluxrig.spec;

import io.fluxrig.spec.FieldDef.Encoding;

/** Digits as half bytes. */
final class Digits {
    private static final int SEPARATOR = 13;

    private Digits() {}

    static boolean areDecimal(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    /**
     * @param left whether an odd digit out is followed, not preceded, by the half byte {@code fill}
     * @param track whether the nibble D stands for {@code =}
     */
    static String read(WireCursor cursor, int from, int digits, boolean left, boolean track, int fill) {
        byte[] text = new byte[digits];
        int skip = 0;
        if ((digits & 1) == 1) {
            skip = left ? 0 : 1;
            int unused = left ? cursor.bytes[from + digits / 2] & 15 : cursor.bytes[from] >> 4 & 15;
            if (unused != fill) {
                throw cursor.stopAtValue(
                        left
                                ? "the unused half of the last byte is not " + name(fill)
                                : "the unused half of the first byte is not " + name(fill));
            }
        }
        for (int i = 0; i < digits; i++) {
            int place = i + skip;
            int octet = cursor.bytes[from + place / 2];
            int nibble = (place & 1) == 0 ? octet >> 4 & 15 : octet & 15;
            if (nibble > 9) {
                if (!track || nibble != SEPARATOR) {
                    throw cursor.stopAtValue("a BCD digit is above 9");
                }
                text[i] = '=';
            } else {
                text[i] = (byte) ('0' + nibble);
            }
        }
        return new String(text, java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    private static String name(int fill) {
        return fill == 0 ? "zero" : "F";
    }

    static void write(String path, String text, boolean left, boolean track, int fill, WireBuffer out) {
        int digits = text.length();
        int skip = (digits & 1) == 1 && !left ? 1 : 0;
        int count = Encoding.BCD.bytes(digits);
        int from = out.take(count);
        for (int i = 0; i < count; i++) {
            int high = nibble(path, text, 2 * i - skip, track, fill);
            int low = nibble(path, text, 2 * i + 1 - skip, track, fill);
            out.bytes[from + i] = (byte) (high << 4 | low);
        }
    }

    private static int nibble(String path, String text, int index, boolean track, int fill) {
        if (index < 0 || index >= text.length()) {
            return fill;
        }
        char c = text.charAt(index);
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        if (track && (c == '=' || c == 'D')) {
            return SEPARATOR;
        }
        throw Form.unfit(path, "is not digits");
    }
}
