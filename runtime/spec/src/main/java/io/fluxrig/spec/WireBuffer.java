package io.fluxrig.spec;

import java.util.Arrays;

/** A frame that is being written. Grows by doubling; a spec's lengths bound it. */
final class WireBuffer {
    byte[] bytes;
    private int at;

    WireBuffer() {
        this(512);
    }

    WireBuffer(int capacity) {
        bytes = new byte[capacity];
    }

    void put(int octet) {
        if (at == bytes.length) {
            room(1);
        }
        bytes[at++] = (byte) octet;
    }

    void put(byte[] source) {
        put(source, source.length);
    }

    /** What another buffer holds. */
    void put(WireBuffer other) {
        put(other.bytes, other.at);
    }

    private void put(byte[] source, int length) {
        room(length);
        System.arraycopy(source, 0, bytes, at, length);
        at += length;
    }

    /** Moves over this many bytes, which the caller fills in {@link #bytes}, and returns where they begin. */
    int take(int count) {
        room(count);
        int from = at;
        at += count;
        return from;
    }

    int length() {
        return at;
    }

    /** Takes back everything from this offset on. */
    byte[] cut(int from) {
        byte[] taken = Arrays.copyOfRange(bytes, from, at);
        at = from;
        return taken;
    }

    private void room(int more) {
        if (bytes.length - at < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, at + more));
        }
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, at);
    }
}
