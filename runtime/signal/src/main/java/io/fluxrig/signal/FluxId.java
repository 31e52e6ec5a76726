package io.fluxrig.signal;

import java.time.Instant;
import java.util.Arrays;

/** The 63-bit k-sortable signal id of FORMATS section 3: {@code time(39) ‖ sequence(8) ‖ machine(16)}, time in 10 ms since 2026. */
public final class FluxId {
    /** 2026-01-01T00:00:00Z in unix milliseconds. */
    public static final long EPOCH_MILLIS = 1_767_225_600_000L;

    static final int UNIT_MILLIS = 10;
    static final int MAX_SEQUENCE = 255;
    static final long MAX_TIME = (1L << 39) - 1;

    private static final int TEXT_LENGTH = 13;
    private static final String DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final byte[] VALUES = new byte[128];

    static {
        Arrays.fill(VALUES, (byte) -1);
        for (int i = 0; i < DIGITS.length(); i++) {
            VALUES[DIGITS.charAt(i)] = (byte) i;
            VALUES[Character.toLowerCase(DIGITS.charAt(i))] = (byte) i;
        }
    }

    private FluxId() {}

    public static long of(long time10ms, int sequence, int machine) {
        if (time10ms < 0
                || time10ms > MAX_TIME
                || sequence < 0
                || sequence > MAX_SEQUENCE
                || machine < 1
                || machine > 65_535) {
            throw new FluxException(SignalError.ID, "time, sequence or machine is out of range");
        }
        return time10ms << 24 | (long) sequence << 16 | machine;
    }

    /** When the id was made, to 10 ms. */
    public static Instant time(long id) {
        return Instant.ofEpochMilli(EPOCH_MILLIS + units(id) * UNIT_MILLIS);
    }

    static long units(long id) {
        return id >>> 24;
    }

    public static int sequence(long id) {
        return (int) (id >>> 16) & 0xff;
    }

    public static int machine(long id) {
        return (int) id & 0xffff;
    }

    /** 13 characters of Crockford base32; text order is id order. */
    public static String text(long id) {
        char[] text = new char[TEXT_LENGTH];
        for (int i = TEXT_LENGTH - 1, shift = 0; i >= 0; i--, shift += 5) {
            text[i] = DIGITS.charAt((int) (id >>> shift) & 31);
        }
        return new String(text);
    }

    /**
     * Reads 13 characters as the text form, and any other all-digit input as decimal.
     *
     * @throws FluxException ID for anything else, and for machine 0
     */
    public static long parse(String input) {
        long id = input.length() == TEXT_LENGTH ? parseText(input) : parseDecimal(input);
        if (id <= 0 || machine(id) == 0) {
            throw new FluxException(SignalError.ID, "machine 0 and ids below 1 are reserved");
        }
        return id;
    }

    private static long parseText(String input) {
        long id = 0;
        for (int i = 0; i < TEXT_LENGTH; i++) {
            char c = input.charAt(i);
            int digit = c < 128 ? VALUES[c] : -1;
            if (digit < 0 || i == 0 && digit > 7) {
                throw new FluxException(SignalError.ID, "character " + (i + 1) + " does not belong there");
            }
            id = id << 5 | digit;
        }
        return id;
    }

    private static long parseDecimal(String input) {
        boolean digits =
                !input.isEmpty() && input.length() <= 19 && input.chars().allMatch(c -> c >= '0' && c <= '9');
        try {
            if (digits) {
                return Long.parseLong(input);
            }
        } catch (NumberFormatException tooLarge) {
            // told below
        }
        throw new FluxException(SignalError.ID, "neither 13 characters of base32 nor a decimal number of 63 bits");
    }
}
