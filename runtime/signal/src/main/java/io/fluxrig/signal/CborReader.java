package io.fluxrig.signal;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads values strictly: every departure from what {@link CborWriter} writes is refused with offset and rule, before anything is
 * allocated that the input is too short for.
 */
final class CborReader {
    private static final int MAX_BIGNUM = 128;

    private final byte[] bytes;
    private final int end;
    private int at;

    CborReader(byte[] bytes, int from, int to) {
        this.bytes = bytes;
        this.at = from;
        this.end = to;
    }

    int position() {
        return at;
    }

    boolean atEnd() {
        return at == end;
    }

    Value value(int depth) {
        int start = at;
        if (depth > CborSize.MAX_DEPTH) {
            throw new CborException(start, "depth");
        }
        int initial = octet();
        int major = initial >> 5;
        int info = initial & 31;
        if (major >= 4 && major <= 6 && depth >= CborSize.MAX_DEPTH) {
            throw new CborException(start, "depth");
        }
        if (major == 7) {
            return simple(info, start);
        }
        long argument = argument(info, start);
        return switch (major) {
            case 0 -> argument >= 0 ? new Value.Int(argument) : Value.of(unsigned(argument));
            case 1 -> argument >= 0 ? new Value.Int(~argument) : Value.of(unsigned(argument).not());
            case 2 -> new Value.Bin(bytes(argument, start));
            case 3 -> new Value.Text(text(argument, start));
            case 4 -> array(argument, start, depth);
            case 5 -> map(argument, start, depth);
            default -> tagged(argument, start, depth);
        };
    }

    private static BigInteger unsigned(long argument) {
        return new BigInteger(Long.toUnsignedString(argument));
    }

    private int octet() {
        if (at >= end) {
            throw new CborException(at, "truncated");
        }
        return bytes[at++] & 0xff;
    }

    private long fixed(int width, int start) {
        if (end - at < width) {
            throw new CborException(start, "truncated");
        }
        long value = 0;
        for (int i = 0; i < width; i++) {
            value = value << 8 | bytes[at++] & 0xff;
        }
        return value;
    }

    private long argument(int info, int start) {
        if (info < 24) {
            return info;
        }
        long value;
        switch (info) {
            case 24 -> {
                value = fixed(1, start);
                shortest(value >= 24, start);
            }
            case 25 -> {
                value = fixed(2, start);
                shortest(value >= 0x100, start);
            }
            case 26 -> {
                value = fixed(4, start);
                shortest(value >= 0x10000, start);
            }
            case 27 -> {
                value = fixed(8, start);
                shortest(value >>> 32 != 0, start);
            }
            case 31 -> throw new CborException(start, "indefinite-length");
            default -> throw new CborException(start, "reserved");
        }
        return value;
    }

    private static void shortest(boolean is, int start) {
        if (!is) {
            throw new CborException(start, "not-shortest");
        }
    }

    private Value simple(int info, int start) {
        return switch (info) {
            case 20 -> Value.FALSE;
            case 21 -> Value.TRUE;
            case 22 -> Value.NULL;
            case 25 -> half((short) fixed(2, start), start);
            case 26 -> single((int) fixed(4, start), start);
            case 27 -> full(fixed(8, start), start);
            case 28, 29, 30 -> throw new CborException(start, "reserved");
            case 31 -> throw new CborException(start, "unexpected-break");
            default -> throw new CborException(start, "simple-value");
        };
    }

    private static Value half(short bits, int start) {
        float value = Float.float16ToFloat(bits);
        if (value != value && bits != 0x7e00) {
            throw new CborException(start, "nan");
        }
        return new Value.Float(value);
    }

    private static Value single(int bits, int start) {
        float value = Float.intBitsToFloat(bits);
        if (value != value) {
            throw new CborException(start, "nan");
        }
        shortest(!CborFloat.isHalf(value), start);
        return new Value.Float(value);
    }

    private static Value full(long bits, int start) {
        double value = Double.longBitsToDouble(bits);
        if (value != value) {
            throw new CborException(start, "nan");
        }
        shortest(!CborFloat.isSingle(value), start);
        return new Value.Float(value);
    }

    private int length(long argument, int start) {
        if (argument < 0 || argument > end - at) {
            throw new CborException(start, "truncated");
        }
        return (int) argument;
    }

    private Bytes bytes(long argument, int start) {
        int length = length(argument, start);
        Bytes value = Bytes.copyOf(bytes, at, at + length);
        at += length;
        return value;
    }

    private String text(long argument, int start) {
        int length = length(argument, start);
        String text = Utf8.read(bytes, at, length, start);
        at += length;
        return text;
    }

    private Value array(long argument, int start, int depth) {
        int count = length(argument, start); // each item takes a byte at least
        List<Value> items = new ArrayList<>(Math.min(count, 64));
        for (int i = 0; i < count; i++) {
            items.add(value(depth + 1));
        }
        return new Value.Array(items);
    }

    private Value map(long argument, int start, int depth) {
        if (argument < 0 || argument > (end - at) / 2) {
            throw new CborException(start, "truncated");
        }
        int count = (int) argument;
        MapEntries entries = new MapEntries(Math.min(count, 64));
        int previousFrom = -1;
        int previousTo = -1;
        for (int i = 0; i < count; i++) {
            int from = at;
            String key = key();
            if (previousFrom >= 0) {
                inOrder(previousFrom, previousTo, from, at);
            }
            previousFrom = from;
            previousTo = at;
            entries.add(key, value(depth + 1));
        }
        return entries.toMap();
    }

    /** Reads a map key, which is text. */
    String key() {
        int start = at;
        int initial = octet();
        if (initial >> 5 != 3) {
            throw new CborException(start, "key-not-text");
        }
        return text(argument(initial & 31, start), start);
    }

    /** Encodings of shorter keys begin with smaller heads, so comparing bytes orders by length first. */
    private void inOrder(int from, int to, int nextFrom, int nextTo) {
        int order = Arrays.compareUnsigned(bytes, from, to, bytes, nextFrom, nextTo);
        if (order == 0) {
            throw new CborException(nextFrom, "duplicate-key");
        }
        if (order > 0) {
            throw new CborException(nextFrom, "unsorted-keys");
        }
    }

    private Value tagged(long tag, int start, int depth) {
        if (tag == 2 || tag == 3) {
            return Value.of(bignum(tag == 3, start));
        }
        if (tag == 4) {
            return decimal(start, depth);
        }
        if (tag == 1001) {
            return time(start, depth);
        }
        throw new CborException(start, "tag");
    }

    private BigInteger bignum(boolean negative, int start) {
        int head = at;
        int initial = octet();
        if (initial >> 5 != 2) {
            throw new CborException(head, "bignum-not-bytes");
        }
        int length = length(argument(initial & 31, head), head);
        if (length > MAX_BIGNUM) {
            throw new CborException(start, "bignum-too-large");
        }
        if (length > 0 && bytes[at] == 0) {
            throw new CborException(start, "bignum-leading-zero");
        }
        if (length <= 8) {
            throw new CborException(start, "bignum-not-shortest");
        }
        BigInteger magnitude = new BigInteger(1, bytes, at, length);
        at += length;
        return negative ? magnitude.not() : magnitude;
    }

    private Value decimal(int start, int depth) {
        nested(start, depth);
        if (octet() != 0x82) {
            throw new CborException(start, "decimal-form");
        }
        long exponent = integer("decimal-form");
        if (exponent < -999 || exponent > 999) {
            throw new CborException(start, "decimal-exponent");
        }
        int mantissaAt = at;
        Value mantissa = value(depth + 2);
        BigInteger unscaled =
                switch (mantissa) {
                    case Value.Int i -> BigInteger.valueOf(i.value());
                    case Value.BigInt b -> b.value();
                    default -> throw new CborException(mantissaAt, "decimal-form");
                };
        return new Value.Decimal(new BigDecimal(unscaled, (int) -exponent));
    }

    private void nested(int start, int depth) {
        if (depth + 1 >= CborSize.MAX_DEPTH) {
            throw new CborException(start, "depth");
        }
    }

    private long integer(String rule) {
        int start = at;
        int initial = octet();
        int major = initial >> 5;
        if (major > 1) {
            throw new CborException(start, rule);
        }
        long argument = argument(initial & 31, start);
        if (argument < 0) {
            throw new CborException(start, rule);
        }
        return major == 0 ? argument : ~argument;
    }

    private Value time(int start, int depth) {
        nested(start, depth);
        int count = octet();
        if (count != 0xa1 && count != 0xa2) {
            throw new CborException(start, "time-form");
        }
        if (octet() != 0x01) {
            throw new CborException(start, "time-form");
        }
        long seconds = integer("time-form");
        if (seconds < Instant.MIN.getEpochSecond() || seconds > Instant.MAX.getEpochSecond()) {
            throw new CborException(start, "time-range");
        }
        long nanos = 0;
        if (count == 0xa2) {
            if (octet() != 0x28) {
                throw new CborException(start, "time-form");
            }
            nanos = integer("time-form");
            if (nanos < 1 || nanos > 999_999_999) {
                throw new CborException(start, "time-nanoseconds");
            }
        }
        return new Value.Time(Instant.ofEpochSecond(seconds, nanos));
    }

    /** Collects a map whose order has been checked on the bytes. */
    private static final class MapEntries {
        private String[] keys;
        private Value[] values;
        private int size;

        MapEntries(int capacity) {
            keys = new String[capacity];
            values = new Value[capacity];
        }

        void add(String key, Value value) {
            if (size == keys.length) {
                int larger = Math.max(8, size * 2);
                keys = Arrays.copyOf(keys, larger);
                values = Arrays.copyOf(values, larger);
            }
            keys[size] = key;
            values[size++] = value;
        }

        FluxMap toMap() {
            return size == keys.length
                    ? FluxMap.ofSorted(keys, values)
                    : FluxMap.ofSorted(Arrays.copyOf(keys, size), Arrays.copyOf(values, size));
        }
    }
}
