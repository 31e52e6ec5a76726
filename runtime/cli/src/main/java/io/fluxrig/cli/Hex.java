package io.fluxrig.cli;

/** Bytes as people and programs write them: two hex digits each. */
final class Hex {
    private Hex() {}

    /** Where the first character stands that makes it none; -1 where it is whole bytes. */
    static int bad(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > 127 || Character.digit(c, 16) < 0) {
                return i;
            }
        }
        return (text.length() & 1) == 0 ? -1 : text.length();
    }

    /** Of text that is not {@link #bad}. */
    static byte[] bytes(String text) {
        byte[] bytes = new byte[text.length() / 2];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] =
                    (byte) (Character.digit(text.charAt(2 * i), 16) << 4 | Character.digit(text.charAt(2 * i + 1), 16));
        }
        return bytes;
    }
}
