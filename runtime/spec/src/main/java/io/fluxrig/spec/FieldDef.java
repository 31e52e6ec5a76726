package io.fluxrig.spec;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How one element, or a part of one, lies on the wire, and what is said of it.
 *
 * @param number of the element, 0 for the MTI, 1 for the bitmap; a part has that of its element
 * @param length exact where nothing tells it on the wire, the maximum otherwise; in units of the encoding; {@link #REST} for what is left
 * @param padLeft whether short values are filled on the left; empty for no padding
 * @param parts of a composite
 */
record FieldDef(
        int number,
        Kind kind,
        int length,
        Encoding encoding,
        LengthForm prefixForm,
        int prefixDigits,
        Optional<Boolean> padLeft,
        char pad,
        String name,
        Optional<String> alias,
        Sensitivity sensitivity,
        Optional<Parts> parts) {
    /** All that is left of what surrounds it. */
    static final int REST = Integer.MAX_VALUE;

    enum Kind {
        STRING,
        /** As a string; in BCD its separator is the nibble D. */
        TRACK,
        NUMERIC,
        BINARY,
        BITMAP,
        COMPOSITE
    }

    /** How a value's characters or bytes lie on the wire. */
    enum Encoding {
        ASCII,
        EBCDIC,
        EBCDIC1047,
        /** An odd digit out is preceded by half a byte of zero. */
        BCD,
        /** An odd digit out is followed by half a byte. */
        LBCD,
        BINARY,
        /** Each byte of the value as two hex digits. */
        HEX_TO_ASCII,
        /** Each pair of hex digits of the value as a byte. */
        ASCII_TO_HEX,
        BER_TLV_TAG;

        static Optional<Encoding> of(String word) {
            return switch (word.toLowerCase(Locale.ROOT)) {
                case "ascii", "asciiencoder" -> Optional.of(ASCII);
                case "ebcdic", "ebcdicencoder" -> Optional.of(EBCDIC);
                case "ebcdic1047", "ebcdic1047encoder" -> Optional.of(EBCDIC1047);
                case "bcd", "bcdencoder" -> Optional.of(BCD);
                case "lbcd", "lbcdencoder" -> Optional.of(LBCD);
                case "binary", "binaryencoder" -> Optional.of(BINARY);
                case "hextoascii", "hexencoder", "hextoasciiencoder" -> Optional.of(HEX_TO_ASCII);
                case "asciitohex", "asciitohexencoder" -> Optional.of(ASCII_TO_HEX);
                case "bertlvtag", "bertlv", "bertlvencodertag" -> Optional.of(BER_TLV_TAG);
                default -> Optional.empty();
            };
        }

        /** Bytes that a value of this many units takes. */
        int bytes(int units) {
            return switch (this) {
                case ASCII, EBCDIC, EBCDIC1047, BINARY, ASCII_TO_HEX, BER_TLV_TAG -> units;
                case BCD, LBCD -> (units + 1) / 2;
                case HEX_TO_ASCII -> units * 2;
            };
        }

        /** The most units that this many bytes hold. */
        int units(int bytes) {
            return switch (this) {
                case ASCII, EBCDIC, EBCDIC1047, BINARY, ASCII_TO_HEX, BER_TLV_TAG -> bytes;
                case BCD, LBCD -> bytes * 2;
                case HEX_TO_ASCII -> bytes / 2;
            };
        }
    }

    /** How a length lies before a value. */
    enum LengthForm {
        ASCII,
        EBCDIC,
        BCD,
        BINARY,
        /** Two upper-case hex digits for each byte of a binary length. */
        HEX,
        /** As in BER: a byte up to 127, or a count of bytes that follow. */
        BER_TLV,
        NONE;

        static Optional<LengthForm> of(String word) {
            return switch (word.toLowerCase(Locale.ROOT)) {
                case "ascii" -> Optional.of(ASCII);
                case "ebcdic", "ebcdic1047" -> Optional.of(EBCDIC);
                case "bcd" -> Optional.of(BCD);
                case "binary" -> Optional.of(BINARY);
                case "hex" -> Optional.of(HEX);
                case "bertlv" -> Optional.of(BER_TLV);
                case "none" -> Optional.of(NONE);
                default -> Optional.empty();
            };
        }
    }

    /** How parts are told apart within a composite. */
    enum Arrangement {
        /** Stretches of the characters or bytes of one value. */
        SLICES,
        /** One behind the other, each with a form of its own. */
        SEQUENCE,
        TLV,
        BITMAPPED
    }

    enum UnknownTags {
        PRESERVE,
        REJECT,
        DROP
    }

    /**
     * @param repeat units of each record, where records follow each other; 0 otherwise
     * @param maxRecords of those at most
     * @param tag how a tag lies on the wire; a BER tag where it is absent
     * @param value how the length and value of a tag lie that no part describes; absent for BER
     * @param bitmap of a bitmapped composite
     */
    record Parts(
            Arrangement arrangement,
            List<Part> parts,
            int repeat,
            int maxRecords,
            UnknownTags unknown,
            Optional<FieldDef> tag,
            Optional<FieldDef> value,
            Optional<FieldDef> bitmap) {
        Parts with(List<Part> others) {
            return new Parts(arrangement, others, repeat, maxRecords, unknown, tag, value, bitmap);
        }
    }

    /**
     * @param id a number or an upper-case tag
     * @param from first unit of a slice, from 1; 0 where it is none
     */
    record Part(String id, int from, int to, FieldDef def) {}

    /** Whether a value of this many digits fits and reads as text. */
    boolean holdsDigits(int count) {
        boolean text = kind != Kind.COMPOSITE
                && kind != Kind.BITMAP
                && encoding != Encoding.BINARY
                && encoding != Encoding.BER_TLV_TAG
                && (encoding != Encoding.HEX_TO_ASCII || kind != Kind.BINARY);
        int length = encoding == Encoding.ASCII_TO_HEX ? 2 * this.length : this.length;
        return text && (fixed() ? length == count : length >= count);
    }

    boolean fixed() {
        return prefixDigits == 0 && prefixForm != LengthForm.BER_TLV && length != REST;
    }

    /** The part of this id; empty where none is described. */
    Optional<FieldDef> part(String id) {
        return parts.stream()
                .flatMap(all -> all.parts().stream())
                .filter(part -> part.id().equals(id))
                .findFirst()
                .map(Part::def);
    }

    FieldDef described(String meaning, Optional<String> called, Sensitivity howSensitive) {
        return new FieldDef(
                number,
                kind,
                length,
                encoding,
                prefixForm,
                prefixDigits,
                padLeft,
                pad,
                meaning,
                called,
                howSensitive,
                parts);
    }

    FieldDef with(Parts others) {
        return new FieldDef(
                number,
                kind,
                length,
                encoding,
                prefixForm,
                prefixDigits,
                padLeft,
                pad,
                name,
                alias,
                sensitivity,
                Optional.of(others));
    }
}
