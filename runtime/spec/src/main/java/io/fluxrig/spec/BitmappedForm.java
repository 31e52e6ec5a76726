package io.fluxrig.spec;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.Value;
import java.util.BitSet;
import java.util.TreeMap;

/** Parts of which a bitmap at the front tells which are there. */
final class BitmappedForm implements Form {
    private final Body body;
    private final Form bitmap;
    private final int bits;
    private final TreeMap<Integer, Form> forms = new TreeMap<>();

    BitmappedForm(FieldDef def, FieldDef.Parts parts) {
        body = new Body(def);
        bitmap = Form.primitive(parts.bitmap().orElseThrow());
        bits = 8 * parts.bitmap().orElseThrow().length();
        parts.parts().forEach(part -> forms.put(Integer.parseInt(part.id()), Form.of(part.def())));
    }

    @Override
    public byte filler(String part) {
        Form form = forms.get(DataPath.number(Composites.head(part)));
        return body.filler(form == null ? 0 : form.filler(Composites.tail(part)));
    }

    @Override
    public Value read(WireCursor cursor) {
        return body.read(cursor, this::parts);
    }

    private Value parts(WireCursor cursor) {
        if (!(bitmap.read(cursor) instanceof Value.Bin given)) {
            throw cursor.stopAtValue("the bitmap is not upper-case hex");
        }
        FluxMap.Builder parts = FluxMap.builder();
        for (int bit = 1; bit <= bits; bit++) {
            if ((given.value().at((bit - 1) / 8) >> 7 - (bit - 1) % 8 & 1) == 1) {
                String id = Integer.toString(bit);
                cursor.enterPart(id);
                Form form = forms.get(bit);
                if (form == null) {
                    throw cursor.stop("the spec does not describe this part");
                }
                parts.put(id, form.read(cursor));
                cursor.leavePart();
            }
        }
        return parts.build();
    }

    @Override
    public void write(String path, Value value, WireBuffer out) {
        FluxMap parts = Composites.map(value);
        if (parts == null) {
            throw Form.unfit(path, "has no parts");
        }
        BitSet present = new BitSet();
        for (int i = 0; i < parts.size(); i++) {
            int number = DataPath.number(parts.keyAt(i));
            if (!forms.containsKey(number)) {
                throw Form.unfit(path, "has a part that the spec does not describe");
            }
            present.set(number);
        }
        byte[] map = new byte[bits / 8];
        present.stream().forEach(bit -> map[(bit - 1) / 8] |= (byte) (0x80 >> (bit - 1) % 8));
        WireBuffer content = new WireBuffer(64);
        bitmap.write(path, Value.of(Bytes.wrap(map)), content);
        present.stream()
                .forEach(bit -> forms.get(bit).write(path + "." + bit, parts.get(Integer.toString(bit)), content));
        body.write(path, content, out);
    }
}
