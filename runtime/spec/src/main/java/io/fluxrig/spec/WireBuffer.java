package io.fluxrig.spec;

import java.util.Arrays;

/** A frame that is being written. Grows by doubling; a spec's lengths bound it. */
final class WireBuffer {
    private byte[] bytes = new byte[512];
    private int at;

    void put(int octet) {
        room(1);
        bytes[at++] = (byte) octet;
    }

    void put(byte[] source) {
        room(source.length);
        System.arraycopy(source, 0, bytes, at, source.length);
        at += source.length;
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
