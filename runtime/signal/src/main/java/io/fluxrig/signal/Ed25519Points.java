package io.fluxrig.signal;

import java.math.BigInteger;
import java.util.HexFormat;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What strict Ed25519 verification checks before any curve arithmetic (FORMATS section 6): canonical encodings, S below the group order, and
 * points that are not of small order.
 */
final class Ed25519Points {
    private static final BigInteger P = BigInteger.ONE.shiftLeft(255).subtract(BigInteger.valueOf(19));
    private static final BigInteger L =
            BigInteger.ONE.shiftLeft(252).add(new BigInteger("27742317777372353535851937790883648493"));

    /** Canonical encodings of the eight points whose order divides 8 (RFC 8032 section 5.1). */
    private static final Set<Bytes> SMALL_ORDER = Stream.of(
                    "0100000000000000000000000000000000000000000000000000000000000000",
                    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                    "0000000000000000000000000000000000000000000000000000000000000000",
                    "0000000000000000000000000000000000000000000000000000000000000080",
                    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
                    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
                    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
                    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa")
            .map(hex -> Bytes.wrap(HexFormat.of().parseHex(hex)))
            .collect(Collectors.toUnmodifiableSet());

    private Ed25519Points() {}

    /** Whether 32 bytes are the one encoding of their point, and that point is not of small order. */
    static boolean isProper(Bytes point) {
        byte[] y = point.toArray();
        boolean negative = (y[31] & 0x80) != 0;
        y[31] &= 0x7f;
        BigInteger coordinate = littleEndian(y);
        if (coordinate.compareTo(P) >= 0) {
            return false;
        }
        // x = 0 has no sign: y = 1 and y = -1 with the sign bit are second encodings.
        boolean xIsZero = coordinate.equals(BigInteger.ONE) || coordinate.equals(P.subtract(BigInteger.ONE));
        return !(xIsZero && negative) && !SMALL_ORDER.contains(point);
    }

    static boolean isBelowOrder(byte[] scalar) {
        return littleEndian(scalar).compareTo(L) < 0;
    }

    private static BigInteger littleEndian(byte[] bytes) {
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return new BigInteger(1, reversed);
    }
}
