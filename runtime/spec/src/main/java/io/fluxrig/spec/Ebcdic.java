package io.fluxrig.spec;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * EBCDIC code page 037 as Unicode's CP037.TXT maps it: 256 octets, one each for the characters U+0000 to U+00FF. The JDK's own reads 15 and 25 both as a line
 * feed, and so would turn one into the other.
 */
final class Ebcdic {
    private static final int NEXT_LINE = 0x15;
    private static final int LINE_FEED = 0x25;
    private static final char[] CHARACTERS = characters();
    private static final byte[] OCTETS = octets();

    private Ebcdic() {}

    private static char[] characters() {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        char[] characters = new String(all, Charset.forName("IBM037")).toCharArray();
        characters[NEXT_LINE] = '\u0085';
        characters[LINE_FEED] = '\n';
        return characters;
    }

    private static byte[] octets() {
        byte[] octets = new byte[256];
        for (int i = 0; i < octets.length; i++) {
            octets[CHARACTERS[i]] = (byte) i;
        }
        return octets;
    }

    static String text(byte[] bytes, int from, int length) {
        byte[] latin = new byte[length];
        for (int i = 0; i < length; i++) {
            latin[i] = (byte) CHARACTERS[bytes[from + i] & 0xff];
        }
        return new String(latin, StandardCharsets.ISO_8859_1);
    }

    static boolean holds(char character) {
        return character < OCTETS.length;
    }

    /** The octet of a character that {@link #holds}. */
    static byte octet(char character) {
        return OCTETS[character];
    }
}
