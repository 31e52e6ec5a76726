package io.fluxrig.spec;

import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.Value;
import java.util.ArrayList;
import java.util.List;

/** Parts that lie one behind the other, each with a form of its own; those at the end may be absent where a length tells so. Or records of them. */
final class SequenceForm implements Form {
    private final Body body;
    private final String[] ids;
    private final Form[] forms;
    private final boolean repeats;
    private final int maxRecords;

    SequenceForm(FieldDef def, FieldDef.Parts parts) {
        body = new Body(def);
        ids = parts.parts().stream().map(FieldDef.Part::id).toArray(String[]::new);
        forms = parts.parts().stream().map(part -> Form.of(part.def())).toArray(Form[]::new);
        repeats = parts.maxRecords() > 0;
        maxRecords = parts.maxRecords();
    }

    @Override
    public byte filler(String part) {
        String id = Composites.head(part);
        int index = List.of(ids).indexOf(id);
        return body.filler(index < 0 ? 0 : forms[index].filler(Composites.tail(part)));
    }

    @Override
    public Value read(WireCursor cursor) {
        return body.read(cursor, repeats ? this::records : this::record);
    }

    private Value records(WireCursor cursor) {
        List<Value> records = new ArrayList<>();
        while (!cursor.atEnd()) {
            if (records.size() == maxRecords) {
                throw cursor.stop("more than " + maxRecords + " records");
            }
            int from = cursor.at();
            records.add(record(cursor));
            if (cursor.at() == from) {
                throw cursor.stop("a record without content");
            }
        }
        return Value.of(records);
    }

    private FluxMap record(WireCursor cursor) {
        FluxMap.Builder parts = FluxMap.builder();
        for (int i = 0; i < forms.length && (i == 0 || !cursor.atEnd()); i++) {
            if (cursor.atEnd() && !repeats) {
                break;
            }
            cursor.enterPart(ids[i]);
            parts.put(ids[i], forms[i].read(cursor));
            cursor.leavePart();
        }
        return parts.build();
    }

    @Override
    public void write(String path, Value value, WireBuffer out) {
        WireBuffer content = new WireBuffer(64);
        if (!repeats) {
            record(path, value, content);
        } else if (value instanceof Value.Array records) {
            if (records.items().size() > maxRecords) {
                throw Form.unfit(path, "has more than " + maxRecords + " records");
            }
            records.items().forEach(record -> record(path, record, content));
        } else {
            throw Form.unfit(path, "is not a list of records");
        }
        body.write(path, content, out);
    }

    private void record(String path, Value value, WireBuffer out) {
        FluxMap parts = Composites.map(value);
        if (parts == null) {
            throw Form.unfit(path, "has no parts");
        }
        int written = 0;
        for (int i = 0; i < forms.length; i++) {
            Value part = parts.get(ids[i]);
            if (part != null) {
                if (written != i) {
                    throw Form.unfit(path, "lacks what stands before part " + ids[i]);
                }
                forms[i].write(path + "." + ids[i], part, out);
                written++;
            }
        }
        if (written != parts.size()) {
            throw Form.unfit(path, "has a part that the spec does not describe");
        }
    }
}
