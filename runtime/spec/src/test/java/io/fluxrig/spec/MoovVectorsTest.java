package io.fluxrig.spec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fluxrig.spec.Codec.Decoded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Message cases of moov-io/iso8583, with the specs that their descriptions name. */
class MoovVectorsTest {
    private static final String MIXED = """
            spec:
              id: mixed
              version: 1.0.0
              wire:
                source: moov:spec87ascii
                fields:
                  "1": { type: Bitmap, length: 8, enc: Binary, prefix: Binary.Fixed }
                  "19": { type: Numeric, length: 3, enc: BCD, prefix: BCD.Fixed }
                  "49": { type: Binary, length: 2, enc: Binary, prefix: Binary.Fixed }
                  "52": { type: Binary, length: 8, enc: Binary, prefix: Binary.Fixed }
                  "55": { type: Binary, length: 999, enc: Binary, prefix: ASCII.LLL }
                  "120": { type: String, length: 999, enc: ASCII, prefix: ASCII.LLL }
            """;
    private static final String BCD = """
            spec:
              id: bcd
              version: 1.0.0
              wire:
                fields:
                  "0": { type: String, length: 4, enc: BCD, prefix: BCD.Fixed }
                  "1": { type: Bitmap, length: 8, enc: Binary, prefix: Binary.Fixed }
                  "2": { type: Numeric, length: 4, enc: BCD, prefix: BCD.Fixed }
                  "3": { type: Numeric, length: 3, enc: BCD, prefix: BCD.LLLL }
            """;

    @TempDir
    Path folder;

    private JsonNode cases;

    @BeforeEach
    void readCases() throws IOException {
        cases = new ObjectMapper()
                .readTree(Path.of("src/test/resources/vectors/iso8583-moov/message_cases.public.json")
                        .toFile())
                .get("items");
    }

    private JsonNode named(String id) {
        for (JsonNode each : cases) {
            if (each.get("id").asText().equals(id)) {
                return each;
            }
        }
        throw new AssertionError("no case " + id);
    }

    private byte[] wire(String id) {
        return HexFormat.of().parseHex(named(id).get("hex").asText());
    }

    private Spec spec(String text) throws IOException {
        return Specs.load(Files.writeString(folder.resolve("spec.yaml"), text)).orThrow();
    }

    private Decoded.Ok reads(Spec spec, String id) {
        byte[] wire = wire(id);
        Decoded decoded = spec.codec().decode(wire, 0, wire.length);
        assertThat(decoded).isInstanceOf(Decoded.Ok.class);
        assertThat(spec.codec().encode(((Decoded.Ok) decoded).data())).isEqualTo(wire);
        JsonNode expected = named(id).get("expect");
        expected.properties().forEach(entry -> {
            if (entry.getKey().matches("\\d+") && entry.getValue().isNull()) {
                assertThat(((Decoded.Ok) decoded).data().has(entry.getKey())).isFalse();
            }
        });
        return (Decoded.Ok) decoded;
    }

    @Test
    void thePlainBaseReadsTheAsciiCase() throws IOException {
        Spec base = spec("spec: {id: x, version: 1.0.0, wire: {source: moov:spec87ascii}}\n");
        Decoded.Ok ok = reads(base, "ascii-3-fields");
        JsonNode expected = named("ascii-3-fields").get("expect");
        assertThat(ok.data().size()).isEqualTo(4);
        assertThat(ok.data().text("0")).contains(expected.get("mti").asText());
        for (String number : new String[] {"2", "3", "4"}) {
            assertThat(ok.data().text(number)).contains(expected.get(number).asText());
        }
    }

    @Test
    void aDialectOverTheBaseReadsTheMixedCase() throws IOException {
        Decoded.Ok ok = reads(spec(MIXED), "binary-bitmap-mixed-encodings");
        JsonNode expected = named("binary-bitmap-mixed-encodings").get("expect");
        assertThat(ok.data().text("0")).contains(expected.get("mti").asText());
        for (int number : new int[] {2, 3, 4, 7, 11, 12, 13, 14, 19, 22, 25, 32, 35, 37, 41, 42, 53, 120}) {
            String key = Integer.toString(number);
            assertThat(ok.data().text(key)).as(key).contains(expected.get(key).asText());
        }
        assertThat(ok.data().text("43").orElseThrow().strip())
                .isEqualTo(expected.get("43").asText());
        assertThat(ok.data().get("52"))
                .isEqualTo(io.fluxrig.signal.Value.of(
                        io.fluxrig.signal.Bytes.ofHex(expected.get("52_hex").asText())));
    }

    @Test
    void bcdReadsTheBcdCase() throws IOException {
        Decoded.Ok ok = reads(spec(BCD), "bcd-fields");
        assertThat(ok.data().text("0")).contains("1234");
        assertThat(ok.data().text("2")).contains("4567");
        assertThat(ok.data().text("3")).contains("890");
    }

    @Test
    void theNegativeCasesStopWhereTheyShould() throws IOException {
        Spec mixed = spec(MIXED);
        stopsAt(mixed, "last-field-one-byte-short", "120");
        stopsAt(mixed, "empty-input", "0");
        stopsAt(mixed, "short-mti", "0");
    }

    private void stopsAt(Spec spec, String id, String field) {
        byte[] wire = wire(id);
        assertThat(spec.codec().decode(wire, 0, wire.length))
                .isInstanceOfSatisfying(
                        Decoded.Unreadable.class, u -> assertThat(u.field()).isEqualTo(field));
    }
}
