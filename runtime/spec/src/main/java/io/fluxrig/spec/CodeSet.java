package io.fluxrig.spec;

import java.util.Arrays;
import java.util.Set;

/** A closed set of codes: short digits as bits, everything else sorted. Immutable. */
final class CodeSet {
    private static final int MAX_DIGITS = 4;

    private final String[] sorted;

    /** Bit {@code n} for the code with the value {@code n}; null where codes are not digits of one short length. */
    private final long[] bits;

    private final int digits;

    CodeSet(Set<String> codes) {
        sorted = codes.toArray(String[]::new);
        Arrays.sort(sorted);
        digits = sorted.length == 0 ? 0 : sorted[0].length();
        boolean short_ = digits <= MAX_DIGITS
                && codes.stream().allMatch(code -> code.length() == digits && Format.isDigits(code));
        bits = short_ ? new long[157] : null;
        if (short_) {
            codes.forEach(code -> bits[number(code) >> 6] |= 1L << number(code));
        }
    }

    /** Trailing blanks that fill a field up do not count. */
    boolean has(String value) {
        if (bits != null && value.length() == digits) {
            int number = number(value);
            return number >= 0 && (bits[number >> 6] >>> number & 1) == 1;
        }
        return Arrays.binarySearch(sorted, value) >= 0
                || value.endsWith(" ") && Arrays.binarySearch(sorted, value.stripTrailing()) >= 0;
    }

    private static int number(String text) {
        int number = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }
}
