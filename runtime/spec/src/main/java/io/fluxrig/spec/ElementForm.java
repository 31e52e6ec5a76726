package io.fluxrig.spec;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.Value;
import io.fluxrig.spec.FieldDef.Encoding;
import io.fluxrig.spec.FieldDef.Kind;
import io.fluxrig.spec.FieldDef.LengthForm;
import java.nio.charset.StandardCharsets;

/** One element's way between wire and value. Immutable. */
final class ElementForm {
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    private final FieldDef def;
    private final int maxPrefix;

    ElementForm(FieldDef def) {
        this.def = def;
        this.maxPrefix = def.prefixForm() == LengthForm.BINARY || def.prefixForm() == LengthForm.HEX
                ? (1 << Math.min(24, 8 * def.prefixDigits())) - 1
                : (int) Math.pow(10, def.prefixDigits()) - 1;
    }

    boolean isSad() {
        return def.sensitivity() == Sensitivity.SAD;
    }

    /** A byte that is valid in every place of this element. */
    byte filler() {
        return switch (def.encoding()) {
            case ASCII, HEX_TO_ASCII -> '0';
            case EBCDIC -> (byte) 0xf0;
            case BCD, BINARY -> 0;
        };
    }

    Value read(WireCursor cursor) {
        int units = def.fixed() ? def.length() : readLength(cursor);
        if (units > def.length()) {
            throw cursor.stop("length " + units + " is more than " + def.length());
        }
        int bytes = def.encoding().bytes(units);
        int from = cursor.takeValue(bytes);
        return switch (def.encoding()) {
            case ASCII -> new Value.Text(ascii(cursor, from, bytes));
            case EBCDIC -> new Value.Text(checked(cursor, Ebcdic.text(cursor.bytes, from, bytes)));
            case BCD -> new Value.Text(bcd(cursor, from, units));
            case BINARY -> Codec.bytesValue(cursor.bytes, from, from + bytes);
            case HEX_TO_ASCII -> hex(cursor, from, units);
        };
    }

    private int readLength(WireCursor cursor) {
        int digits = def.prefixDigits();
        int width = switch (def.prefixForm()) {
            case ASCII, EBCDIC, BINARY -> digits;
            case BCD -> (digits + 1) / 2;
            case HEX -> digits * 2;
        };
        int from = cursor.take(width);
        int length = 0;
        for (int i = 0; i < width; i++) {
            int octet = cursor.bytes[from + i] & 0xff;
            switch (def.prefixForm()) {
                case ASCII -> length = length * 10 + digit(octet - '0', cursor);
                case EBCDIC -> length = length * 10 + digit(octet - 0xf0, cursor);
                case BCD -> length = (length * 10 + digit(octet >> 4, cursor)) * 10 + digit(octet & 15, cursor);
                case BINARY -> {
                    if (length >> 23 != 0) {
                        throw cursor.stop("the length is too large");
                    }
                    length = length << 8 | octet;
                }
                case HEX -> {
                    if (length >> 24 != 0) {
                        throw cursor.stop("the length is too large");
                    }
                    // Lower-case digits would not come out the same when encoded again.
                    length = length << 4 | digitOfHex(octet, cursor);
                }
            }
        }
        if (length > maxPrefix) {
            throw cursor.stop("the length has more digits than its prefix");
        }
        return length;
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

    private String ascii(WireCursor cursor, int from, int length) {
        for (int i = from; i < from + length; i++) {
            byte c = cursor.bytes[i];
            if (c < 0) {
                throw cursor.stopAtValue("a byte is not ASCII");
            }
        }
        return checked(cursor, new String(cursor.bytes, from, length, StandardCharsets.ISO_8859_1));
    }

    private String checked(WireCursor cursor, String text) {
        if (def.kind() == Kind.NUMERIC && !isDigits(text)) {
            throw cursor.stopAtValue("not a number");
        }
        return text;
    }

    private static boolean isDigits(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    private static String bcd(WireCursor cursor, int from, int digits) {
        char[] text = new char[digits];
        int skip = digits & 1;
        if (skip == 1 && cursor.bytes[from] >> 4 != 0) {
            throw cursor.stopAtValue("the unused half of the first byte is not zero");
        }
        for (int i = 0; i < digits; i++) {
            int place = i + skip;
            int octet = cursor.bytes[from + place / 2];
            int nibble = (place & 1) == 0 ? octet >> 4 & 15 : octet & 15;
            if (nibble > 9) {
                throw cursor.stopAtValue("a BCD digit is above 9");
            }
            text[i] = (char) ('0' + nibble);
        }
        return new String(text);
    }

    /** Bytes; where the digits are not upper case, the digits as text, so that nothing is lost. */
    private static Value hex(WireCursor cursor, int from, int units) {
        byte[] value = new byte[units];
        boolean upper = true;
        for (int i = 0; i < units * 2; i++) {
            int c = cursor.bytes[from + i];
            int nibble = Character.digit(c, 16);
            if (nibble < 0 || c < 0) {
                throw cursor.stopAtValue("not hex digits");
            }
            upper &= c < 'a';
            value[i / 2] = (byte) (value[i / 2] << 4 | nibble);
        }
        return upper
                ? new Value.Bin(Bytes.wrap(value))
                : new Value.Text(new String(cursor.bytes, from, units * 2, StandardCharsets.ISO_8859_1));
    }

    void write(String element, Value value, WireBuffer out) {
        switch (value) {
            case Value.Bin bin -> writeBytes(element, bin.value(), out);
            case Value.Text text -> writeText(element, text.value(), out);
            default -> throw unfit(element, "is neither text nor bytes");
        }
    }

    private void writeBytes(String element, Bytes value, WireBuffer out) {
        if (def.encoding() != Encoding.BINARY && def.encoding() != Encoding.HEX_TO_ASCII) {
            throw unfit(element, "takes text, not bytes");
        }
        if (def.fixed() && value.length() != def.length()) {
            throw unfit(element, "has " + value.length() + " bytes, not " + def.length());
        }
        writeLength(element, value.length(), out);
        for (int i = 0; i < value.length(); i++) {
            int octet = value.at(i) & 0xff;
            if (def.encoding() == Encoding.BINARY) {
                out.put(octet);
            } else {
                out.put(HEX[octet >> 4]);
                out.put(HEX[octet & 15]);
            }
        }
    }

    private void writeText(String element, String value, WireBuffer out) {
        if (def.encoding() == Encoding.BINARY) {
            throw unfit(element, "takes bytes, not text");
        }
        if (def.encoding() == Encoding.HEX_TO_ASCII) {
            if (value.length() % 2 != 0 || !value.chars().allMatch(c -> c < 128 && Character.digit(c, 16) >= 0)) {
                throw unfit(element, "is not hex digits");
            }
            if (def.fixed() && value.length() != def.length() * 2) {
                throw unfit(element, "has " + value.length() / 2 + " bytes, not " + def.length());
            }
            writeLength(element, value.length() / 2, out);
            out.put(value.getBytes(StandardCharsets.ISO_8859_1));
            return;
        }
        String full = padded(element, value);
        if (def.kind() == Kind.NUMERIC && !isDigits(full)) {
            throw unfit(element, "is not a number");
        }
        writeLength(element, full.length(), out);
        switch (def.encoding()) {
            case ASCII -> {
                for (int i = 0; i < full.length(); i++) {
                    if (full.charAt(i) > 127) {
                        throw unfit(element, "holds a character that is not ASCII");
                    }
                    out.put(full.charAt(i));
                }
            }
            case EBCDIC -> {
                for (int i = 0; i < full.length(); i++) {
                    if (!Ebcdic.holds(full.charAt(i))) {
                        throw unfit(element, "holds a character that is not EBCDIC");
                    }
                    out.put(Ebcdic.octet(full.charAt(i)));
                }
            }
            case BCD -> {
                if (!isDigits(full)) {
                    throw unfit(element, "is not digits");
                }
                String even = (full.length() & 1) == 1 ? "0" + full : full;
                for (int i = 0; i < even.length(); i += 2) {
                    out.put((even.charAt(i) - '0') << 4 | even.charAt(i + 1) - '0');
                }
            }
            case BINARY, HEX_TO_ASCII -> throw new IllegalStateException("written above");
        }
    }

    private String padded(String element, String value) {
        if (!def.fixed() || value.length() == def.length()) {
            return value;
        }
        if (value.length() > def.length() || def.padLeft().isEmpty()) {
            throw unfit(element, "has " + value.length() + " characters, not " + def.length());
        }
        String fill = String.valueOf(def.pad()).repeat(def.length() - value.length());
        return def.padLeft().get() ? fill + value : value + fill;
    }

    private void writeLength(String element, int length, WireBuffer out) {
        if (length > def.length() || !def.fixed() && length > maxPrefix) {
            throw unfit(element, "is longer than " + def.length());
        }
        int digits = def.prefixDigits();
        switch (def.prefixForm()) {
            case ASCII, EBCDIC -> {
                for (int i = digits - 1; i >= 0; i--) {
                    int digit = length / (int) Math.pow(10, i) % 10;
                    out.put((def.prefixForm() == LengthForm.ASCII ? '0' : 0xf0) + digit);
                }
            }
            case BCD -> {
                for (int i = (digits + 1) / 2 - 1; i >= 0; i--) {
                    int pair = length / (int) Math.pow(100, i) % 100;
                    out.put(pair / 10 << 4 | pair % 10);
                }
            }
            case BINARY -> {
                for (int i = digits - 1; i >= 0; i--) {
                    out.put(octetOf(length, i));
                }
            }
            case HEX -> {
                for (int i = digits - 1; i >= 0; i--) {
                    out.put(HEX[octetOf(length, i) >> 4]);
                    out.put(HEX[octetOf(length, i) & 15]);
                }
            }
        }
    }

    /** An int has four octets; those above are zero, while a shift by 32 would begin again. */
    private static int octetOf(int length, int index) {
        return index < 4 ? length >>> 8 * index & 0xff : 0;
    }

    private static FluxException unfit(String element, String why) {
        return new FluxException(SpecError.ENCODE, "element " + element + " " + why);
    }
}
