package io.fluxrig.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxrig.signal.FluxMap;
import io.fluxrig.spec.Codec.Decoded;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every encoding under every prefix: whatever bytes can be read come out as they came in, and everything else is told with its place. */
class EveryFormTest {
    private static final List<String> TYPES = List.of("String", "Numeric", "Track2", "Binary", "Hex");
    private static final List<String> ENCODINGS =
            List.of("ASCII", "EBCDIC", "EBCDIC1047", "BCD", "LBCD", "Binary", "HexToASCII", "ASCIIToHex", "BerTLVTag");
    private static final List<String> PREFIXES = prefixes();
    private static final int BYTES = Integer.getInteger("forms.inputs", 300);

    @TempDir
    Path folder;

    private static List<String> prefixes() {
        List<String> all = new ArrayList<>(List.of("BerTLV", "None.Fixed"));
        for (String form : List.of("ASCII", "BCD", "Binary", "EBCDIC", "Hex")) {
            all.add(form + ".Fixed");
            for (int digits = 1; digits <= 6; digits++) {
                all.add(form + "." + "L".repeat(digits));
            }
        }
        return all;
    }

    private Map<String, Codec> codecs() {
        Map<String, Codec> codecs = new TreeMap<>();
        for (String type : TYPES) {
            for (String encoding : ENCODINGS) {
                StringBuilder fields = new StringBuilder();
                for (int i = 0; i < PREFIXES.size(); i++) {
                    fields.append("      \"%d\": { type: %s, length: 7, enc: %s, prefix: %s }%n"
                            .formatted(i + 2, type, encoding, PREFIXES.get(i)));
                }
                codecs.put(
                        type + "/" + encoding,
                        Vectors.spec(folder, """
                                        spec:
                                          id: forms
                                          version: 1.0.0
                                          wire:
                                            fields:
                                              "0": { type: String, length: 4, enc: BCD, prefix: BCD.Fixed }
                                              "1": { type: Bitmap, enc: Binary }
                                        """ + fields).codec());
            }
        }
        return codecs;
    }

    @Test
    void whatCanBeReadComesOutAsItCameIn() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        Map<String, Integer> read = new TreeMap<>();
        codecs().forEach((name, codec) -> {
            for (int element = 2; element < 2 + PREFIXES.size(); element++) {
                String form = name + "/" + PREFIXES.get(element - 2);
                for (int i = 0; i < BYTES; i++) {
                    byte[] wire = message(element, PREFIXES.get(element - 2), name, random);
                    if (codec.decode(wire, 0, wire.length) instanceof Decoded.Ok ok) {
                        assertThat(codec.encode(ok.data()))
                                .as("%s, seed %d, %s", form, seed, Arrays.toString(wire))
                                .isEqualTo(wire);
                        FluxMap again = ((Decoded.Ok) codec.decode(wire, 0, wire.length)).data();
                        assertThat(again).isEqualTo(ok.data());
                        read.merge(form, 1, Integer::sum);
                    }
                }
            }
        });
        // A form that nothing was ever read by would prove nothing.
        assertThat(read).as("seed %d", seed).hasSize(TYPES.size() * ENCODINGS.size() * PREFIXES.size());
    }

    /** A header that is right, a length that often is, and bytes that the encoding likes. */
    private static byte[] message(int element, String prefix, String name, Random random) {
        WireBuffer out = new WireBuffer();
        out.put(0x02);
        out.put(0x00);
        long bitmap = Long.MIN_VALUE >>> element - 1;
        for (int shift = 56; shift >= 0; shift -= 8) {
            out.put((int) (bitmap >>> shift));
        }
        int units = prefix.endsWith("Fixed") ? 7 : random.nextInt(8);
        prefix(prefix, units, out);
        String encoding = name.substring(name.indexOf('/') + 1);
        int bytes = FieldDef.Encoding.of(encoding).orElseThrow().bytes(units);
        for (int i = 0; i < bytes; i++) {
            out.put(octet(encoding, i, bytes, units, random));
        }
        return out.toBytes();
    }

    private static void prefix(String prefix, int units, WireBuffer out) {
        int digits = prefix.endsWith("Fixed") ? 0 : prefix.length() - prefix.indexOf('.') - 1;
        String form = prefix.contains(".") ? prefix.substring(0, prefix.indexOf('.')) : prefix;
        int width = switch (form) {
            case "BCD" -> (digits + 1) / 2;
            case "Hex" -> 2 * digits;
            case "BerTLV" -> 1;
            default -> digits;
        };
        for (int i = 0; i < width; i++) {
            boolean last = i == width - 1;
            out.put(
                    switch (form) {
                        case "ASCII", "Hex" -> '0' + (last ? units : 0);
                        case "EBCDIC" -> 0xf0 + (last ? units : 0);
                        default -> last ? units : 0;
                    });
        }
    }

    private static int octet(String encoding, int at, int bytes, int units, Random random) {
        boolean odd = (units & 1) == 1;
        int digit = random.nextInt(10);
        return switch (encoding) {
            case "ASCII" -> random.nextInt(4) == 0 ? random.nextInt(128) : '0' + digit;
            case "EBCDIC", "EBCDIC1047" -> random.nextInt(4) == 0 ? random.nextInt(256) : 0xf0 + digit;
            case "BCD" -> odd && at == 0 ? digit : digit << 4 | random.nextInt(10);
            case "LBCD" -> odd && at == bytes - 1 ? digit << 4 : digit << 4 | random.nextInt(10);
            case "HexToASCII" ->
                at % 2 == 0 ? '3' : "0123456789ABCDEFabcdef".charAt(random.nextInt(random.nextInt(4) == 0 ? 22 : 10));
            case "ASCIIToHex" -> digit << 4 | random.nextInt(10);
            default -> random.nextInt(256);
        };
    }
}
