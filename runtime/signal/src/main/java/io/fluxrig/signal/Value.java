package io.fluxrig.signal;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/**
 * A business value: everything that {@code data} of a fluxMsg may hold (FORMATS section 1). Immutable. Numbers stay what
 * they are: the integer 1, the float 1.0 and the decimal 1.0 are three different values. No {@code toString} shows content.
 */
public sealed interface Value
        permits Value.Null,
                Value.Bool,
                Value.Int,
                Value.BigInt,
                Value.Float,
                Value.Decimal,
                Value.Time,
                Value.Text,
                Value.Bin,
                Value.Array,
                FluxMap {

    Null NULL = new Null();
    Bool TRUE = new Bool(true);
    Bool FALSE = new Bool(false);

    static Bool of(boolean value) {
        return value ? TRUE : FALSE;
    }

    static Int of(long value) {
        return new Int(value);
    }

    /** An integer of any size up to 128 bytes of magnitude: an {@link Int} where it fits, a {@link BigInt} elsewhere. */
    static Value of(BigInteger value) {
        return value.bitLength() < 64 ? new Int(value.longValueExact()) : new BigInt(value);
    }

    static Float of(double value) {
        return new Float(value);
    }

    static Decimal of(BigDecimal value) {
        return new Decimal(value);
    }

    static Time of(Instant value) {
        return new Time(value);
    }

    static Text of(String value) {
        return new Text(value);
    }

    static Bin of(Bytes value) {
        return new Bin(value);
    }

    static Array of(List<? extends Value> items) {
        return new Array(List.copyOf(items));
    }

    /** What kind of value this is, in the words of FORMATS section 2. */
    default String kind() {
        return switch (this) {
            case Null n -> "null";
            case Bool b -> "bool";
            case Int i -> "int";
            case BigInt b -> "bignum";
            case Float f -> "float";
            case Decimal d -> "decimal";
            case Time t -> "time";
            case Text t -> "text";
            case Bin b -> "bytes";
            case Array a -> "array";
            case FluxMap m -> "map";
        };
    }

    record Null() implements Value {
        @Override
        public String toString() {
            return "null";
        }
    }

    record Bool(boolean value) implements Value {
        @Override
        public String toString() {
            return "bool";
        }
    }

    /** An integer in the range of {@code long}. */
    record Int(long value) implements Value {
        @Override
        public String toString() {
            return "int";
        }
    }

    /** An integer outside the range of {@code long}, at most 128 bytes of magnitude. */
    record BigInt(BigInteger value) implements Value {
        public BigInt {
            if (value.bitLength() < 64) {
                throw new IllegalArgumentException("an integer in the range of long is an Int");
            }
            // CBOR writes -1-n for negatives, so the magnitude that counts is that of the complement.
            if (value.bitLength() > 128 * 8) {
                throw new FluxException(SignalError.LIMIT, "a bignum has more than 128 bytes");
            }
        }

        @Override
        public String toString() {
            return "bignum";
        }
    }

    /** Any f64; every NaN is the same NaN, -0.0 is not 0.0. */
    record Float(double value) implements Value {
        public Float {
            if (value != value) {
                value = Double.NaN;
            }
        }

        @Override
        public String toString() {
            return "float";
        }
    }

    /** An exact number whose scale is kept: 100.00 is not 100. Scale -999..999, mantissa at most 128 bytes. */
    final class Decimal implements Value {
        private final BigDecimal value;

        /** What encoding asks for again and again; meaningless where the mantissa does not fit. */
        private final long mantissa;

        private final boolean fits;

        public Decimal(BigDecimal value) {
            BigInteger unscaled = value.unscaledValue();
            if (value.scale() < -999 || value.scale() > 999) {
                throw new FluxException(SignalError.LIMIT, "a decimal's scale lies outside -999..999");
            }
            if (unscaled.bitLength() > 128 * 8) {
                throw new FluxException(SignalError.LIMIT, "a decimal's mantissa has more than 128 bytes");
            }
            this.value = value;
            this.fits = unscaled.bitLength() < 64;
            this.mantissa = unscaled.longValue();
        }

        /** For the decoder, which has checked the scale. */
        Decimal(long mantissa, int scale) {
            this.value = BigDecimal.valueOf(mantissa, scale);
            this.fits = true;
            this.mantissa = mantissa;
        }

        public BigDecimal value() {
            return value;
        }

        boolean fitsLong() {
            return fits;
        }

        long mantissa() {
            return mantissa;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Decimal that && value.equals(that.value);
        }

        @Override
        public int hashCode() {
            return value.hashCode();
        }

        @Override
        public String toString() {
            return "decimal";
        }
    }

    record Time(Instant value) implements Value {
        @Override
        public String toString() {
            return "time";
        }
    }

    /** Well-formed Unicode text, kept as given. */
    final class Text implements Value {
        private final String value;

        /** Bytes in UTF-8: counted once, here, where well-formedness is checked. */
        private final int length;

        public Text(String value) {
            this(value, Utf8.length(value));
        }

        /** For the decoder, which has checked the bytes. */
        Text(String value, int length) {
            this.value = value;
            this.length = length;
        }

        /** Text of bytes {@code [from, to)}, which the caller has seen to be ASCII. */
        public static Text ofAscii(byte[] bytes, int from, int to) {
            return new Text(new String(bytes, from, to - from, StandardCharsets.ISO_8859_1), to - from);
        }

        public String value() {
            return value;
        }

        /** Whether every character is one of ASCII. */
        public boolean isAscii() {
            return length == value.length();
        }

        int utf8Length() {
            return length;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Text that && value.equals(that.value);
        }

        @Override
        public int hashCode() {
            return value.hashCode();
        }

        @Override
        public String toString() {
            return "text[" + value.length() + "]";
        }
    }

    record Bin(Bytes value) implements Value {
        @Override
        public String toString() {
            return "bytes[" + value.length() + "]";
        }
    }

    record Array(List<Value> items) implements Value {
        public Array {
            items = List.copyOf(items);
        }

        @Override
        public String toString() {
            return "array[" + items.size() + "]";
        }
    }
}
