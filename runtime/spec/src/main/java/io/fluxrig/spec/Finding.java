package io.fluxrig.spec;

import io.fluxrig.signal.ErrorCode;

/**
 * Something in a file that people write.
 *
 * @param line from 1
 * @param column from 1
 * @param warning whether the file can be used all the same
 */
public record Finding(String file, int line, int column, ErrorCode code, String what, String hint, boolean warning) {
    private static final int MAX_TEXT = 400;

    public Finding(String file, int line, int column, ErrorCode code, String what, String hint) {
        this(file, line, column, code, what, hint, false);
    }

    /** {@code file:line:column: error FLX-nnnn: what (what to do)} (FORMATS section 10). */
    public String text() {
        String kind = warning ? "warning" : "error";
        return file + ":" + line + ":" + column + ": " + kind + " " + code.code() + ": " + shown(what) + " ("
                + shown(hint) + ")";
    }

    /** Findings quote files of strangers: nothing in them may steer a terminal or turn the reading direction. */
    private static String shown(String text) {
        String plain = text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]", "?");
        return plain.length() > MAX_TEXT ? plain.substring(0, MAX_TEXT) + "..." : plain;
    }
}
