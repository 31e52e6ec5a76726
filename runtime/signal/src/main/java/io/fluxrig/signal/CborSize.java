package io.fluxrig.signal;

import java.math.BigInteger;

/** How many bytes a value takes, so that encoding allocates its result and nothing else. */
final class CborSize {
    /** An array, map or tag at this depth is refused, and so is any item one deeper. */
    static final int MAX_DEPTH = 16;

    static final BigInteger MAX_UINT = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

    private CborSize() {}

    static int of(Value value, int depth) {
        return switch (value) {
            case Value.Null n -> 1;
            case Value.Bool b -> 1;
            case Value.Int i -> head(i.value() < 0 ? ~i.value() : i.value());
            case Value.BigInt b -> ofBig(b.value(), depth);
            case Value.Float f -> ofFloat(f.value());
            case Value.Decimal d -> {
                nest(depth);
                nest(depth + 1);
                int exponent = -d.value().scale();
                yield 2 + head(exponent < 0 ? ~exponent : exponent) + ofInteger(d.value().unscaledValue(), depth + 2);
            }
            case Value.Time t -> {
                nest(depth);
                nest(depth + 1);
                long seconds = t.value().getEpochSecond();
                int nanos = t.value().getNano();
                yield 3 + 1 + 1 + head(seconds < 0 ? ~seconds : seconds) + (nanos == 0 ? 0 : 1 + head(nanos));
            }
            case Value.Text t -> {
                int length = Utf8.length(t.value());
                yield head(length) + length;
            }
            case Value.Bin b -> head(b.value().length()) + b.value().length();
            case Value.Array a -> {
                nest(depth);
                int size = head(a.items().size());
                for (int i = 0; i < a.items().size(); i++) {
                    size += of(a.items().get(i), depth + 1);
                }
                yield size;
            }
            case FluxMap m -> ofMap(m, depth);
        };
    }

    private static int ofMap(FluxMap map, int depth) {
        nest(depth);
        int size = head(map.size());
        for (int i = 0; i < map.size(); i++) {
            size += text(map.keyAt(i)) + of(map.valueAt(i), depth + 1);
        }
        return size;
    }

    static int text(String text) {
        int length = Utf8.length(text);
        return head(length) + length;
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

    static int ofInteger(BigInteger value, int depth) {
        return value.bitLength() < 64 ? head(magnitude(value.longValue())) : ofBig(value, depth);
    }

    private static long magnitude(long value) {
        return value < 0 ? ~value : value;
    }

    private static int ofBig(BigInteger value, int depth) {
        BigInteger argument = argument(value);
        if (argument.bitLength() <= 64) {
            return 9;
        }
        nest(depth);
        int bytes = (argument.bitLength() + 7) / 8;
        return 1 + head(bytes) + bytes;
    }

    /** n for n >= 0, and -1-n otherwise: what CBOR writes. */
    static BigInteger argument(BigInteger value) {
        return value.signum() < 0 ? value.not() : value;
    }

    private static int ofFloat(double value) {
        return CborFloat.isHalf(value) ? 3 : CborFloat.isSingle(value) ? 5 : 9;
    }
}
