package io.fluxrig.spec;

import io.fluxrig.signal.Value;
import io.fluxrig.spec.FieldDef.Encoding;
import io.fluxrig.spec.FieldDef.LengthForm;
import java.util.function.Function;

/** The bytes that the parts of a composite share. Immutable. */
final class Body {
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    private final FieldDef def;
    private final LengthPrefix prefix;
    private final boolean sad;

    /** Whether nothing but the parts themselves tells where it ends. */
    private final boolean open;

    private final boolean digits;

    Body(FieldDef def) {
        this.def = def;
        this.prefix = new LengthPrefix(def);
        this.sad = def.sensitivity() == Sensitivity.SAD;
        this.open = prefix.fixed() && def.length() == FieldDef.REST && def.prefixForm() != LengthForm.NONE;
        this.digits = def.encoding() == Encoding.HEX_TO_ASCII;
    }

    /** Where the parts lie as hex digits their own would not do. */
    byte filler(byte part) {
        return digits ? (byte) '0' : part;
    }

    Value read(WireCursor cursor, Function<WireCursor, Value> parts) {
        int units = prefix.read(cursor);
        int from = cursor.at();
        Value value;
        if (open) {
            value = parts.apply(cursor);
        } else if (digits) {
            value = decoded(cursor, units == FieldDef.REST ? cursor.left() / 2 : units, parts);
        } else {
            int outer = cursor.enter(units == FieldDef.REST ? cursor.left() : units);
            value = parts.apply(cursor);
            cursor.leave(outer);
        }
        cursor.value(sad, from, cursor.at(), value);
        return value;
    }

    private static Value decoded(WireCursor cursor, int units, Function<WireCursor, Value> parts) {
        int from = cursor.takeValue(2 * units);
        byte[] content = new byte[units];
        for (int i = 0; i < 2 * units; i++) {
            int c = cursor.bytes[from + i];
            int nibble = c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
            if (nibble < 0) {
                throw cursor.stopAtValue("not upper-case hex digits");
            }
            content[i / 2] = (byte) (content[i / 2] << 4 | nibble);
        }
        WireCursor inner = cursor.decoded(content, from);
        try {
            Value value = parts.apply(inner);
            inner.leave(content.length);
            return value;
        } catch (WireCursor.Stop stop) {
            cursor.at(inner);
            throw stop;
        }
    }

    void write(String path, WireBuffer parts, WireBuffer out) {
        if (!open && def.fixed() && parts.length() != def.length()) {
            throw Form.unfit(path, "has " + parts.length() + " bytes, not " + def.length());
        }
        if (!open) {
            prefix.write(path, parts.length(), out);
        }
        if (!digits) {
            out.put(parts);
            return;
        }
        for (int i = 0; i < parts.length(); i++) {
            out.put(HEX[parts.bytes[i] >> 4 & 15]);
            out.put(HEX[parts.bytes[i] & 15]);
        }
    }
}
