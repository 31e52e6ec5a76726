package io.fluxrig.spec;

import io.fluxrig.signal.Value;
import io.fluxrig.spec.FieldDef.Encoding;
import io.fluxrig.spec.FieldDef.Kind;
import java.nio.charset.StandardCharsets;

/** Characters in every encoding but {@link HexForm}. */
final class TextForm implements Form {
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();
    private static final char FILL = 'F';

    private final FieldDef def;
    private final LengthPrefix prefix;
    private final Encoding encoding;
    private final boolean numeric;
    private final boolean track;
    private final boolean sad;

    /** The half byte beside an odd digit. */
    private final int fill;

    TextForm(FieldDef def) {
        this.def = def;
        this.prefix = new LengthPrefix(def);
        this.encoding = def.encoding();
        this.numeric = def.kind() == Kind.NUMERIC;
        this.track = def.kind() == Kind.TRACK;
        this.sad = def.sensitivity() == Sensitivity.SAD;
        this.fill = def.pad() == FILL ? 15 : 0;
    }

    @Override
    public byte filler(String part) {
        return switch (encoding) {
            case ASCII -> '0';
            case EBCDIC, EBCDIC1047 -> (byte) 0xf0;
            case BCD, LBCD, BINARY, HEX_TO_ASCII, ASCII_TO_HEX, BER_TLV_TAG -> 0;
        };
    }

    @Override
    public Value read(WireCursor cursor) {
        int units = prefix.read(cursor);
        if (units == FieldDef.REST) {
            units = encoding.units(cursor.left());
        }
        int bytes = encoding.bytes(units);
        int from = cursor.takeValue(bytes);
        Value value = encoding == Encoding.ASCII
                ? ascii(cursor, from, from + bytes)
                : new Value.Text(text(cursor, from, bytes, units));
        cursor.value(sad, from, from + bytes, value);
        return value;
    }

    private Value.Text ascii(WireCursor cursor, int from, int to) {
        byte[] bytes = cursor.bytes;
        int seen = 0;
        boolean digits = true;
        for (int i = from; i < to; i++) {
            byte c = bytes[i];
            seen |= c;
            digits &= c >= '0' && c <= '9';
        }
        if (seen < 0) {
            throw cursor.stopAtValue("a byte is not ASCII");
        }
        if (numeric && !digits) {
            throw cursor.stopAtValue("not a number");
        }
        return Value.Text.ofAscii(bytes, from, to);
    }

    private String text(WireCursor cursor, int from, int bytes, int units) {
        return switch (encoding) {
            case EBCDIC -> checked(cursor, Ebcdic.CP037.text(cursor.bytes, from, bytes));
            case EBCDIC1047 -> checked(cursor, Ebcdic.CP1047.text(cursor.bytes, from, bytes));
            case BCD -> Digits.read(cursor, from, units, false, track, fill);
            case LBCD -> Digits.read(cursor, from, units, true, track, fill);
            case ASCII_TO_HEX -> checked(cursor, toHex(cursor.bytes, from, bytes));
            case ASCII, BINARY, HEX_TO_ASCII, BER_TLV_TAG ->
                throw new IllegalStateException("is not text of this form");
        };
    }

    private String checked(WireCursor cursor, String text) {
        if (numeric && !Digits.areDecimal(text)) {
            throw cursor.stopAtValue("not a number");
        }
        return text;
    }

    private static String toHex(byte[] bytes, int from, int length) {
        byte[] text = new byte[2 * length];
        for (int i = 0; i < length; i++) {
            text[2 * i] = (byte) HEX[bytes[from + i] >> 4 & 15];
            text[2 * i + 1] = (byte) HEX[bytes[from + i] & 15];
        }
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    @Override
    public void write(String path, Value value, WireBuffer out) {
        if (!(value instanceof Value.Text given)) {
            throw Form.unfit(path, value instanceof Value.Bin ? "takes text, not bytes" : "is neither text nor bytes");
        }
        String text = padded(path, given.value());
        if (numeric && !Digits.areDecimal(text)) {
            throw Form.unfit(path, "is not a number");
        }
        if (encoding == Encoding.ASCII_TO_HEX && (text.length() & 1) == 1) {
            throw Form.unfit(path, "has an odd number of hex digits");
        }
        int units = encoding == Encoding.ASCII_TO_HEX ? text.length() / 2 : text.length();
        prefix.write(path, units, out);
        switch (encoding) {
            case ASCII -> ascii(path, text, given, out);
            case EBCDIC -> Ebcdic.CP037.write(path, text, out);
            case EBCDIC1047 -> Ebcdic.CP1047.write(path, text, out);
            case BCD -> Digits.write(path, text, false, track, fill, out);
            case LBCD -> Digits.write(path, text, true, track, fill, out);
            case ASCII_TO_HEX -> fromHex(path, text, out);
            case BINARY, HEX_TO_ASCII, BER_TLV_TAG -> throw new IllegalStateException("is not text");
        }
    }

    private String padded(String path, String value) {
        int length = encoding == Encoding.ASCII_TO_HEX ? 2 * def.length() : def.length();
        if (!prefix.fixed() || def.length() == FieldDef.REST || value.length() == length) {
            return value;
        }
        if (value.length() > length || def.padLeft().isEmpty()) {
            throw Form.unfit(path, "has " + value.length() + " characters, not " + length);
        }
        String filled = String.valueOf(def.pad()).repeat(length - value.length());
        return def.padLeft().get() ? filled + value : value + filled;
    }

    /** The JVM copies the lower bytes of characters at once, which is all of them in ASCII. */
    @SuppressWarnings("deprecation")
    private static void ascii(String path, String text, Value.Text given, WireBuffer out) {
        boolean ascii = text == given.value() ? given.isAscii() : new Value.Text(text).isAscii();
        if (!ascii) {
            throw Form.unfit(path, "holds a character that is not ASCII");
        }
        int length = text.length();
        int from = out.take(length);
        text.getBytes(0, length, out.bytes, from);
    }

    private static void fromHex(String path, String text, WireBuffer out) {
        for (int i = 0; i < text.length(); i += 2) {
            int high = Character.digit(text.charAt(i), 16);
            int low = Character.digit(text.charAt(i + 1), 16);
            if (high < 0 || low < 0) {
                throw Form.unfit(path, "is not hex digits");
            }
            out.put(high << 4 | low);
        }
    }
}
