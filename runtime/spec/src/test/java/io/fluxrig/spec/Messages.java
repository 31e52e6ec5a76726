package io.fluxrig.spec;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.Value;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Specs and messages by chance, for the tests of codecs. */
final class Messages {
    /** Every encoding under every form of length that can carry it, in three bitmaps. */
    static final String EVERY_FORM = """
            spec:
              id: every-form
              version: 1.0.0
              wire:
                fields:
                  "0": { type: String, length: 4, enc: %s, prefix: ASCII.Fixed }
                  "1": { type: Bitmap, length: 8, enc: %s, prefix: Hex.Fixed }
                  "2": { type: String, length: 19, enc: ASCII, prefix: ASCII.LL }
                  "3": { type: Numeric, length: 6, enc: ASCII, prefix: ASCII.Fixed, padding: { type: Left, pad: "0" } }
                  "4": { type: Numeric, length: 12, enc: BCD, prefix: BCD.Fixed, padding: { type: Left, pad: "0" } }
                  "5": { type: Numeric, length: 5, enc: BCD, prefix: BCD.Fixed }
                  "6": { type: Numeric, length: 21, enc: BCD, prefix: BCD.LL }
                  "7": { type: String, length: 999, enc: ASCII, prefix: BCD.LLL }
                  "8": { type: String, length: 40, enc: EBCDIC, prefix: EBCDIC.LL }
                  "9": { type: String, length: 8, enc: EBCDIC, prefix: EBCDIC.Fixed, padding: { type: Right, pad: " " } }
                  "10": { type: Binary, length: 8, enc: Binary, prefix: Binary.Fixed }
                  "11": { type: Binary, length: 255, enc: Binary, prefix: Binary.L }
                  "12": { type: Binary, length: 1000, enc: Binary, prefix: Binary.LL }
                  "13": { type: Binary, length: 300, enc: Binary, prefix: Binary.LLLLLL }
                  "14": { type: Binary, length: 8, enc: HexToASCII, prefix: Hex.Fixed }
                  "15": { type: Hex, length: 99, enc: HexToASCII, prefix: ASCII.LL }
                  "16": { type: String, length: 300, enc: ASCII, prefix: Hex.LL }
                  "17": { type: Numeric, length: 9, enc: ASCII, prefix: ASCII.L }
                  "35": { type: Track2, length: 37, enc: ASCII, prefix: ASCII.LL }
                  "64": { type: Binary, length: 8, enc: Binary, prefix: Binary.Fixed }
                  "66": { type: String, length: 3, enc: ASCII, prefix: ASCII.Fixed }
                  "70": { type: Numeric, length: 3, enc: EBCDIC, prefix: EBCDIC.Fixed }
                  "120": { type: String, length: 9999, enc: ASCII, prefix: ASCII.LLLLLL }
                  "128": { type: Binary, length: 8, enc: Binary, prefix: Binary.Fixed }
                  "130": { type: String, length: 10, enc: ASCII, prefix: Binary.LLLLL }
                  "192": { type: Binary, length: 8, enc: HexToASCII, prefix: Hex.Fixed }
              fields:
                "2": { sensitivity: pan }
                "6": { sensitivity: sad }
                "8": { sensitivity: sad }
                "11": { sensitivity: sad }
                "15": { sensitivity: sad }
                "35": { sensitivity: sad }
                "70": { sensitivity: sad }
            """;

    private Messages() {}

    static Spec everyForm(Path folder, String mti, String bitmap) {
        try {
            Path file = Files.writeString(folder.resolve("every-form.yaml"), EVERY_FORM.formatted(mti, bitmap));
            return Specs.load(file).orThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Spec payments() {
        return Specs.load(Path.of("../../examples/payment-switch/specs/payments.yaml"))
                .orThrow();
    }

    /** The elements of {@link #EVERY_FORM}, each with what it takes: kind, and the shortest and longest length. */
    private static final Map<Integer, String> FORMS = new TreeMap<>(Map.ofEntries(
            Map.entry(2, "ascii 0 19"),
            Map.entry(3, "digits 6 6"),
            Map.entry(4, "digits 12 12"),
            Map.entry(5, "digits 5 5"),
            Map.entry(6, "digits 0 21"),
            Map.entry(7, "ascii 0 999"),
            Map.entry(8, "ebcdic 0 40"),
            Map.entry(9, "ebcdic 8 8"),
            Map.entry(10, "bytes 8 8"),
            Map.entry(11, "bytes 0 255"),
            Map.entry(12, "bytes 0 1000"),
            Map.entry(13, "bytes 0 300"),
            Map.entry(14, "bytes 8 8"),
            Map.entry(15, "bytes 0 99"),
            Map.entry(16, "ascii 0 300"),
            Map.entry(17, "digits 0 9"),
            Map.entry(35, "ascii 0 37"),
            Map.entry(64, "bytes 8 8"),
            Map.entry(66, "ascii 3 3"),
            Map.entry(70, "digits 3 3"),
            Map.entry(120, "ascii 0 9999"),
            Map.entry(128, "bytes 8 8"),
            Map.entry(130, "ascii 0 10"),
            Map.entry(192, "bytes 8 8")));

    static FluxMap random(Random random) {
        FluxMap.Builder data = FluxMap.builder().put("0", digits(random, 4));
        FORMS.forEach((number, form) -> {
            if (random.nextInt(3) > 0) {
                data.put(Integer.toString(number), value(random, form.split(" ")));
            }
        });
        return data.build();
    }

    private static Value value(Random random, String[] form) {
        int min = Integer.parseInt(form[1]);
        int max = Integer.parseInt(form[2]);
        // The ends of the range are where mistakes live.
        int length = switch (random.nextInt(4)) {
            case 0 -> min;
            case 1 -> max;
            default -> random.nextInt(min, Math.min(max, min + 60) + 1);
        };
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return switch (form[0]) {
            case "digits" -> Value.of(digits(random, length));
            case "bytes" -> Value.of(Bytes.wrap(bytes));
            case "ebcdic" -> Value.of(new String(bytes, StandardCharsets.ISO_8859_1));
            default -> {
                for (int i = 0; i < length; i++) {
                    bytes[i] &= 0x7f;
                }
                yield Value.of(new String(bytes, StandardCharsets.US_ASCII));
            }
        };
    }

    private static String digits(Random random, int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append((char) ('0' + random.nextInt(10)));
        }
        return text.toString();
    }

    /** A purchase of the example's dialect with everything that is sensitive. */
    static FluxMap purchase() {
        return FluxMap.builder()
                .put("0", "0200")
                .put("2", "9999110000000013")
                .put("3", "000000")
                .put("4", "000000001000")
                .put("7", "0102030405")
                .put("11", "000042")
                .put("14", "2912")
                .put("35", "9999110000000013=29121010000012345678")
                .put("41", "TERM0001")
                .put("52", Bytes.ofHex("0123456789abcdef"))
                .put("55", "9F0206000000001000")
                .put("70", "001")
                .build();
    }
}
