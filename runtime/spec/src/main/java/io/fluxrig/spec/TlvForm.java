package io.fluxrig.spec;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.Value;
import io.fluxrig.spec.FieldDef.LengthForm;
import io.fluxrig.spec.FieldDef.UnknownTags;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Tags, each with a length and a value. In BER a tag that contains tags is read as such, and what is said of a tag holds at any depth. Bytes of zero between tags stand
 * as the tag {@code 00} without a value; a length that takes more bytes than it needs is kept as a third item beside tag and value.
 */
final class TlvForm implements Form {
    private static final String PADDING = "00";

    /**
     * @param path of the tag where it lies in the element itself
     * @param form reads all that is left
     */
    private record Tag(String path, Form form, int maxBytes, boolean sad) {}

    private final String element;
    private final Body body;
    private final Map<String, Tag> tags = new HashMap<>();
    private final UnknownTags unknown;

    /** Other than BER. */
    private final boolean plain;

    private final Form plainTag;
    private final Form plainValue;

    TlvForm(FieldDef def, FieldDef.Parts parts) {
        body = new Body(def);
        unknown = parts.unknown();
        plain = parts.tag().isPresent();
        plainTag = parts.tag().map(Form::primitive).orElse(null);
        plainValue = parts.value().map(Form::primitive).orElse(null);
        element = DataPath.name(def.number());
        parts.parts().forEach(part -> tags.put(part.id(), tag(element + "." + part.id(), part.def())));
    }

    private Tag tag(String path, FieldDef def) {
        boolean sad = def.sensitivity() == Sensitivity.SAD;
        if (plain) {
            return new Tag(path, Form.of(def), 0, sad);
        }
        FieldDef rest = new FieldDef(
                def.number(),
                def.kind(),
                FieldDef.REST,
                def.encoding(),
                LengthForm.NONE,
                0,
                Optional.empty(),
                def.pad(),
                def.name(),
                def.alias(),
                def.sensitivity(),
                def.parts());
        int most = def.length() == FieldDef.REST || def.parts().isPresent()
                ? FieldDef.REST
                : def.encoding().bytes(def.length());
        return new Tag(path, Form.of(rest), most, sad);
    }

    @Override
    public byte filler(String part) {
        // What is said of a tag holds at any depth, so the first that is described tells.
        for (String at = part; !at.isEmpty(); at = Composites.tail(at)) {
            Tag tag = tags.get(Composites.head(at));
            if (tag != null) {
                return body.filler(tag.form.filler(Composites.tail(at)));
            }
        }
        return body.filler((byte) 0);
    }

    @Override
    public Value read(WireCursor cursor) {
        return body.read(cursor, plain ? this::plainTags : this::tags);
    }

    private Value tags(WireCursor cursor) {
        Found found = new Found();
        while (!cursor.atEnd()) {
            String id = BerTag.read(cursor);
            if (id.equals(PADDING)) {
                found.add(id, Value.of(Bytes.EMPTY), 1);
                continue;
            }
            cursor.enterPart(id);
            int from = cursor.at();
            int length = LengthPrefix.readBer(cursor, true);
            int octets = cursor.at() - from;
            int outer = cursor.enter(length);
            Value value = value(cursor, id, length);
            cursor.leave(outer);
            cursor.leavePart();
            if (value != null) {
                found.add(id, value, octets == LengthPrefix.berOctets(length) ? 1 : octets);
            }
        }
        return found.value();
    }

    /** Null where it is dropped. */
    private Value value(WireCursor cursor, String id, int length) {
        Tag tag = tags.get(id);
        if (tag != null) {
            if (length > tag.maxBytes) {
                throw cursor.stop("length " + length + " is more than " + tag.maxBytes);
            }
            return tag.form.read(cursor);
        }
        if (unknown == UnknownTags.REJECT) {
            throw cursor.stop("the spec does not describe this tag");
        }
        int from = cursor.at();
        Value value;
        if (BerTag.isConstructed(id)) {
            value = tags(cursor);
        } else {
            cursor.takeValue(length);
            value = Value.of(Bytes.copyOf(cursor.bytes, from, from + length));
        }
        cursor.value(false, from, from + length, value);
        return unknown == UnknownTags.DROP ? null : value;
    }

    private Value plainTags(WireCursor cursor) {
        Found found = new Found();
        while (!cursor.atEnd()) {
            String id = Elements.characters(plainTag.read(cursor)).toUpperCase(Locale.ROOT);
            cursor.enterPart(id);
            Tag tag = tags.get(id);
            if (tag == null && (unknown == UnknownTags.REJECT || plainValue == null)) {
                throw cursor.stop("the spec does not describe this tag");
            }
            Value value = (tag == null ? plainValue : tag.form).read(cursor);
            cursor.leavePart();
            if (tag != null || unknown == UnknownTags.PRESERVE) {
                found.add(id, value, 1);
            }
        }
        return found.value();
    }

    /** What was read, as a map unless that would lose something. */
    private static final class Found {
        private final List<Value> pairs = new ArrayList<>();
        private FluxMap.Builder map = FluxMap.builder();
        private String last = "";
        private boolean ordered = true;

        /** @param octets of a length that took more than it needed, else 1 */
        void add(String id, Value value, int octets) {
            if (ordered && (octets > 1 || !last.isEmpty() && !Composites.inOrder(last, id))) {
                ordered = false;
                FluxMap before = map.build();
                before.forEach((key, each) -> pairs.add(Composites.pair(key, each)));
            }
            last = id;
            if (ordered) {
                map.put(id, value);
            } else {
                pairs.add(
                        octets == 1
                                ? Composites.pair(id, value)
                                : Value.of(List.of(Value.of(id), value, Value.of(octets))));
            }
        }

        Value value() {
            return ordered ? map.build() : Value.of(pairs);
        }
    }

    @Override
    public void write(String path, Value value, WireBuffer out) {
        WireBuffer content = new WireBuffer(256);
        tags(path, value, content);
        body.write(path, content, out);
    }

    private void tags(String path, Value value, WireBuffer out) {
        switch (value) {
            case FluxMap map -> {
                for (int i = 0; i < map.size(); i++) {
                    tag(path, map.keyAt(i), map.valueAt(i), 1, out);
                }
            }
            case Value.Array pairs -> {
                for (Value pair : pairs.items()) {
                    if (!Composites.isPair(pair)) {
                        throw Form.unfit(path, "is not a list of [tag, value]");
                    }
                    List<Value> items = ((Value.Array) pair).items();
                    int octets = items.size() == 3 && items.get(2) instanceof Value.Int number
                            ? Math.clamp(number.value(), 1, 5)
                            : 1;
                    tag(path, Composites.id(pair), items.get(1), octets, out);
                }
            }
            default -> throw Form.unfit(path, "has no parts");
        }
    }

    private void tag(String path, String given, Value value, int octets, WireBuffer out) {
        String id = given.toUpperCase(Locale.ROOT);
        Tag tag = tags.get(id);
        String here = tag != null && path.equals(element)
                ? tag.path
                : path + "." + (id.length() > 20 ? id.substring(0, 20) : id);
        if (plain) {
            if (tag == null && plainValue == null) {
                throw Form.unfit(here, "is not described by the spec");
            }
            plainTag.write(here, Value.of(given), out);
            (tag == null ? plainValue : tag.form).write(here, value, out);
            return;
        }
        if (id.equals(PADDING)) {
            out.put(0);
            return;
        }
        if (!BerTag.isTag(id)) {
            throw Form.unfit(here, "is not a tag");
        }
        BerTag.write(id, out);
        // Most lengths take one byte: the value is written behind it, and moved where it takes more.
        int lengthAt = out.take(1);
        content(here, tag, value, out);
        int length = out.length() - lengthAt - 1;
        if (tag != null && length > tag.maxBytes) {
            throw Form.unfit(here, "is longer than " + tag.maxBytes);
        }
        int wanted = Math.max(octets, LengthPrefix.berOctets(length));
        if (wanted == 1) {
            out.bytes[lengthAt] = (byte) length;
        } else {
            byte[] content = out.cut(lengthAt + 1);
            out.cut(lengthAt);
            LengthPrefix.writeBer(length, wanted, out);
            out.put(content);
        }
    }

    private void content(String path, Tag tag, Value value, WireBuffer out) {
        if (tag != null) {
            tag.form.write(path, value, out);
            return;
        }
        switch (value) {
            case Value.Bin bytes -> out.put(bytes.value().unsafeArray());
            case Value.Text digits ->
                out.put(BytesForm.ofHex(path, digits.value()).unsafeArray());
            default -> tags(path, value, out);
        }
    }
}
