package io.fluxrig.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.Value;
import io.fluxrig.spec.Codec.Decoded;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Composites of every arrangement, in SDL's words and in moov's. */
class CompositesTest {
    private static final String SPEC = """
            spec:
              id: composites
              version: 1.0.0
              wire:
                fields:
                  "0": { type: String, length: 4, enc: ASCII, prefix: ASCII.Fixed }
                  "1": { type: Bitmap, enc: Binary }
                  "3":
                    type: Numeric
                    length: 6
                    enc: BCD
                    prefix: BCD.Fixed
                    subfields: { layout: positional, parts: [{ from: 1, to: 2 }, { from: 3, to: 4 }, { from: 5, to: 6 }] }
                  "4":
                    type: Composite
                    length: 12
                    enc: ASCII
                    prefix: ASCII.LL
                    subfields: { layout: positional, parts: [{ id: A, from: 1, to: 3 }, { id: B, from: 6, to: 8 }] }
                  "5":
                    type: Composite
                    length: 60
                    enc: ASCII
                    prefix: ASCII.LL
                    subfields: { layout: positional, repeat: { length: 4, max: 3 }, parts: [{ from: 1, to: 1 }, { from: 2, to: 4 }] }
                  "6":
                    type: Composite
                    length: 99
                    prefix: Binary.L
                    subfields:
                      "1": { type: String, length: 2, enc: ASCII, prefix: ASCII.Fixed }
                      "2": { type: Numeric, length: 5, enc: BCD, prefix: BCD.LL }
                      "3": { type: Binary, length: 3, enc: Binary, prefix: Binary.Fixed }
                  "7":
                    type: Composite
                    length: 255
                    prefix: ASCII.LLL
                    subfields: { layout: tlv, unknown_tags: reject, parts: [{ tag: 9F02, type: Numeric, length: 12, enc: BCD }, { tag: 5A }] }
                  "8":
                    type: Composite
                    length: 255
                    prefix: ASCII.LLL
                    tag: { length: 2, enc: ASCII, sort: StringsByInt }
                    subfields:
                      "01": { type: String, length: 9, enc: ASCII, prefix: ASCII.LL }
                      "02": { type: Numeric, length: 9, enc: ASCII, prefix: ASCII.LL }
                  "9":
                    type: Composite
                    length: 255
                    prefix: ASCII.LLL
                    subfields:
                      layout: bitmapped
                      bitmap: { length: 2, enc: Binary }
                      parts: [{ id: "1", type: String, length: 3, enc: ASCII, prefix: ASCII.Fixed }, { id: "16", type: Numeric, length: 4, enc: BCD, prefix: BCD.Fixed }]
                  "10":
                    type: Composite
                    length: 99
                    enc: HexToASCII
                    prefix: ASCII.LL
                    subfields: { layout: tlv, unknown_tags: drop, parts: [{ tag: "57" }] }
                  "11":
                    type: Composite
                    length: 999
                    prefix: ASCII.LLL
                    tag: { enc: BerTLVTag, sort: StringsByHex }
                    subfields:
                      "9A": { type: String, length: 6, enc: ASCII, prefix: BerTLV }
              fields:
                "3": { subfields: { parts: [{ alias: a.one }, { alias: a.two }, { name: Three }] } }
                "7": { subfields: { layout: tlv, parts: [{ tag: 9F02, alias: chip.amount }, { tag: 5A, sensitivity: pan }] } }
                "10": { subfields: { parts: [{ tag: "57", sensitivity: sad }] } }
            """;

    @TempDir
    Path folder;

    private Spec spec;

    @BeforeEach
    void load() {
        spec = Vectors.spec(folder, SPEC);
    }

    private static byte[] wire(int element, String hex) {
        return HexFormat.of().parseHex("30323030" + HexFormat.of().toHexDigits(Long.MIN_VALUE >>> element - 1) + hex);
    }

    private static String ascii(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
    }

    private FluxMap reads(int element, String hex) {
        byte[] wire = wire(element, hex);
        Decoded decoded = spec.codec().decode(wire, 0, wire.length);
        assertThat(decoded).isInstanceOf(Decoded.Ok.class);
        FluxMap data = ((Decoded.Ok) decoded).data();
        assertThat(HexFormat.of().formatHex(spec.codec().encode(data)))
                .isEqualTo(HexFormat.of().formatHex(wire));
        return data;
    }

    private String shown(FluxMap data, String path) {
        return spec.get(data, path).map(Elements::characters).orElse(null);
    }

    @Test
    void positionsCountDigitsNotBytes() {
        FluxMap data = reads(3, "123456");
        assertThat(shown(data, "3.1")).isEqualTo("12");
        assertThat(shown(data, "a.two")).isEqualTo("34");
        FluxMap changed = spec.with(data, "a.two", Value.of("99"));
        assertThat(HexFormat.of().formatHex(spec.codec().encode(changed))).endsWith("129956");
    }

    @Test
    void whatNoPartDescribesIsKept() {
        FluxMap data = reads(4, ascii("10" + "abcDEfghIJ"));
        assertThat(shown(data, "4.A")).isEqualTo("abc");
        assertThat(shown(data, "4.B")).isEqualTo("fgh");
        assertThat(data.get("4")).isInstanceOfSatisfying(FluxMap.class, map -> {
            assertThat(map.text("4-5")).contains("DE");
            assertThat(map.text("9-10")).contains("IJ");
        });
        assertThat(shown(reads(4, ascii("02ab")), "4.A")).isEqualTo("ab");
        assertThat(reads(4, ascii("00")).get("4")).isEqualTo(FluxMap.EMPTY);
    }

    @Test
    void recordsFollowEachOther() {
        FluxMap data = reads(5, ascii("12" + "a001b002c003"));
        assertThat(data.get("5"))
                .isEqualTo(Value.of(List.of(
                        FluxMap.builder().put("1", "a").put("2", "001").build(),
                        FluxMap.builder().put("1", "b").put("2", "002").build(),
                        FluxMap.builder().put("1", "c").put("2", "003").build())));
        assertThat(shown(data, "5.2")).isEqualTo("001");
    }

    @Test
    void partsInASequenceHaveFormsOfTheirOwn() {
        FluxMap data = reads(6, "09" + "6162" + "05" + "012345" + "0a0b0c");
        assertThat(shown(data, "6.1")).isEqualTo("ab");
        assertThat(shown(data, "6.2")).isEqualTo("12345");
        assertThat(spec.get(data, "6.3")).contains(Value.of(Bytes.ofHex("0a0b0c")));
        assertThat(spec.get(reads(6, "026162"), "6.2")).isEmpty();
    }

    @Test
    void tagsAreFoundByAliasInWhateverOrderTheyStand() {
        FluxMap ordered = reads(7, ascii("015") + "5a041234567f" + "9f0206000000000501");
        assertThat(ordered.get("7")).isInstanceOf(FluxMap.class);
        FluxMap otherwise = reads(7, ascii("015") + "9f0206000000000501" + "5a041234567f");
        assertThat(otherwise.get("7")).isInstanceOf(Value.Array.class);
        for (FluxMap data : List.of(ordered, otherwise)) {
            assertThat(shown(data, "chip.amount")).isEqualTo("000000000501");
            assertThat(shown(data, "7.9F02")).isEqualTo("000000000501");
            assertThat(shown(spec.mask(data), "7.5A")).isEqualTo("***");
        }
        FluxMap twice = reads(7, ascii("018") + "9f0206000000000501" + "9f0206000000000502");
        assertThat(shown(twice, "chip.amount")).isEqualTo("000000000501");
    }

    @Test
    void tagsMayBeDigitsAndPartsMayHaveABitmap() {
        FluxMap data = reads(8, ascii("013" + "0103abc" + "020212"));
        assertThat(shown(data, "8.01")).isEqualTo("abc");
        assertThat(shown(data, "8.02")).isEqualTo("12");
        FluxMap bits = reads(9, ascii("007") + "8001" + ascii("xyz") + "1234");
        assertThat(shown(bits, "9.1")).isEqualTo("xyz");
        assertThat(shown(bits, "9.16")).isEqualTo("1234");
        assertThat(shown(reads(11, ascii("008") + "9a06" + ascii("210720")), "11.9A"))
                .isEqualTo("210720");
    }

    @Test
    void whatMustNotBeStoredIsTakenFromWithin() {
        byte[] wire = wire(10, ascii("08" + "5706411111D29122".substring(0, 16)));
        Decoded.Ok ok = (Decoded.Ok) spec.codec().decode(wire, 0, wire.length);
        assertThat(shown(spec.mask(ok.data()), "10.57")).isEqualTo("***");
        Codec.Stored stored = spec.codec().withoutSad(ok.data(), wire);
        assertThat(stored.data().get("10")).isEqualTo(FluxMap.EMPTY);
        assertThat(stored.red()).containsExactly(new Codec.Red("10.57", 18, 12));
        byte[] filled = spec.codec().refill(stored.raw(), stored.red());
        assertThat(spec.codec().decode(filled, 0, filled.length)).isInstanceOf(Decoded.Ok.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    5 | 303561303031 62                | 5      | 14 | its 5 characters are not records of 4
                    5 | 3136 61616161616161616161616161616161 | 5 | 14 | more than 3 records
                    6 | 056162110000                   | 6.2    | 16 | length 11 is more than 5
                    6 | 03616205                       | 6.2    | 16 | needs 3 more bytes, has 0
                    6 | 0a616205 0123450a0b0c 00       | 6      | 22 | 1 bytes are left after the last part
                    7 | 303033 820101                  | 7.82   | 17 | the spec does not describe this tag
                    7 | 303032 9f02                    | 7.9F02 | 17 | needs 1 more bytes, has 0
                    7 | 303034 9f0205aa                | 7.9F02 | 18 | needs 5 more bytes, has 1
                    7 | 303033 5a0501                  | 7.5A   | 17 | needs 5 more bytes, has 1
                    9 | 303032 4000                    | 9.2    | 17 | the spec does not describe this part
                    10 | 3034 35373041424344 31        | 10.57  | 18 | needs 10 more bytes, has 2
                    """)
    void errorsTellTheWayToThePart(int element, String hex, String field, int offset, String reason) {
        byte[] wire = wire(element, hex.replace(" ", ""));
        assertThat(spec.codec().decode(wire, 0, wire.length)).isInstanceOfSatisfying(Decoded.Unreadable.class, stop -> {
            assertThat(stop.reason()).startsWith(reason);
            assertThat(stop.field()).isEqualTo(field);
            assertThat(stop.offset()).isEqualTo(offset);
        });
    }
}
