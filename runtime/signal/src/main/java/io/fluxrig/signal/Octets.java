package io.fluxrig.signal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Several bytes of an array at once, most significant first. */
final class Octets {
    static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);

    private static final long HIGH_BITS = 0x8080808080808080L;

    private Octets() {}

    static long longAt(byte[] bytes, int at) {
        return (long) LONG.get(bytes, at);
    }

    /** Up to eight bytes from {@code at} on, left-aligned; bytes after {@code to} count as zero. */
    static long head(byte[] bytes, int at, int to) {
        int count = to - at;
        if (at <= bytes.length - 8) {
            long eight = longAt(bytes, at);
            return count >= 8 ? eight : eight & ~(-1L >>> 8 * count);
        }
        long head = 0;
        for (int i = 0; i < 8; i++) {
            head = head << 8 | (i < count ? bytes[at + i] & 0xff : 0);
        }
        return head;
    }

    /** Whether all of {@code [from, to)} is below 0x80. */
    static boolean isAscii(byte[] bytes, int from, int to) {
        if (to - from < 8) {
            return (head(bytes, from, to) & HIGH_BITS) == 0;
        }
        long bits = longAt(bytes, to - 8);
        for (int at = from; at < to - 8; at += 8) {
            bits |= longAt(bytes, at);
        }
        return (bits & HIGH_BITS) == 0;
    }
}
