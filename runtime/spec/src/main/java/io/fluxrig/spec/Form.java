package io.fluxrig.spec;

import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.Value;
import io.fluxrig.spec.FieldDef.Encoding;
import io.fluxrig.spec.FieldDef.Kind;

/** The way of one element, or of a part, between wire and value. Immutable. */
sealed interface Form permits TextForm, HexForm, BytesForm, SlicedForm, SequenceForm, TlvForm, BitmappedForm {
    /** @throws WireCursor.Stop where the bytes are not of this form */
    Value read(WireCursor cursor);

    /**
     * @param path for whoever is told that the value does not fit
     * @throws FluxException ENCODE
     */
    void write(String path, Value value, WireBuffer out);

    /**
     * A byte that is valid in every place of a value.
     *
     * @param part whose value, as a path within this one; empty for the whole
     */
    byte filler(String part);

    static Form of(FieldDef def) {
        if (def.parts().isPresent()) {
            FieldDef.Parts parts = def.parts().get();
            return switch (parts.arrangement()) {
                case SLICES -> new SlicedForm(def, parts);
                case SEQUENCE -> new SequenceForm(def, parts);
                case TLV -> new TlvForm(def, parts);
                case BITMAPPED -> new BitmappedForm(def, parts);
            };
        }
        return primitive(def);
    }

    /** Of the value as a whole. */
    static Form primitive(FieldDef def) {
        boolean bytes = def.encoding() == Encoding.BINARY
                || def.encoding() == Encoding.BER_TLV_TAG
                || def.encoding() == Encoding.HEX_TO_ASCII && isBytes(def.kind());
        return bytes
                ? new BytesForm(def)
                : def.encoding() == Encoding.HEX_TO_ASCII ? new HexForm(def) : new TextForm(def);
    }

    private static boolean isBytes(Kind kind) {
        return kind == Kind.BINARY || kind == Kind.BITMAP || kind == Kind.COMPOSITE;
    }

    static UnfitValue unfit(String path, String why) {
        return new UnfitValue(path, why);
    }
}
