package io.fluxrig.signal;

import java.util.Arrays;

/**
 * A map key and its encoding. Keys come back in every message, so the last ones seen are kept in a table of fixed size: a flood of
 * new ones costs time, never memory.
 */
final class Key {
    private static final int SLOTS = 1 << 12; // the upper 12 bits of a hash choose one
    private static final int MAX_KEPT = 48;
    private static final Key[] BY_TEXT = new Key[SLOTS];
    private static final Key[] BY_BYTES = new Key[SLOTS];

    private final String text;

    /** Head and UTF-8. */
    private final byte[] encoded;

    /** The first eight bytes of it, left-aligned: most keys are compared by this alone. */
    private final long head;

    private final int length;

    private Key(String text, byte[] encoded) {
        this.text = text;
        this.encoded = encoded;
        this.head = Octets.head(encoded, 0, encoded.length);
        this.length = encoded.length;
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
        long head = Octets.head(bytes, from, to);
        long mixed = (head ^ (length > 8 ? Octets.head(bytes, to - 8, to) : 0)) * 0x9e3779b97f4a7c15L;
        int slot = (int) (mixed >>> 52);
        Key kept = BY_BYTES[slot];
        if (kept != null && kept.head == head && kept.isEncodedAs(bytes, from, length)) {
            return kept;
        }
        Key key = of(Utf8.read(bytes, textAt, to - textAt, from));
        BY_BYTES[slot] = key;
        return key;
    }

    /** The heads have been compared. */
    private boolean isEncodedAs(byte[] bytes, int from, int itsLength) {
        return length == itsLength
                && (itsLength <= 8 || Arrays.equals(encoded, 8, itsLength, bytes, from + 8, from + itsLength));
    }

    /** Whether the item at {@code at} is this key. */
    boolean isAt(byte[] bytes, int at, int end) {
        return end - at >= length && Octets.head(bytes, at, at + length) == head && isEncodedAs(bytes, at, length);
    }

    String text() {
        return text;
    }

    int encodedSize() {
        return length;
    }

    /** Writes head and text, and returns the offset after them. Short keys are written as two words that overlap. */
    int write(byte[] target, int at) {
        if (length > 8) {
            System.arraycopy(encoded, 0, target, at, length);
        } else if (length == 8) {
            Octets.LONG.set(target, at, head);
        } else if (length >= 4) {
            Octets.INT.set(target, at, (int) (head >>> 32));
            Octets.INT.set(target, at + length - 4, (int) (head >>> 64 - 8 * length));
        } else if (length >= 2) {
            Octets.SHORT.set(target, at, (short) (head >>> 48));
            target[at + length - 1] = (byte) (head >>> 64 - 8 * length);
        } else {
            target[at] = (byte) (head >>> 56);
        }
        return at + length;
    }

    /** Deterministic order: bytewise by encoding, which puts shorter keys first (RFC 8949 section 4.2.1). */
    static int compare(Key a, Key b) {
        return a.head != b.head ? Long.compareUnsigned(a.head, b.head) : Arrays.compareUnsigned(a.encoded, b.encoded);
    }

    /** The same order, towards the key whose encoding is {@code [from, to)}. */
    int compareTo(byte[] bytes, int from, int to) {
        long other = Octets.head(bytes, from, to);
        return head != other
                ? Long.compareUnsigned(head, other)
                : Arrays.compareUnsigned(encoded, 0, length, bytes, from, to);
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
        return "key[" + length + "]";
    }
}
