package io.fluxrig.cli;

import io.fluxrig.simulate.Cards;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Finds test cards in bytes, in every way in which a number may be written. */
final class Leaks {
    private static final int SHORTEST = 8;
    /** By their first bytes, so that one pass looks for all. */
    private final Map<Long, List<byte[]>> forms = new HashMap<>();

    Leaks() {
        for (String pan : Cards.all()) {
            byte[] text = pan.getBytes(StandardCharsets.US_ASCII);
            byte[] bcd = HexFormat.of().parseHex(pan);
            byte[] ebcdic = pan.getBytes(Charset.forName("IBM037"));
            for (byte[] form : List.of(text, bcd, ebcdic)) {
                add(form);
                add(HexFormat.of().formatHex(form).getBytes(StandardCharsets.US_ASCII));
                add(HexFormat.of().withUpperCase().formatHex(form).getBytes(StandardCharsets.US_ASCII));
                base64(form);
            }
            add(pan.getBytes(StandardCharsets.UTF_16LE));
            add(new StringBuilder(pan).reverse().toString().getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** At each of the three alignments; the characters at the ends depend on what stands beside. */
    private void base64(byte[] form) {
        for (int before = 0; before < 3; before++) {
            byte[] shifted = new byte[before + form.length];
            System.arraycopy(form, 0, shifted, before, form.length);
            String text = Base64.getEncoder().withoutPadding().encodeToString(shifted);
            String sure = text.substring(before == 0 ? 0 : before + 1, text.length() - 1);
            if (sure.length() >= SHORTEST) {
                add(sure.getBytes(StandardCharsets.US_ASCII));
            }
        }
    }

    private void add(byte[] form) {
        forms.computeIfAbsent(start(form, 0), k -> new ArrayList<>()).add(form);
    }

    private static long start(byte[] bytes, int at) {
        long key = 0;
        for (int i = 0; i < SHORTEST; i++) {
            key = key << 8 | bytes[at + i] & 0xff;
        }
        return key;
    }

    /** Offsets at which a card stands. */
    List<Integer> in(byte[] bytes) {
        List<Integer> found = new ArrayList<>();
        for (int at = 0; at + SHORTEST <= bytes.length; at++) {
            List<byte[]> candidates = forms.get(start(bytes, at));
            if (candidates != null) {
                int here = at;
                candidates.stream()
                        .filter(form -> here + form.length <= bytes.length
                                && java.util.Arrays.equals(form, 0, form.length, bytes, here, here + form.length))
                        .findFirst()
                        .ifPresent(form -> found.add(here));
            }
        }
        return found;
    }
}
