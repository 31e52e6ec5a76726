package io.fluxrig.spec;

import io.fluxrig.signal.FluxException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * What a network puts before each message: a length that cuts the stream, and a lead that belongs to the connection and not to the message. Immutable.
 *
 * @param length absent where the port's own framing cuts the stream
 */
public record WireHeader(Optional<Length> length, Lead lead) {
    /** How a length is written. */
    public enum Digits {
        BINARY,
        ASCII,
        BCD
    }

    /**
     * @param bytes of the length itself
     * @param reserved bytes behind it that are not counted; written as zeros
     */
    public record Length(int bytes, Digits digits, boolean little, boolean inclusive, int reserved) {
        public static final int NOT_A_NUMBER = -1;

        /** Bytes before the frame. */
        public int width() {
            return bytes + reserved;
        }

        /** The longest frame whose length can be written. */
        public int most() {
            long most = switch (digits) {
                case BINARY -> (1L << 8 * bytes) - 1;
                case ASCII -> (long) Math.pow(10, bytes) - 1;
                case BCD -> (long) Math.pow(100, bytes) - 1;
            };
            return (int) Math.min(Integer.MAX_VALUE, most) - (inclusive ? width() : 0);
        }

        /**
         * The length of the frame that follows, 0 for a keep-alive; {@link #NOT_A_NUMBER} where it is none. A length that cannot count itself is negative as well.
         *
         * @param header at least {@link #width} bytes from {@code from}
         */
        public long read(byte[] header, int from) {
            long value = 0;
            for (int i = 0; i < bytes; i++) {
                int octet = header[from + (little ? bytes - 1 - i : i)] & 0xff;
                switch (digits) {
                    case BINARY -> value = value << 8 | octet;
                    case ASCII -> {
                        if (octet < '0' || octet > '9') {
                            return NOT_A_NUMBER;
                        }
                        value = value * 10 + octet - '0';
                    }
                    case BCD -> {
                        if (octet >> 4 > 9 || (octet & 15) > 9) {
                            return NOT_A_NUMBER;
                        }
                        value = value * 100 + (octet >> 4) * 10L + (octet & 15);
                    }
                }
            }
            // Nothing at all is the keep-alive, also of those who count themselves.
            return value == 0 ? 0 : Math.max(NOT_A_NUMBER, value - (inclusive ? width() : 0));
        }

        /** What stands before a frame of this many bytes. */
        public byte[] write(int frame) {
            long left = frame + (long) (inclusive ? width() : 0);
            byte[] header = new byte[width()];
            for (int i = bytes - 1; i >= 0; i--) {
                int place = little ? bytes - 1 - i : i;
                header[place] = (byte)
                        switch (digits) {
                            case BINARY -> left;
                            case ASCII -> '0' + left % 10;
                            case BCD -> left % 10 | left / 10 % 10 << 4;
                        };
                left = switch (digits) {
                    case BINARY -> left >>> 8;
                    case ASCII -> left / 10;
                    case BCD -> left / 100;
                };
            }
            return header;
        }
    }

    /** What stands at the beginning of each frame. */
    public sealed interface Lead {
        record None() implements Lead {}

        /** Five bytes: an id and the addresses of destination and source, which an answer swaps. */
        record Tpdu() implements Lead {
            static final int LENGTH = 5;
        }

        /** As Visa's: its own length first, then flags, the length of the whole, and the stations of destination and source, which an answer swaps. */
        record Visa() implements Lead {
            static final int SHORTEST = 22;
            static final int LONGEST = 64;
            static final int FORMAT = 2;
        }

        /** A text that every message begins with, and characters that go with it. */
        record Fixed(String text, int length) implements Lead {}
    }

    private static final int TOTAL = 3;
    private static final int DESTINATION = 5;
    private static final int SOURCE = 8;
    private static final int STATION = 3;

    /**
     * Bytes of the lead at the beginning of a frame.
     *
     * @throws FluxException HEADER where the frame does not begin with one
     */
    public int leadOf(byte[] frame) {
        return switch (lead) {
            case Lead.None none -> 0;
            case Lead.Tpdu tpdu -> whole(frame, Lead.Tpdu.LENGTH, "a TPDU");
            case Lead.Visa visa -> visa(frame);
            case Lead.Fixed fixed -> {
                int length = whole(frame, fixed.length(), "the prefix");
                byte[] text = fixed.text().getBytes(StandardCharsets.US_ASCII);
                if (!Arrays.equals(frame, 0, text.length, text, 0, text.length)) {
                    throw new FluxException(SpecError.HEADER, "the frame does not begin with '" + fixed.text() + "'");
                }
                yield length;
            }
        };
    }

    /** Bytes that a lead has at most. */
    public int longestLead() {
        return switch (lead) {
            case Lead.None none -> 0;
            case Lead.Tpdu tpdu -> Lead.Tpdu.LENGTH;
            case Lead.Visa visa -> Lead.Visa.LONGEST;
            case Lead.Fixed fixed -> fixed.length();
        };
    }

    private static int whole(byte[] frame, int length, String what) {
        if (frame.length < length) {
            throw new FluxException(SpecError.HEADER, "the frame is shorter than " + what + " of " + length + " bytes");
        }
        return length;
    }

    private static int visa(byte[] frame) {
        int length = frame.length == 0 ? 0 : frame[0] & 0xff;
        if (length < Lead.Visa.SHORTEST || length > Lead.Visa.LONGEST || length > frame.length) {
            throw new FluxException(SpecError.HEADER, "the header says that it has " + length + " bytes");
        }
        int total = (frame[TOTAL] & 0xff) << 8 | frame[TOTAL + 1] & 0xff;
        if (total != frame.length) {
            throw new FluxException(
                    SpecError.HEADER, "the header tells of " + total + " bytes, and there are " + frame.length);
        }
        return length;
    }

    /**
     * The lead of an answer: addresses swapped, lengths anew.
     *
     * @param request the lead of what is answered
     * @param message bytes of the answer behind it
     */
    public byte[] answering(byte[] request, int message) {
        byte[] answer = request.clone();
        switch (lead) {
            case Lead.None none -> {}
            case Lead.Tpdu tpdu -> swap(answer, 1, 3, 2);
            case Lead.Visa visa -> {
                swap(answer, DESTINATION, SOURCE, STATION);
                total(answer, message);
            }
            case Lead.Fixed fixed -> {}
        }
        return answer;
    }

    /** The lead of a message that answers nothing: no addresses, no flags. */
    public byte[] opening(int message) {
        return switch (lead) {
            case Lead.None none -> new byte[0];
            case Lead.Tpdu tpdu -> new byte[] {0x60, 0, 0, 0, 0};
            case Lead.Visa visa -> {
                byte[] header = new byte[Lead.Visa.SHORTEST];
                header[0] = Lead.Visa.SHORTEST;
                header[1] = 1;
                header[2] = Lead.Visa.FORMAT;
                total(header, message);
                yield header;
            }
            case Lead.Fixed fixed ->
                (fixed.text() + "0".repeat(fixed.length() - fixed.text().length())).getBytes(StandardCharsets.US_ASCII);
        };
    }

    private static void total(byte[] header, int message) {
        int total = header.length + message;
        header[TOTAL] = (byte) (total >>> 8);
        header[TOTAL + 1] = (byte) total;
    }

    private static void swap(byte[] header, int a, int b, int length) {
        for (int i = 0; i < length; i++) {
            byte kept = header[a + i];
            header[a + i] = header[b + i];
            header[b + i] = kept;
        }
    }
}
