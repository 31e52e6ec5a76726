package io.fluxrig.signal;

import java.nio.charset.StandardCharsets;

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

    /** Reads strict UTF-8: no overlong forms, no surrogates (RFC 3629 section 3). {@code start} is told in errors. */
    static String read(byte[] bytes, int at, int length, int start) {
        int end = at + length;
        int i = at;
        while (i < end && bytes[i] >= 0) {
            i++;
        }
        if (i == end) {
            return new String(bytes, at, length, StandardCharsets.ISO_8859_1);
        }
        while (i < end) {
            i = afterPoint(bytes, i, end, start);
        }
        return new String(bytes, at, length, StandardCharsets.UTF_8);
    }

    private static int afterPoint(byte[] bytes, int i, int end, int start) {
        int lead = bytes[i] & 0xff;
        if (lead < 0x80) {
            return i + 1;
        }
        int more = lead < 0xc2 ? -1 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : lead < 0xf5 ? 3 : -1;
        if (more < 0 || end - i <= more) {
            throw new CborException(start, "utf-8");
        }
        int point = lead & 0x3f >> more;
        for (int k = 1; k <= more; k++) {
            int next = bytes[i + k] & 0xff;
            if (next >> 6 != 2) {
                throw new CborException(start, "utf-8");
            }
            point = point << 6 | next & 0x3f;
        }
        boolean overlong = more == 2 && point < 0x800 || more == 3 && point < 0x10000;
        if (overlong || point > 0x10ffff || point >= 0xd800 && point <= 0xdfff) {
            throw new CborException(start, "utf-8");
        }
        return i + 1 + more;
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
