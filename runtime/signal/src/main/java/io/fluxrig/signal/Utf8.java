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
        for (int i = 0; i < chars; i++) {
            if (text.charAt(i) >= 0x80) {
                return i + lengthFrom(text, i);
            }
        }
        return chars;
    }

    private static int lengthFrom(String text, int from) {
        int chars = text.length();
        int bytes = 0;
        for (int i = from; i < chars; i++) {
            char c = text.charAt(i);
            if (!Character.isSurrogate(c)) {
                bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
            } else if (Character.isHighSurrogate(c) && i + 1 < chars && Character.isLowSurrogate(text.charAt(i + 1))) {
                bytes += 4;
                i++;
            } else {
                throw new FluxException(SignalError.TEXT, "text holds a lone surrogate at character " + i);
            }
        }
        return bytes;
    }

    /** Writes {@code text}, whose UTF-8 has {@code length} bytes, and returns the offset after it. */
    @SuppressWarnings("deprecation") // the copy of low bytes is exactly what ASCII needs, and nothing is faster
    static int write(String text, int length, byte[] target, int offset) {
        if (text.length() == length) {
            text.getBytes(0, length, target, offset);
            return offset + length;
        }
        return writePoints(text, target, offset);
    }

    private static int writePoints(String text, byte[] target, int offset) {
        int at = offset;
        for (int i = 0; i < text.length(); i++) {
            int point = text.codePointAt(i);
            if (point < 0x80) {
                target[at++] = (byte) point;
            } else if (point < 0x800) {
                target[at++] = (byte) (0xc0 | point >> 6);
                target[at++] = (byte) (0x80 | point & 0x3f);
            } else if (point < 0x10000) {
                target[at++] = (byte) (0xe0 | point >> 12);
                target[at++] = (byte) (0x80 | point >> 6 & 0x3f);
                target[at++] = (byte) (0x80 | point & 0x3f);
            } else {
                target[at++] = (byte) (0xf0 | point >> 18);
                target[at++] = (byte) (0x80 | point >> 12 & 0x3f);
                target[at++] = (byte) (0x80 | point >> 6 & 0x3f);
                target[at++] = (byte) (0x80 | point & 0x3f);
                i++;
            }
        }
        return at;
    }

    /** Reads strict UTF-8: no overlong forms, no surrogates (RFC 3629 section 3). {@code start} is told in errors. */
    @SuppressWarnings("deprecation") // for ASCII this constructor is exact, and looks up no charset
    static String read(byte[] bytes, int at, int length, int start) {
        int end = at + length;
        if (Octets.isAscii(bytes, at, end)) {
            return new String(bytes, 0, at, length);
        }
        int i = at;
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
}
