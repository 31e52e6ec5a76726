package io.fluxrig.signal;

import java.math.BigInteger;

/** Writes values into an array that is large enough; {@link CborSize} has checked limits. */
final class CborWriter {
    private CborWriter() {}

    /** The common kinds first and by class, as {@link CborSize} does. */
    static int write(Value value, byte[] target, int at) {
        if (value instanceof Value.Text t) {
            return text(t, target, at);
        }
        if (value instanceof Value.Int i) {
            return integer(i.value(), target, at);
        }
        if (value instanceof Value.Decimal d) {
            return decimal(d, target, at);
        }
        if (value instanceof FluxMap m) {
            return map(m, target, at);
        }
        return writeOther(value, target, at);
    }

    private static int writeOther(Value value, byte[] target, int at) {
        return switch (value) {
            case Value.Null n -> simple(0xf6, target, at);
            case Value.Bool b -> simple(b.value() ? 0xf5 : 0xf4, target, at);
            case Value.Int i -> integer(i.value(), target, at);
            case Value.BigInt b -> big(b.value(), target, at);
            case Value.Float f -> floating(f.value(), target, at);
            case Value.Decimal d -> decimal(d, target, at);
            case Value.Time t -> time(t, target, at);
            case Value.Text t -> text(t, target, at);
            case Value.Bin b -> bytes(b.value(), target, at);
            case Value.Array a -> array(a, target, at);
            case FluxMap m -> map(m, target, at);
        };
    }

    private static int simple(int octet, byte[] target, int at) {
        target[at] = (byte) octet;
        return at + 1;
    }

    private static int array(Value.Array array, byte[] target, int at) {
        int count = array.items().size();
        int next = head(4, count, target, at);
        for (int i = 0; i < count; i++) {
            next = write(array.items().get(i), target, next);
        }
        return next;
    }

    static int map(FluxMap map, byte[] target, int at) {
        int count = map.size();
        int next = head(5, count, target, at);
        for (int i = 0; i < count; i++) {
            next = write(map.valueAt(i), target, map.key(i).write(target, next));
        }
        return next;
    }

    static int integer(long value, byte[] target, int at) {
        return value < 0 ? head(1, ~value, target, at) : head(0, value, target, at);
    }

    static int text(Value.Text text, byte[] target, int at) {
        int length = text.utf8Length();
        return Utf8.write(text.value(), length, target, head(3, length, target, at));
    }

    static int bytes(Bytes bytes, byte[] target, int at) {
        int next = head(2, bytes.length(), target, at);
        bytes.copyInto(target, next);
        return next + bytes.length();
    }

    private static int decimal(Value.Decimal decimal, byte[] target, int at) {
        target[at] = (byte) 0xc4;
        target[at + 1] = (byte) 0x82;
        int next = integer(-decimal.value().scale(), target, at + 2);
        return decimal.fitsLong()
                ? integer(decimal.mantissa(), target, next)
                : big(decimal.value().unscaledValue(), target, next);
    }

    private static int time(Value.Time time, byte[] target, int at) {
        int nanos = time.value().getNano();
        target[at] = (byte) 0xd9;
        target[at + 1] = 0x03;
        target[at + 2] = (byte) 0xe9;
        target[at + 3] = (byte) (nanos == 0 ? 0xa1 : 0xa2);
        target[at + 4] = 0x01;
        int next = integer(time.value().getEpochSecond(), target, at + 5);
        if (nanos == 0) {
            return next;
        }
        target[next] = 0x28; // -9
        return integer(nanos, target, next + 1);
    }

    private static int big(BigInteger value, byte[] target, int at) {
        boolean negative = value.signum() < 0;
        BigInteger argument = negative ? value.not() : value;
        if (argument.bitLength() <= 64) {
            return head(negative ? 1 : 0, argument.longValue(), target, at);
        }
        target[at] = (byte) (negative ? 0xc3 : 0xc2);
        byte[] magnitude = argument.toByteArray();
        int skip = magnitude[0] == 0 ? 1 : 0;
        int next = head(2, magnitude.length - skip, target, at + 1);
        System.arraycopy(magnitude, skip, target, next, magnitude.length - skip);
        return next + magnitude.length - skip;
    }

    private static int floating(double value, byte[] target, int at) {
        if (CborFloat.isHalf(value)) {
            short bits = value != value ? 0x7e00 : Float.floatToFloat16((float) value);
            target[at] = (byte) 0xf9;
            Octets.SHORT.set(target, at + 1, bits);
            return at + 3;
        }
        if (CborFloat.isSingle(value)) {
            target[at] = (byte) 0xfa;
            Octets.INT.set(target, at + 1, Float.floatToRawIntBits((float) value));
            return at + 5;
        }
        target[at] = (byte) 0xfb;
        Octets.LONG.set(target, at + 1, Double.doubleToRawLongBits(value));
        return at + 9;
    }

    /** The shortest head; {@code argument} is unsigned. */
    static int head(int major, long argument, byte[] target, int at) {
        int initial = major << 5;
        if (argument >= 0 && argument < 24) {
            target[at] = (byte) (initial | (int) argument);
            return at + 1;
        }
        if (argument >>> 32 != 0) {
            target[at] = (byte) (initial | 27);
            Octets.LONG.set(target, at + 1, argument);
            return at + 9;
        }
        if (argument < 0x100) {
            target[at] = (byte) (initial | 24);
            target[at + 1] = (byte) argument;
            return at + 2;
        }
        if (argument < 0x10000) {
            target[at] = (byte) (initial | 25);
            Octets.SHORT.set(target, at + 1, (short) argument);
            return at + 3;
        }
        target[at] = (byte) (initial | 26);
        Octets.INT.set(target, at + 1, (int) argument);
        return at + 5;
    }
}
