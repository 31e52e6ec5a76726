package io.fluxrig.signal;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/**
 * Reads values strictly: every departure from what {@link CborWriter} writes is refused with offset and rule, before anything is
 * allocated that the input is too short for.
 */
final class CborReader extends CborCursor {
    private static final int MAX_BIGNUM = 128;

    /** Room made for items before they are read; a bomb promises more than it holds. */
    private static final int FIRST_ROOM = 64;

    CborReader(byte[] bytes, int from, int to) {
        super(bytes, from, to);
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
            case 1 ->
                argument >= 0
                        ? new Value.Int(~argument)
                        : Value.of(unsigned(argument).not());
            case 2 -> new Value.Bin(bytes(argument, start));
            case 3 -> text(argument, start);
            case 4 -> array(argument, start, depth);
            case 5 -> map(argument, start, depth);
            default -> tagged(argument, start, depth);
        };
    }

    private static BigInteger unsigned(long argument) {
        return new BigInteger(Long.toUnsignedString(argument));
    }

    private Value simple(int info, int start) {
        return switch (info) {
            case 20 -> Value.FALSE;
            case 21 -> Value.TRUE;
            case 22 -> Value.NULL;
            case 25 -> half((short) two(start), start);
            case 26 -> single(four(start), start);
            case 27 -> full(eight(start), start);
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

    private Value.Text text(long argument, int start) {
        int length = length(argument, start);
        String text = Utf8.read(bytes, at, length, start);
        at += length;
        return new Value.Text(text, length);
    }

    private Value array(long argument, int start, int depth) {
        int count = length(argument, start); // each item takes a byte at least
        Value[] items = new Value[Math.min(count, FIRST_ROOM)];
        for (int i = 0; i < count; i++) {
            if (i == items.length) {
                items = Arrays.copyOf(items, Math.min(count, i * 2));
            }
            items[i] = value(depth + 1);
        }
        return new Value.Array(List.of(items));
    }

    /** How many entries a map has whose head was just read: an entry takes two bytes at least. */
    private int entries(long argument, int start) {
        if (argument < 0 || argument > (end - at) / 2) {
            throw new CborException(start, TRUNCATED);
        }
        return (int) argument;
    }

    private FluxMap map(long argument, int start, int depth) {
        int count = entries(argument, start);
        Key[] keys = new Key[Math.min(count, FIRST_ROOM)];
        Value[] values = new Value[keys.length];
        Key previous = null;
        for (int i = 0; i < count; i++) {
            if (i == keys.length) {
                int room = Math.min(count, i * 2);
                keys = Arrays.copyOf(keys, room);
                values = Arrays.copyOf(values, room);
            }
            previous = keyAfter(previous);
            keys[i] = previous;
            values[i] = value(depth + 1);
        }
        FluxMap map = FluxMap.ofSorted(keys, values);
        map.measured(at - start, depth);
        return map;
    }

    /** Reads a map key, which is text and sorts after the one before it. */
    private Key keyAfter(Key previous) {
        int start = at;
        Key key = key();
        if (previous != null) {
            int order = Key.compare(previous, key);
            if (order >= 0) {
                throw new CborException(start, order == 0 ? "duplicate-key" : "unsorted-keys");
            }
        }
        return key;
    }

    /** Reads text that is likely to come again. */
    Key key() {
        int start = at;
        int initial = octet();
        if (initial >> 5 != 3) {
            throw new CborException(start, "key-not-text");
        }
        int length = length(argument(initial & 31, start), start);
        int textAt = at;
        at += length;
        return Key.read(bytes, start, textAt, at);
    }

    /** Reads a map of text to text; null where a value is something else. */
    TextMap textMap() {
        int start = at;
        int initial = octet();
        if (initial >> 5 != 5) {
            return null;
        }
        int count = entries(argument(initial & 31, start), start);
        Key[] keys = new Key[Math.min(count, FIRST_ROOM)];
        Value.Text[] values = new Value.Text[keys.length];
        Key previous = null;
        for (int i = 0; i < count; i++) {
            if (i == keys.length) {
                int room = Math.min(count, i * 2);
                keys = Arrays.copyOf(keys, room);
                values = Arrays.copyOf(values, room);
            }
            previous = keyAfter(previous);
            keys[i] = previous;
            if (at >= end || (bytes[at] & 0xff) >> 5 != 3) {
                return null;
            }
            values[i] = (Value.Text) value(2);
        }
        return TextMap.ofSorted(keys, values);
    }

    private Value tagged(long tag, int start, int depth) {
        if (tag == 2 || tag == 3) {
            return Value.of(bignum(tag == 3, start));
        }
        if (tag == 4) {
            return decimal(depth);
        }
        if (tag == 1001) {
            return time(depth);
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

    private Value decimal(int depth) {
        nested(depth);
        int form = at;
        if (octet() != 0x82) {
            throw new CborException(form, "decimal-form");
        }
        int exponentAt = at;
        long exponent = integer("decimal-form");
        if (exponent < -999 || exponent > 999) {
            throw new CborException(exponentAt, "decimal-exponent");
        }
        int mantissaAt = at;
        return switch (value(depth + 2)) {
            case Value.Int i -> new Value.Decimal(i.value(), (int) -exponent);
            case Value.BigInt b -> new Value.Decimal(new BigDecimal(b.value(), (int) -exponent));
            default -> throw new CborException(mantissaAt, "decimal-form");
        };
    }

    /** An array or map inside the tag at {@code depth}. */
    private void nested(int depth) {
        if (depth + 1 >= CborSize.MAX_DEPTH) {
            throw new CborException(at, "depth");
        }
    }

    private Value time(int depth) {
        nested(depth);
        int form = at;
        int count = octet();
        if (count != 0xa1 && count != 0xa2 || octet() != 0x01) {
            throw new CborException(form, "time-form");
        }
        int secondsAt = at;
        long seconds = integer("time-form");
        if (seconds < Instant.MIN.getEpochSecond() || seconds > Instant.MAX.getEpochSecond()) {
            throw new CborException(secondsAt, "time-range");
        }
        long nanos = 0;
        if (count == 0xa2) {
            if (octet() != 0x28) {
                throw new CborException(at - 1, "time-form");
            }
            int nanosAt = at;
            nanos = integer("time-form");
            if (nanos < 1 || nanos > 999_999_999) {
                throw new CborException(nanosAt, "time-nanoseconds");
            }
        }
        return new Value.Time(Instant.ofEpochSecond(seconds, nanos));
    }
}
