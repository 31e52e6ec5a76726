package io.fluxrig.signal;

/** UTF-8 lengths and well-formedness of Java strings, without allocation. */
final class Utf8 {
    private Utf8() {}

    static void requireWellFormed(String text) {
        length(text);
    }

    /** Bytes that {@code text} takes in UTF-8 (RFC 3629); a lone surrogate is refused. */
    static int length(String text) {
        int chars = text.length();
        int bytes = chars;
        for (int i = 0; i < chars; i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                continue;
            }
            if (c < 0x800) {
                bytes++;
            } else if (!Character.isSurrogate(c)) {
                bytes += 2;
            } else {
                if (!Character.isHighSurrogate(c) || i + 1 == chars || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    throw new FluxException(SignalError.TEXT, "text holds a lone surrogate at character " + i);
                }
                bytes += 2; // two chars, four bytes
                i++;
            }
        }
        return bytes;
    }

    /** Writes {@code text} (well formed) and returns the offset after it. */
    static int write(String text, byte[] target, int offset) {
        int chars = text.length();
        for (int i = 0; i < chars; i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                target[offset++] = (byte) c;
            } else if (c < 0x800) {
                target[offset++] = (byte) (0xc0 | c >> 6);
                target[offset++] = (byte) (0x80 | c & 0x3f);
            } else if (!Character.isSurrogate(c)) {
                target[offset++] = (byte) (0xe0 | c >> 12);
                target[offset++] = (byte) (0x80 | c >> 6 & 0x3f);
                target[offset++] = (byte) (0x80 | c & 0x3f);
            } else {
                int point = Character.toCodePoint(c, text.charAt(++i));
                target[offset++] = (byte) (0xf0 | point >> 18);
                target[offset++] = (byte) (0x80 | point >> 12 & 0x3f);
                target[offset++] = (byte) (0x80 | point >> 6 & 0x3f);
                target[offset++] = (byte) (0x80 | point & 0x3f);
            }
        }
        return offset;
    }

    /** Orders two keys as their CBOR encodings sort: by length in bytes, then byte by byte (RFC 8949 section 4.2.1). */
    static int compareAsKeys(String a, String b) {
        int byLength = Integer.compare(length(a), length(b));
        return byLength != 0 ? byLength : compareCodePoints(a, b);
    }

    private static int compareCodePoints(String a, String b) {
        int shared = Math.min(a.length(), b.length());
        for (int i = 0; i < shared; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                // UTF-8 order is code point order: surrogates stand for the highest points.
                boolean xHigh = Character.isSurrogate(x);
                boolean yHigh = Character.isSurrogate(y);
                return xHigh == yHigh ? Character.compare(x, y) : xHigh ? 1 : -1;
            }
        }
        return Integer.compare(a.length(), b.length());
    }
}
