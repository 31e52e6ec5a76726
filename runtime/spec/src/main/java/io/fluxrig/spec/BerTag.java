package io.fluxrig.spec;

/** Tags of BER-TLV as EMV writes them: one byte, or more where its last five bits are set. */
final class BerTag {
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();
    private static final int MAX_OCTETS = 4;
    private static final int CONSTRUCTED = 0x20;

    /** The names of tags of one and two bytes, so that reading makes no new ones. */
    private static final String[] SHORT = new String[256];

    private static final String[] TWO = new String[1 << 16];

    static {
        for (int i = 0; i < SHORT.length; i++) {
            SHORT[i] = "" + HEX[i >> 4] + HEX[i & 15];
        }
    }

    private BerTag() {}

    /** Reads one and returns it in upper-case hex. */
    static String read(WireCursor cursor) {
        int from = cursor.take(1);
        int first = cursor.bytes[from] & 0xff;
        if ((first & 0x1f) != 0x1f) {
            return SHORT[first];
        }
        int octets = 1;
        do {
            if (octets == MAX_OCTETS) {
                throw cursor.stop("a tag of more than " + MAX_OCTETS + " bytes");
            }
            cursor.take(1);
            octets++;
        } while (cursor.bytes[from + octets - 1] < 0);
        int both = first << 8 | cursor.bytes[from + 1] & 0xff;
        if (octets == 2 && TWO[both] != null) {
            return TWO[both];
        }
        char[] tag = new char[2 * octets];
        for (int i = 0; i < octets; i++) {
            tag[2 * i] = HEX[cursor.bytes[from + i] >> 4 & 15];
            tag[2 * i + 1] = HEX[cursor.bytes[from + i] & 15];
        }
        String name = new String(tag);
        if (octets == 2) {
            // A race only makes it twice.
            TWO[both] = name;
        }
        return name;
    }

    /** Whether the value of this tag is tags again. */
    static boolean isConstructed(String tag) {
        return (octet(tag, 0) & CONSTRUCTED) != 0;
    }

    /** Whether this text is exactly one tag. */
    static boolean isTag(String text) {
        if (text.isEmpty() || (text.length() & 1) == 1 || text.length() > 2 * MAX_OCTETS) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && (c < 'A' || c > 'F')) {
                return false;
            }
        }
        boolean more = (octet(text, 0) & 0x1f) == 0x1f;
        for (int i = 1; i < text.length() / 2; i++) {
            if (!more) {
                return false;
            }
            more = (octet(text, i) & 0x80) != 0;
        }
        return !more;
    }

    private static int octet(String text, int index) {
        return nibble(text.charAt(2 * index)) << 4 | nibble(text.charAt(2 * index + 1));
    }

    /** Of a digit that is known to be one. */
    private static int nibble(char digit) {
        return digit <= '9' ? digit - '0' : digit - 'A' + 10;
    }

    static void write(String tag, WireBuffer out) {
        for (int i = 0; i < tag.length() / 2; i++) {
            out.put(octet(tag, i));
        }
    }
}
