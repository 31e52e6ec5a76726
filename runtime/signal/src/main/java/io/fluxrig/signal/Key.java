package io.fluxrig.signal;

import java.util.Arrays;

/**
 * A map key and its encoding. Keys come back in every message, so the last ones seen are kept in a table of fixed size: a flood of
 * new ones costs time, never memory.
 */
final class Key {
    private static final int SLOTS = 4096;
    private static final int MAX_KEPT = 48;
    private static final Key[] BY_TEXT = new Key[SLOTS];
    private static final Key[] BY_BYTES = new Key[SLOTS];

    private final String text;

    /** Head and UTF-8. */
    private final byte[] encoded;

    private Key(String text, byte[] encoded) {
        this.text = text;
        this.encoded = encoded;
    }

    static Key of(String text) {
        int hash = text.hashCode();
        int slot = (hash ^ hash >>> 16) & SLOTS - 1;
        // A race only loses an entry: all fields are final.
        Key kept = BY_TEXT[slot];
        if (kept != null && kept.text.equals(text)) {
            return kept;
        }
        int length = Utf8.length(text);
        byte[] encoded = new byte[CborSize.head(length) + length];
        Utf8.write(text, length, encoded, CborWriter.head(3, length, encoded, 0));
        Key key = new Key(text, encoded);
        if (encoded.length <= MAX_KEPT) {
            BY_TEXT[slot] = key;
        }
        return key;
    }

    /** The key whose encoding is {@code [from, to)}; its head has been checked, its text begins at {@code textAt}. */
    static Key read(byte[] bytes, int from, int textAt, int to) {
        int length = to - from;
        if (length > MAX_KEPT) {
            return new Key(Utf8.read(bytes, textAt, to - textAt, from), Arrays.copyOfRange(bytes, from, to));
        }
        int hash = length;
        for (int i = from; i < to; i++) {
            hash = hash * 31 + bytes[i];
        }
        int slot = (hash ^ hash >>> 16) & SLOTS - 1;
        Key kept = BY_BYTES[slot];
        if (kept != null && kept.isEncodedAs(bytes, from, length)) {
            return kept;
        }
        Key key = of(Utf8.read(bytes, textAt, to - textAt, from));
        BY_BYTES[slot] = key;
        return key;
    }

    private boolean isEncodedAs(byte[] bytes, int from, int length) {
        if (encoded.length != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (encoded[i] != bytes[from + i]) {
                return false;
            }
        }
        return true;
    }

    /** Whether the item at {@code at} is this key. */
    boolean isAt(byte[] bytes, int at, int end) {
        return end - at >= encoded.length && isEncodedAs(bytes, at, encoded.length);
    }

    String text() {
        return text;
    }

    int encodedSize() {
        return encoded.length;
    }

    /** Writes head and text, and returns the offset after them. */
    int write(byte[] target, int at) {
        byte[] source = encoded;
        int length = source.length;
        if (length > 12) {
            System.arraycopy(source, 0, target, at, length);
        } else {
            for (int i = 0; i < length; i++) {
                target[at + i] = source[i];
            }
        }
        return at + length;
    }

    /** Deterministic order: bytewise by encoding, which puts shorter keys first (RFC 8949 section 4.2.1). */
    static int compare(Key a, Key b) {
        return Arrays.compareUnsigned(a.encoded, b.encoded);
    }

    boolean is(String other) {
        return text.equals(other);
    }

    @Override
    public boolean equals(Object other) {
        return this == other || other instanceof Key that && Arrays.equals(encoded, that.encoded);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** Only the size: a hostile sender may put anything into a key. */
    @Override
    public String toString() {
        return "key[" + encoded.length + "]";
    }
}
