package io.fluxrig.spec;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.Value;
import io.fluxrig.spec.FieldDef.Encoding;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * One value whose characters, or bytes, are cut into parts; or into records of the same length, each of which is cut. A stretch that no part describes stands under its
 * places, such as {@code 5-6}, so that nothing is lost.
 */
final class SlicedForm implements Form {
    private final Form whole;
    private final Encoding encoding;
    private final boolean bytes;
    private final List<FieldDef.Part> slices;
    private final int repeat;
    private final int maxRecords;

    SlicedForm(FieldDef def, FieldDef.Parts parts) {
        whole = Form.primitive(def);
        encoding = def.encoding();
        bytes = whole instanceof BytesForm;
        slices = parts.parts().stream()
                .sorted(Comparator.comparingInt(FieldDef.Part::from))
                .toList();
        repeat = parts.repeat();
        maxRecords = parts.maxRecords();
    }

    @Override
    public byte filler(String part) {
        return whole.filler("");
    }

    @Override
    public Value read(WireCursor cursor) {
        Value value = whole.read(cursor);
        if (bytes && value instanceof Value.Text) {
            throw cursor.stopAtValue("not upper-case hex digits");
        }
        String units = units(value);
        int from = cursor.valueFrom();
        if (repeat == 0) {
            return record(cursor, units, 0, units.length(), from);
        }
        if (units.length() % repeat != 0) {
            throw cursor.stopAtValue("its " + units.length() + " characters are not records of " + repeat);
        }
        if (units.length() / repeat > maxRecords) {
            throw cursor.stopAtValue("more than " + maxRecords + " records");
        }
        List<Value> records = new ArrayList<>(units.length() / repeat);
        for (int at = 0; at < units.length(); at += repeat) {
            records.add(
                    slices.isEmpty()
                            ? part(units.substring(at, at + repeat))
                            : record(cursor, units, at, at + repeat, from));
        }
        return Value.of(records);
    }

    /** One character for each unit, be it a byte. */
    private static String units(Value value) {
        return value instanceof Value.Bin bin
                ? new String(bin.value().unsafeArray(), StandardCharsets.ISO_8859_1)
                : ((Value.Text) value).value();
    }

    private Value part(String units) {
        return bytes ? Value.of(Bytes.wrap(units.getBytes(StandardCharsets.ISO_8859_1))) : Value.of(units);
    }

    private FluxMap record(WireCursor cursor, String units, int start, int end, int valueFrom) {
        FluxMap.Builder parts = FluxMap.builder();
        int at = start;
        for (FieldDef.Part slice : slices) {
            int from = Math.min(end, start + slice.from() - 1);
            int to = Math.min(end, start + slice.to());
            gap(units, start, at, from, parts);
            if (from < to) {
                Value part = part(units.substring(from, to));
                parts.put(slice.id(), part);
                cursor.enterPart(slice.id());
                cursor.value(
                        slice.def().sensitivity() == Sensitivity.SAD,
                        valueFrom + byteAt(from, units.length(), false),
                        valueFrom + byteAt(to, units.length(), true),
                        part);
                cursor.leavePart();
            }
            at = Math.max(at, to);
        }
        gap(units, start, at, end, parts);
        return parts.build();
    }

    private void gap(String units, int start, int from, int to, FluxMap.Builder parts) {
        if (from < to) {
            parts.put((from - start + 1) + "-" + (to - start), part(units.substring(from, to)));
        }
    }

    /** Bytes before a unit; where two units share one, that byte belongs to both. */
    private int byteAt(int unit, int units, boolean end) {
        int up = end ? 1 : 0;
        return switch (encoding) {
            case ASCII, EBCDIC, EBCDIC1047, BINARY, BER_TLV_TAG -> unit;
            case BCD -> (unit + (units & 1) + up) / 2;
            case LBCD, ASCII_TO_HEX -> (unit + up) / 2;
            case HEX_TO_ASCII -> 2 * unit;
        };
    }

    @Override
    public void write(String path, Value value, WireBuffer out) {
        StringBuilder units = new StringBuilder();
        if (value instanceof Value.Text || value instanceof Value.Bin) {
            whole.write(path, value, out);
            return;
        }
        if (repeat == 0) {
            join(path, value, units);
        } else if (value instanceof Value.Array records) {
            for (Value record : records.items()) {
                int from = units.length();
                if (record instanceof Value.Text || record instanceof Value.Bin) {
                    units.append(characters(path, record));
                } else {
                    join(path, record, units);
                }
                if (units.length() - from != repeat) {
                    throw Form.unfit(path, "has a record of " + (units.length() - from) + " characters, not " + repeat);
                }
            }
        } else {
            throw Form.unfit(path, "is not a list of records");
        }
        if (repeat > 0 && units.length() / repeat > maxRecords) {
            throw Form.unfit(path, "has more than " + maxRecords + " records");
        }
        whole.write(path, part(units.toString()), out);
    }

    private void join(String path, Value record, StringBuilder units) {
        FluxMap parts = Composites.map(record);
        if (parts == null) {
            throw Form.unfit(path, "has no parts");
        }
        int start = units.length();
        int used = 0;
        for (FieldDef.Part slice : slices) {
            used += fill(path, parts, start, slice.from() - 1, units);
            Value value = parts.get(slice.id());
            if (value != null) {
                used++;
                if (units.length() - start != slice.from() - 1) {
                    throw Form.unfit(path, "lacks what stands before part " + slice.id());
                }
                units.append(sized(path, slice, value));
            }
        }
        used += fill(path, parts, start, Integer.MAX_VALUE, units);
        if (used != parts.size()) {
            throw Form.unfit(path, "has a part that the spec does not describe");
        }
    }

    /** Appends the stretch that stands under its places here, if one does. */
    private int fill(String path, FluxMap parts, int start, int to, StringBuilder units) {
        int at = units.length() - start;
        if (at >= to) {
            return 0;
        }
        String places = (at + 1) + "-";
        for (int i = 0; i < parts.size(); i++) {
            if (parts.keyAt(i).startsWith(places)) {
                units.append(characters(path, parts.valueAt(i)));
                return 1;
            }
        }
        return 0;
    }

    private String characters(String path, Value value) {
        if (bytes && value instanceof Value.Text text) {
            return units(Value.of(BytesForm.ofHex(path, text.value())));
        }
        if (value instanceof Value.Bin || value instanceof Value.Text) {
            return units(value);
        }
        throw Form.unfit(path, "has a part that is neither text nor bytes");
    }

    private String sized(String path, FieldDef.Part slice, Value value) {
        String text = characters(path + "." + slice.id(), value);
        int length = slice.to() - slice.from() + 1;
        if (text.length() > length) {
            throw Form.unfit(path + "." + slice.id(), "has " + text.length() + " characters, not " + length);
        }
        if (text.length() < length && slice.def().padLeft().isPresent()) {
            String fill = String.valueOf(slice.def().pad()).repeat(length - text.length());
            return slice.def().padLeft().get() ? fill + text : text + fill;
        }
        return text;
    }
}
