package io.fluxrig.signal;

import java.math.BigInteger;

/** How many bytes a value takes, so that encoding allocates its result and nothing else. */
final class CborSize {
    /** An array, map or tag at this depth is refused, and so is any item one deeper. */
    static final int MAX_DEPTH = 16;

    private CborSize() {}

    /** The common kinds first and by class: a switch over patterns costs more than all of the rest. */
    static int of(Value value, int depth) {
        if (value instanceof Value.Text t) {
            return head(t.utf8Length()) + t.utf8Length();
        }
        if (value instanceof Value.Int i) {
            return integer(i.value());
        }
        if (value instanceof Value.Decimal d) {
            return decimal(d, depth);
        }
        if (value instanceof FluxMap m) {
            return map(m, depth);
        }
        return ofOther(value, depth);
    }

    private static int ofOther(Value value, int depth) {
        return switch (value) {
            case Value.Null n -> 1;
            case Value.Bool b -> 1;
            case Value.Int i -> integer(i.value());
            case Value.BigInt b -> big(b.value(), depth);
            case Value.Float f -> CborFloat.isHalf(f.value()) ? 3 : CborFloat.isSingle(f.value()) ? 5 : 9;
            case Value.Decimal d -> decimal(d, depth);
            case Value.Time t -> time(t, depth);
            case Value.Text t -> head(t.utf8Length()) + t.utf8Length();
            case Value.Bin b -> bytes(b.value());
            case Value.Array a -> array(a, depth);
            case FluxMap m -> map(m, depth);
        };
    }

    private static int decimal(Value.Decimal decimal, int depth) {
        nest(depth);
        nest(depth + 1);
        int scale = decimal.value().scale();
        int exponentAndHeads = 2 + integer(-scale);
        return decimal.fitsLong()
                ? exponentAndHeads + integer(decimal.mantissa())
                : exponentAndHeads + big(decimal.value().unscaledValue(), depth + 2);
    }

    private static int time(Value.Time time, int depth) {
        nest(depth);
        nest(depth + 1);
        int nanos = time.value().getNano();
        return 3 + 1 + 1 + integer(time.value().getEpochSecond()) + (nanos == 0 ? 0 : 1 + head(nanos));
    }

    private static int array(Value.Array array, int depth) {
        nest(depth);
        int count = array.items().size();
        int size = head(count);
        for (int i = 0; i < count; i++) {
            size = plus(size, of(array.items().get(i), depth + 1));
        }
        return size;
    }

    private static int map(FluxMap map, int depth) {
        int known = map.measuredSize(depth);
        return known >= 0 ? known : measure(map, depth);
    }

    private static int measure(FluxMap map, int depth) {
        nest(depth);
        int count = map.size();
        int size = head(count);
        for (int i = 0; i < count; i++) {
            size = plus(size, map.key(i).encodedSize() + of(map.valueAt(i), depth + 1));
        }
        map.measured(size, depth);
        return size;
    }

    /** Shared values can add up to more than an array holds. */
    private static int plus(int size, int more) {
        int sum = size + more;
        if (sum < 0) {
            throw new FluxException(SignalError.LIMIT, "the encoding has more than 2 GiB");
        }
        return sum;
    }

    static int text(Value.Text text) {
        return head(text.utf8Length()) + text.utf8Length();
    }

    static int bytes(Bytes bytes) {
        return head(bytes.length()) + bytes.length();
    }

    private static void nest(int depth) {
        if (depth >= MAX_DEPTH) {
            throw new FluxException(SignalError.LIMIT, "nested deeper than " + MAX_DEPTH);
        }
    }

    /** Bytes of a head whose argument is this unsigned number (RFC 8949 section 3). */
    static int head(long argument) {
        if (argument >>> 32 != 0) {
            return 9;
        }
        return argument < 24 ? 1 : argument < 0x100 ? 2 : argument < 0x10000 ? 3 : 5;
    }

    /** Bytes of an integer: CBOR writes -1-n for negatives. */
    static int integer(long value) {
        return head(value ^ value >> 63);
    }

    private static int big(BigInteger value, int depth) {
        int bits = value.bitLength(); // of -1-n where n is negative
        if (bits <= 64) {
            return 9;
        }
        nest(depth);
        int bytes = (bits + 7) / 8;
        return 1 + head(bytes) + bytes;
    }
}
