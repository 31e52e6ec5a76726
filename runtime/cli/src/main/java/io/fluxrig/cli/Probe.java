package io.fluxrig.cli;

import io.fluxrig.spec.Codec;
import io.fluxrig.spec.Spec;
import io.fluxrig.spec.Specs;
import io.fluxrig.spec.WireHeader.Digits;
import io.fluxrig.spec.WireHeader.Length;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Guesses how unknown traffic is cut into messages and what those are written in, and says what speaks for each guess. */
final class Probe {
    private static final int MAX_FRAME = 9_999;
    private static final int[] LEADS = {0, 5, 12};
    private static final Charset EBCDIC = Charset.forName("IBM037");

    /**
     * @param framing in words
     * @param lead bytes before each message
     * @param spec a shipped one that reads the messages; empty where none does
     * @param score from 0 to 100
     */
    record Guess(
            String framing,
            int frames,
            int lead,
            String mti,
            String bitmap,
            Optional<String> spec,
            int score,
            List<String> evidence) {}

    private record Cut(String framing, List<byte[]> frames, int left) {}

    private Probe() {}

    /** The best first; nothing that speaks for it is no guess. */
    static List<Guess> of(byte[] stream) {
        List<Guess> guesses = new ArrayList<>();
        for (Cut cut : cuts(stream)) {
            for (int lead : LEADS) {
                guess(stream, cut, lead).ifPresent(guesses::add);
            }
        }
        guesses.sort(Comparator.comparingInt(Guess::score).reversed());
        return guesses.subList(0, Math.min(5, guesses.size()));
    }

    private static List<Cut> cuts(byte[] stream) {
        List<Cut> cuts = new ArrayList<>();
        for (Digits digits : Digits.values()) {
            for (int bytes : digits == Digits.ASCII ? new int[] {4} : new int[] {2, 4}) {
                for (boolean little : digits == Digits.BINARY ? new boolean[] {false, true} : new boolean[] {false}) {
                    for (boolean inclusive : new boolean[] {false, true}) {
                        cut(stream, new Length(bytes, digits, little, inclusive, 0))
                                .ifPresent(cuts::add);
                    }
                }
            }
        }
        cut(stream, new Length(2, Digits.BINARY, false, false, 2)).ifPresent(cuts::add);
        for (int delimiter : new int[] {'\n', 3}) {
            lines(stream, delimiter).ifPresent(cuts::add);
        }
        cuts.add(new Cut("none: the whole is one message", List.of(stream), 0));
        return cuts;
    }

    private static Optional<Cut> cut(byte[] stream, Length length) {
        List<byte[]> frames = new ArrayList<>();
        int at = 0;
        while (stream.length - at >= length.width()) {
            long frame = length.read(stream, at);
            if (frame < 0 || frame > MAX_FRAME) {
                return Optional.empty();
            }
            if (frame > stream.length - at - length.width()) {
                break;
            }
            at += length.width();
            if (frame > 0) {
                frames.add(Arrays.copyOfRange(stream, at, at + (int) frame));
            }
            at += (int) frame;
        }
        String words = length.bytes() + " bytes " + length.digits().name().toLowerCase(java.util.Locale.ROOT)
                + (length.digits() == Digits.BINARY ? length.little() ? ", little-endian" : ", big-endian" : "")
                + (length.inclusive() ? ", counting itself" : "")
                + (length.reserved() > 0 ? ", " + length.reserved() + " bytes reserved" : "");
        return frames.isEmpty() ? Optional.empty() : Optional.of(new Cut(words, frames, stream.length - at));
    }

    private static Optional<Cut> lines(byte[] stream, int delimiter) {
        List<byte[]> frames = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < stream.length; i++) {
            if (stream[i] == delimiter) {
                if (i > from) {
                    frames.add(Arrays.copyOfRange(stream, from, i));
                }
                from = i + 1;
            }
        }
        return frames.isEmpty()
                ? Optional.empty()
                : Optional.of(new Cut("delimiter " + String.format("%02x", delimiter), frames, stream.length - from));
    }

    private static Optional<Guess> guess(byte[] stream, Cut cut, int lead) {
        List<String> evidence = new ArrayList<>();
        List<byte[]> messages = cut.frames().stream()
                .filter(frame -> frame.length > lead)
                .map(frame -> Arrays.copyOfRange(frame, lead, frame.length))
                .toList();
        if (messages.isEmpty()) {
            return Optional.empty();
        }
        byte[] first = messages.getFirst();
        String mti = mti(first);
        if (mti.isEmpty() || messages.stream().anyMatch(m -> !mti(m).equals(mti))) {
            return Optional.empty();
        }
        if (lead == 12 && !new String(cut.frames().getFirst(), 0, 3, StandardCharsets.US_ASCII).equals("ISO")) {
            return Optional.empty();
        }
        evidence.add(messages.size() + " of " + cut.frames().size() + " frames begin with a message type in " + mti);
        int width = mti.equals("BCD") ? 2 : 4;
        String bitmap = bitmap(first, width);
        evidence.add("a bitmap in " + bitmap + " follows");
        int whole = (int) (100L * (stream.length - cut.left()) / Math.max(1, stream.length));
        evidence.add(whole + " % of the bytes lie in whole frames");
        int score = 20 + whole / 4 + Math.min(15, 5 * cut.frames().size());
        if (lead == 5 && (cut.frames().getFirst()[0] & 0xff) == 0x60) {
            evidence.add("each frame begins with 60, as a TPDU does");
            score += 10;
        } else if (lead == 12) {
            evidence.add("each frame begins with ISO");
            score += 10;
        } else if (lead > 0) {
            score -= 10;
        }
        Optional<String> spec = spec(messages);
        if (spec.isPresent()) {
            evidence.add(spec.get() + " reads every message to its last byte");
            score += 30;
        }
        return Optional.of(new Guess(
                cut.framing(), messages.size(), lead, mti, bitmap, spec, Math.clamp(score, 0, 100), evidence));
    }

    /** What the first bytes are a message type in; empty for none. */
    private static String mti(byte[] message) {
        if (message.length >= 4 && isType(new String(message, 0, 4, StandardCharsets.ISO_8859_1))) {
            return "ASCII";
        }
        if (message.length >= 4 && isType(new String(message, 0, 4, EBCDIC))) {
            return "EBCDIC";
        }
        boolean packed = message.length >= 2 && isType(String.format("%02x%02x", message[0], message[1]));
        return packed ? "BCD" : "";
    }

    private static boolean isType(String text) {
        return text.matches("[012][1-8][0-9][0-9]");
    }

    private static String bitmap(byte[] message, int from) {
        if (message.length >= from + 16) {
            if (new String(message, from, 16, StandardCharsets.ISO_8859_1).matches("[0-9A-Fa-f]{16}")) {
                return "hex digits";
            }
            if (new String(message, from, 16, EBCDIC).matches("[0-9A-F]{16}")) {
                return "hex digits of EBCDIC";
            }
        }
        return "binary";
    }

    private static Optional<String> spec(List<byte[]> messages) {
        for (String reference : Specs.shipped()) {
            Spec spec = Specs.loadShipped(reference).orThrow();
            if (spec.isPayment()
                    && messages.stream()
                            .allMatch(m -> spec.codec().decode(m, 0, m.length) instanceof Codec.Decoded.Ok)) {
                return Optional.of(reference);
            }
        }
        return Optional.empty();
    }
}
