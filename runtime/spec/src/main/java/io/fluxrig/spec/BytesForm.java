package io.fluxrig.spec;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.Value;
import io.fluxrig.spec.FieldDef.Encoding;
import java.nio.charset.StandardCharsets;

/** Bytes, as they are or as hex digits. */
final class BytesForm implements Form {
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    private final FieldDef def;
    private final LengthPrefix prefix;
    private final boolean digits;
    private final boolean sad;

    BytesForm(FieldDef def) {
        this.def = def;
        this.prefix = new LengthPrefix(def);
        this.digits = def.encoding() == Encoding.HEX_TO_ASCII;
        this.sad = def.sensitivity() == Sensitivity.SAD;
    }

    @Override
    public byte filler(String part) {
        return (byte) (digits ? '0' : 0);
    }

    @Override
    public Value read(WireCursor cursor) {
        int units = prefix.read(cursor);
        if (units == FieldDef.REST) {
            units = digits ? cursor.left() / 2 : cursor.left();
        }
        int bytes = digits ? 2 * units : units;
        int from = cursor.takeValue(bytes);
        Value value = digits ? hex(cursor, from, units) : new Value.Bin(Bytes.copyOf(cursor.bytes, from, from + bytes));
        cursor.value(sad, from, from + bytes, value);
        return value;
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

    /** Takes bytes, or hex digits as text. */
    @Override
    public void write(String path, Value value, WireBuffer out) {
        switch (value) {
            case Value.Bin bin -> bytes(path, bin.value(), out);
            case Value.Text text -> digits(path, text.value(), out);
            default -> throw Form.unfit(path, "is neither text nor bytes");
        }
    }

    private void bytes(String path, Bytes value, WireBuffer out) {
        length(path, value.length(), out);
        if (!digits) {
            int from = out.take(value.length());
            value.copyInto(out.bytes, from);
            return;
        }
        for (int i = 0; i < value.length(); i++) {
            int octet = value.at(i) & 0xff;
            out.put(HEX[octet >> 4]);
            out.put(HEX[octet & 15]);
        }
    }

    private void length(String path, int length, WireBuffer out) {
        if (def.fixed() && length != def.length()) {
            throw Form.unfit(path, "has " + length + " bytes, not " + def.length());
        }
        prefix.write(path, length, out);
    }

    private void digits(String path, String value, WireBuffer out) {
        if ((value.length() & 1) == 1 || !areHex(value)) {
            throw Form.unfit(path, digits ? "is not hex digits" : "takes bytes, not text");
        }
        length(path, value.length() / 2, out);
        for (int i = 0; i < value.length(); i += 2) {
            if (digits) {
                out.put(value.charAt(i));
                out.put(value.charAt(i + 1));
            } else {
                out.put(Character.digit(value.charAt(i), 16) << 4 | Character.digit(value.charAt(i + 1), 16));
            }
        }
    }

    /** @throws io.fluxrig.signal.FluxException ENCODE where it is not hex digits */
    static Bytes ofHex(String path, String digits) {
        if ((digits.length() & 1) == 1 || !areHex(digits)) {
            throw Form.unfit(path, "takes bytes, not text");
        }
        return Bytes.ofHex(digits);
    }

    private static boolean areHex(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > 127 || Character.digit(c, 16) < 0) {
                return false;
            }
        }
        return true;
    }
}
