package io.fluxrig.spec;

import io.fluxrig.spec.FieldDef.LengthForm;

/** The length before a value. Immutable. */
final class LengthPrefix {
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();
    private static final int[] TENS = {1, 10, 100, 1_000, 10_000, 100_000, 1_000_000};
    private static final int MAX_BER_OCTETS = 3;

    private final LengthForm form;
    private final int digits;
    private final int width;

    /** Exact where the value has no length before it. */
    private final int length;

    private final boolean fixed;
    private final int largest;

    LengthPrefix(FieldDef def) {
        form = def.prefixForm();
        digits = def.prefixDigits();
        length = def.length();
        fixed = digits == 0 && form != LengthForm.BER_TLV;
        width = switch (form) {
            case ASCII, EBCDIC, BINARY -> digits;
            case BCD -> (digits + 1) / 2;
            case HEX -> digits * 2;
            case BER_TLV, NONE -> 0;
        };
        largest = form == LengthForm.BINARY || form == LengthForm.HEX
                ? (1 << Math.min(24, 8 * digits)) - 1
                : form == LengthForm.BER_TLV ? (1 << 8 * MAX_BER_OCTETS) - 1 : TENS[digits] - 1;
    }

    boolean fixed() {
        return fixed;
    }

    /** Units of the value that follows; {@link FieldDef#REST} for all that is left. */
    int read(WireCursor cursor) {
        if (fixed) {
            return length;
        }
        int read = form == LengthForm.BER_TLV ? readBer(cursor, false) : readDigits(cursor);
        if (read > length) {
            throw cursor.stop("length " + read + " is more than " + length);
        }
        return read;
    }

    private int readDigits(WireCursor cursor) {
        int from = cursor.take(width);
        int read = 0;
        for (int i = 0; i < width; i++) {
            int octet = cursor.bytes[from + i] & 0xff;
            switch (form) {
                case ASCII -> read = read * 10 + digit(octet - '0', cursor);
                case EBCDIC -> read = read * 10 + digit(octet - 0xf0, cursor);
                case BCD -> read = (read * 10 + digit(octet >> 4, cursor)) * 10 + digit(octet & 15, cursor);
                case BINARY -> {
                    if (read >> 23 != 0) {
                        throw cursor.stop("the length is too large");
                    }
                    read = read << 8 | octet;
                }
                case HEX -> {
                    if (read >> 24 != 0) {
                        throw cursor.stop("the length is too large");
                    }
                    // Lower-case digits would not come out the same when encoded again.
                    read = read << 4 | digitOfHex(octet, cursor);
                }
                case BER_TLV, NONE -> throw new IllegalStateException("has no digits");
            }
        }
        if (read > largest) {
            throw cursor.stop("the length has more digits than its prefix");
        }
        return read;
    }

    /** @param anyWidth whether a length may take more bytes than it needs */
    static int readBer(WireCursor cursor, boolean anyWidth) {
        int first = cursor.bytes[cursor.take(1)] & 0xff;
        if (first < 0x80) {
            return first;
        }
        int count = first & 0x7f;
        if (count == 0) {
            throw cursor.stop("a length that does not say how much");
        }
        if (count > MAX_BER_OCTETS + 1) {
            throw cursor.stop("the length is too large");
        }
        int from = cursor.take(count);
        int read = 0;
        for (int i = 0; i < count; i++) {
            if (read >> 23 != 0) {
                throw cursor.stop("the length is too large");
            }
            read = read << 8 | cursor.bytes[from + i] & 0xff;
        }
        if (!anyWidth && berOctets(read) != count + 1) {
            throw cursor.stop("the length takes more bytes than it needs");
        }
        return read;
    }

    static int berOctets(int length) {
        return length < 0x80 ? 1 : length < 0x100 ? 2 : length < 0x10000 ? 3 : 4;
    }

    /** @param octets in which to write it, at least {@link #berOctets} */
    static void writeBer(int length, int octets, WireBuffer out) {
        if (octets == 1) {
            out.put(length);
            return;
        }
        out.put(0x80 | octets - 1);
        for (int i = octets - 2; i >= 0; i--) {
            out.put(i < 4 ? length >>> 8 * i : 0);
        }
    }

    private static int digit(int value, WireCursor cursor) {
        if (value < 0 || value > 9) {
            throw cursor.stop("the length is not a number");
        }
        return value;
    }

    private static int digitOfHex(int octet, WireCursor cursor) {
        return octet >= 'A' && octet <= 'F' ? octet - 'A' + 10 : digit(octet - '0', cursor);
    }

    /** @param units of the value that follows */
    void write(String path, int units, WireBuffer out) {
        if (units > length || !fixed && units > largest) {
            throw Form.unfit(path, "is longer than " + length);
        }
        if (fixed) {
            return;
        }
        switch (form) {
            case ASCII, EBCDIC -> {
                for (int i = digits - 1; i >= 0; i--) {
                    out.put((form == LengthForm.ASCII ? '0' : 0xf0) + units / TENS[i] % 10);
                }
            }
            case BCD -> {
                for (int i = width - 1; i >= 0; i--) {
                    int pair = units / TENS[2 * i] % 100;
                    out.put(pair / 10 << 4 | pair % 10);
                }
            }
            case BINARY -> {
                for (int i = digits - 1; i >= 0; i--) {
                    out.put(octetOf(units, i));
                }
            }
            case HEX -> {
                for (int i = digits - 1; i >= 0; i--) {
                    out.put(HEX[octetOf(units, i) >> 4]);
                    out.put(HEX[octetOf(units, i) & 15]);
                }
            }
            case BER_TLV -> writeBer(units, berOctets(units), out);
            case NONE -> {}
        }
    }

    /** An int has four octets; those above are zero, while a shift by 32 would begin again. */
    private static int octetOf(int length, int index) {
        return index < 4 ? length >>> 8 * index & 0xff : 0;
    }
}
