package io.fluxrig.spec;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * A code page of EBCDIC as Unicode maps it: 256 octets, one each for the characters U+0000 to U+00FF. The JDK's own reads 15 and 25 both as a line feed, and so
 * would turn one into the other.
 */
final class Ebcdic {
    static final Ebcdic CP037 = new Ebcdic("IBM037");
    static final Ebcdic CP1047 = new Ebcdic("IBM1047");

    private static final int NEXT_LINE = 0x15;
    private static final int LINE_FEED = 0x25;

    private final byte[] characters = new byte[256];
    private final byte[] octets = new byte[256];

    private Ebcdic(String name) {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        char[] decoded = new String(all, Charset.forName(name)).toCharArray();
        decoded[NEXT_LINE] = '\u0085';
        decoded[LINE_FEED] = '\n';
        for (int i = 0; i < all.length; i++) {
            characters[i] = (byte) decoded[i];
            octets[decoded[i]] = (byte) i;
        }
    }

    String text(byte[] bytes, int from, int length) {
        byte[] latin = new byte[length];
        for (int i = 0; i < length; i++) {
            latin[i] = characters[bytes[from + i] & 0xff];
        }
        return new String(latin, StandardCharsets.ISO_8859_1);
    }

    /** @throws io.fluxrig.signal.FluxException ENCODE where a character has no octet */
    void write(String path, String text, WireBuffer out) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= octets.length) {
                throw Form.unfit(path, "holds a character that is not EBCDIC");
            }
            out.put(octets[c]);
        }
    }
}
