package io.fluxrig.spec;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.Value;
import io.fluxrig.spec.FieldDef.Kind;
import java.nio.charset.StandardCharsets;

/**
 * Text whose bytes lie as two hex digits each. Bases of the year 1987 call PIN blocks and MACs text as well: what cannot be printed reads as bytes. Digits in lower case
 * read as they stand, where the length is fixed.
 */
final class HexForm implements Form {
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    private final FieldDef def;
    private final LengthPrefix prefix;
    private final boolean numeric;
    private final boolean sad;

    HexForm(FieldDef def) {
        this.def = def;
        this.prefix = new LengthPrefix(def);
        this.numeric = def.kind() == Kind.NUMERIC;
        this.sad = def.sensitivity() == Sensitivity.SAD;
    }

    @Override
    public byte filler(String part) {
        return '3';
    }

    @Override
    public Value read(WireCursor cursor) {
        int units = prefix.read(cursor);
        if (units == FieldDef.REST) {
            units = cursor.left() / 2;
        }
        int from = cursor.takeValue(2 * units);
        byte[] value = new byte[units];
        boolean lower = false;
        for (int i = 0; i < 2 * units; i++) {
            int c = cursor.bytes[from + i];
            int nibble = c < 0 ? -1 : Character.digit(c, 16);
            if (nibble < 0) {
                throw cursor.stopAtValue("not hex digits");
            }
            lower |= c >= 'a';
            value[i / 2] = (byte) (value[i / 2] << 4 | nibble);
        }
        if (lower && (!def.fixed() || numeric)) {
            throw cursor.stopAtValue("not upper-case hex digits");
        }
        String text = lower
                ? new String(cursor.bytes, from, 2 * units, StandardCharsets.ISO_8859_1)
                : new String(value, StandardCharsets.ISO_8859_1);
        if (numeric && !Digits.areDecimal(text)) {
            throw cursor.stopAtValue("not a number");
        }
        Value read = lower || isPlain(text) ? Value.of(text) : Value.of(Bytes.wrap(value));
        cursor.value(sad, from, from + 2 * units, read);
        return read;
    }

    /** Whether it reads as text: it can be printed, and nobody would take it for the digits of something that cannot. */
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < ' ' || text.charAt(i) > '~') {
                return false;
            }
        }
        return !areDigits(text);
    }

    /** Whether text stands for bytes that cannot be printed, or for the digits of such. */
    private static boolean areDigits(String text) {
        if (text.isEmpty() || (text.length() & 1) == 1) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && (c < 'A' || c > 'F')) {
                return false;
            }
        }
        return !isPlain(new String(Bytes.ofHex(text).unsafeArray(), StandardCharsets.ISO_8859_1));
    }

    @Override
    public void write(String path, Value value, WireBuffer out) {
        switch (value) {
            case Value.Bin bin -> bytes(path, bin.value().unsafeArray(), out);
            case Value.Text text -> text(path, text.value(), out);
            default -> throw Form.unfit(path, "is neither text nor bytes");
        }
    }

    private void text(String path, String text, WireBuffer out) {
        boolean digits = def.fixed() ? text.length() == 2 * def.length() : areDigits(text);
        if (digits && !numeric) {
            // Their case is kept.
            BytesForm.ofHex(path, text);
            prefix.write(path, text.length() / 2, out);
            out.put(text.getBytes(StandardCharsets.ISO_8859_1));
            return;
        }
        String full = padded(path, text);
        if (numeric && !Digits.areDecimal(full)) {
            throw Form.unfit(path, "is not a number");
        }
        for (int i = 0; i < full.length(); i++) {
            if (full.charAt(i) > 255) {
                throw Form.unfit(path, "holds a character of more than a byte");
            }
        }
        bytes(path, full.getBytes(StandardCharsets.ISO_8859_1), out);
    }

    private String padded(String path, String text) {
        if (!def.fixed() || text.length() == def.length()) {
            return text;
        }
        if (text.length() > def.length() || def.padLeft().isEmpty()) {
            throw Form.unfit(path, "has " + text.length() + " characters, not " + def.length());
        }
        String fill = String.valueOf(def.pad()).repeat(def.length() - text.length());
        return def.padLeft().get() ? fill + text : text + fill;
    }

    private void bytes(String path, byte[] value, WireBuffer out) {
        if (def.fixed() && value.length != def.length()) {
            throw Form.unfit(path, "has " + value.length + " bytes, not " + def.length());
        }
        prefix.write(path, value.length, out);
        for (byte octet : value) {
            out.put(HEX[octet >> 4 & 15]);
            out.put(HEX[octet & 15]);
        }
    }
}
