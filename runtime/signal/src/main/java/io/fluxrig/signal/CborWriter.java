package io.fluxrig.signal;

import java.math.BigInteger;

/** Writes values into an array that is large enough; {@link CborSize} has checked limits. */
final class CborWriter {
    private CborWriter() {}

    static int write(Value value, byte[] target, int at) {
        switch (value) {
            case Value.Null n -> target[at++] = (byte) 0xf6;
            case Value.Bool b -> target[at++] = (byte) (b.value() ? 0xf5 : 0xf4);
            case Value.Int i -> at = integer(i.value(), target, at);
            case Value.BigInt b -> at = big(b.value(), target, at);
            case Value.Float f -> at = floating(f.value(), target, at);
            case Value.Decimal d -> {
                target[at++] = (byte) 0xc4;
                target[at++] = (byte) 0x82;
                at = integer(-d.value().scale(), target, at);
                BigInteger mantissa = d.value().unscaledValue();
                at = mantissa.bitLength() < 64 ? integer(mantissa.longValue(), target, at) : big(mantissa, target, at);
            }
            case Value.Time t -> at = time(t, target, at);
            case Value.Text t -> at = text(t.value(), target, at);
            case Value.Bin b -> at = bytes(b.value(), target, at);
            case Value.Array a -> {
                at = head(4, a.items().size(), target, at);
                for (int i = 0; i < a.items().size(); i++) {
                    at = write(a.items().get(i), target, at);
                }
            }
            case FluxMap m -> {
                at = head(5, m.size(), target, at);
                for (int i = 0; i < m.size(); i++) {
                    at = text(m.keyAt(i), target, at);
                    at = write(m.valueAt(i), target, at);
                }
            }
        }
        return at;
    }

    static int integer(long value, byte[] target, int at) {
        return value < 0 ? head(1, ~value, target, at) : head(0, value, target, at);
    }

    static int text(String text, byte[] target, int at) {
        return Utf8.write(text, target, head(3, Utf8.length(text), target, at));
    }

    static int bytes(Bytes bytes, byte[] target, int at) {
        at = head(2, bytes.length(), target, at);
        bytes.copyInto(target, at);
        return at + bytes.length();
    }

    private static int time(Value.Time time, byte[] target, int at) {
        int nanos = time.value().getNano();
        target[at++] = (byte) 0xd9;
        target[at++] = 0x03;
        target[at++] = (byte) 0xe9;
        target[at++] = (byte) (nanos == 0 ? 0xa1 : 0xa2);
        target[at++] = 0x01;
        at = integer(time.value().getEpochSecond(), target, at);
        if (nanos != 0) {
            target[at++] = 0x28; // -9
            at = integer(nanos, target, at);
        }
        return at;
    }

    private static int big(BigInteger value, byte[] target, int at) {
        BigInteger argument = CborSize.argument(value);
        int major = value.signum() < 0 ? 1 : 0;
        if (argument.bitLength() <= 64) {
            return head(major, argument.longValue(), target, at);
        }
        target[at++] = (byte) (0xc2 + major);
        byte[] magnitude = argument.toByteArray();
        int skip = magnitude[0] == 0 ? 1 : 0;
        at = head(2, magnitude.length - skip, target, at);
        System.arraycopy(magnitude, skip, target, at, magnitude.length - skip);
        return at + magnitude.length - skip;
    }

    private static int floating(double value, byte[] target, int at) {
        if (CborFloat.isHalf(value)) {
            int bits = value != value ? 0x7e00 : Float.floatToFloat16((float) value) & 0xffff;
            target[at++] = (byte) 0xf9;
            return number(bits, 2, target, at);
        }
        if (CborFloat.isSingle(value)) {
            target[at++] = (byte) 0xfa;
            return number(Float.floatToRawIntBits((float) value) & 0xffffffffL, 4, target, at);
        }
        target[at++] = (byte) 0xfb;
        return number(Double.doubleToRawLongBits(value), 8, target, at);
    }

    /** The shortest head; {@code argument} is unsigned. */
    static int head(int major, long argument, byte[] target, int at) {
        int initial = major << 5;
        if (argument >>> 32 != 0) {
            target[at++] = (byte) (initial | 27);
            return number(argument, 8, target, at);
        }
        if (argument < 24) {
            target[at++] = (byte) (initial | (int) argument);
            return at;
        }
        if (argument < 0x100) {
            target[at++] = (byte) (initial | 24);
            target[at++] = (byte) argument;
            return at;
        }
        int width = argument < 0x10000 ? 2 : 4;
        target[at++] = (byte) (initial | (width == 2 ? 25 : 26));
        return number(argument, width, target, at);
    }

    private static int number(long value, int width, byte[] target, int at) {
        for (int shift = (width - 1) * 8; shift >= 0; shift -= 8) {
            target[at++] = (byte) (value >>> shift);
        }
        return at;
    }
}
