package io.fluxrig.spec;

import java.util.Locale;
import java.util.Optional;

/**
 * How one element lies on the wire, and what is said of it.
 *
 * @param number 0 for the MTI, 1 for the bitmap
 * @param length exact where {@code prefix} has no digits, the maximum otherwise; in units of the encoding
 * @param padLeft whether short values are filled on the left; empty for no padding
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
        Sensitivity sensitivity) {

    enum Kind {
        STRING,
        NUMERIC,
        BINARY,
        BITMAP
    }

    /** How a value's characters or bytes lie on the wire. */
    enum Encoding {
        ASCII,
        EBCDIC,
        BCD,
        BINARY,
        HEX_TO_ASCII;

        static Optional<Encoding> of(String word) {
            return switch (word.toLowerCase(Locale.ROOT)) {
                case "ascii", "asciiencoder" -> Optional.of(ASCII);
                case "ebcdic", "ebcdicencoder" -> Optional.of(EBCDIC);
                case "bcd", "bcdencoder" -> Optional.of(BCD);
                case "binary", "binaryencoder" -> Optional.of(BINARY);
                case "hextoascii", "hexencoder" -> Optional.of(HEX_TO_ASCII);
                default -> Optional.empty();
            };
        }

        /** Bytes that a value of this many units takes. */
        int bytes(int units) {
            return switch (this) {
                case ASCII, EBCDIC, BINARY -> units;
                case BCD -> (units + 1) / 2;
                case HEX_TO_ASCII -> units * 2;
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
        HEX;

        static Optional<LengthForm> of(String word) {
            return switch (word.toLowerCase(Locale.ROOT)) {
                case "ascii" -> Optional.of(ASCII);
                case "ebcdic" -> Optional.of(EBCDIC);
                case "bcd" -> Optional.of(BCD);
                case "binary" -> Optional.of(BINARY);
                case "hex" -> Optional.of(HEX);
                default -> Optional.empty();
            };
        }
    }

    /** Whether a value of this many digits fits and reads as text. */
    boolean holdsDigits(int count) {
        return encoding != Encoding.BINARY
                && encoding != Encoding.HEX_TO_ASCII
                && (fixed() ? length == count : length >= count);
    }

    boolean fixed() {
        return prefixDigits == 0;
    }

    FieldDef described(String meaning, Optional<String> called, Sensitivity howSensitive) {
        return new FieldDef(
                number, kind, length, encoding, prefixForm, prefixDigits, padLeft, pad, meaning, called, howSensitive);
    }
}
