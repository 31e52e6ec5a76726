package io.fluxrig.spec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.Value;
import io.fluxrig.spec.Codec.Decoded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sample messages of moov-io/iso8583, each with the element table that it was written for. */
class MoovFilesTest {
    private static final Path FILES = Path.of("src/test/resources/vectors/iso8583-moov/testdata");

    private static final String EBCDIC = "\"42\": { type: String, length: 15, enc: EBCDIC, prefix: EBCDIC.Fixed }";
    private static final String SIGNED = "\"28\": { type: String, length: 8, enc: ASCII, prefix: ASCII.Fixed }";
    private static final String BCD = "\"7\": { type: Numeric, length: 10, enc: BCD, prefix: BCD.Fixed }, "
            + "\"11\": { type: Numeric, length: 6, enc: BCD, prefix: BCD.Fixed }, "
            + "\"12\": { type: Numeric, length: 6, enc: BCD, prefix: BCD.Fixed }";

    private final Set<String> seen = new TreeSet<>();

    @TempDir
    Path folder;

    private Spec base;

    @BeforeEach
    void readBase() throws IOException {
        base = spec("\"70\": { type: Numeric, length: 3, enc: ASCII, prefix: ASCII.Fixed }");
    }

    private Spec spec(String field) throws IOException {
        String text = """
                spec:
                  id: sample
                  version: 1.0.0
                  wire:
                    source: moov:spec87ascii
                    fields: { %s }
                """.formatted(field);
        return Specs.load(Files.writeString(folder.resolve("spec.yaml"), text)).orThrow();
    }

    private static byte[] wire(String name) throws IOException {
        return Files.readAllBytes(FILES.resolve(name + ".dat"));
    }

    private Decoded.Ok reads(Spec spec, String name) throws IOException {
        seen.add(name);
        byte[] wire = wire(name);
        Decoded decoded = spec.codec().decode(wire, 0, wire.length);
        assertThat(decoded).as(name).isInstanceOf(Decoded.Ok.class);
        Decoded.Ok ok = (Decoded.Ok) decoded;
        assertThat(spec.codec().encode(ok.data())).as(name).isEqualTo(wire);
        return ok;
    }

    private void stops(Spec spec, String name, String field, int offset) throws IOException {
        seen.add(name);
        byte[] wire = wire(name);
        assertThat(spec.codec().decode(wire, 0, wire.length))
                .as(name)
                .isInstanceOfSatisfying(Decoded.Unreadable.class, u -> {
                    assertThat(u.field()).isEqualTo(field);
                    assertThat(u.offset()).isEqualTo(offset);
                });
    }

    @Test
    void theReversalReadsAsItsDocumentSays() throws IOException {
        JsonNode expected = new ObjectMapper()
                .readTree(FILES.resolve("iso_reversal_message.json").toFile());
        Decoded.Ok ok = reads(base, "iso_reversal_message");
        assertThat(ok.data().text("0")).contains(expected.get("mti").asText());
        List<String> numbers = expected.get("elements")
                .propertyStream()
                .map(entry -> entry.getKey())
                .filter(number -> !number.equals("1"))
                .toList();
        assertThat(ok.data().size()).isEqualTo(numbers.size() + 1);
        for (String number : numbers) {
            String text = expected.get("elements").get(number).asText();
            Value value = ok.data().get(number);
            String read = value instanceof Value.Bin bin
                    ? ascii(bin.value())
                    : ok.data().text(number).orElseThrow();
            assertThat(read).as(number).isEqualTo(text);
        }
    }

    private static String ascii(Bytes bytes) {
        return new String(bytes.toArray(), java.nio.charset.StandardCharsets.US_ASCII);
    }

    @Test
    void everySampleIsReadAndWrittenAgainOrStopsWhereItIsWrong() throws IOException {
        for (String plain : List.of(
                "financial_transaction_message",
                "iso_reversal_message",
                "iso_reversal_message_advice",
                "iso_reversal_message_advice_missing_field",
                "iso_reversal_message_error_date",
                "iso_reversal_repeat_message_response",
                "network_management_message")) {
            reads(base, plain);
        }
        assertThat(reads(spec(EBCDIC), "message_with_character_ebcdic_encoding")
                        .data()
                        .text("42"))
                .contains("ABCDEFGHIJKLMNO");
        assertThat(reads(spec(SIGNED), "message_with_indicate_numeric").data().text("28"))
                .contains("C0000000");
        assertThat(reads(spec(BCD), "message_with_number_bcd_encoding").data().text("7"))
                .contains("0420090613");
        stops(base, "error_message", "55", 185);
        // Lengths of one hex digit, and of three BCD digits to the left: not in the language.
        stops(base, "message_with_hex_length", "32", 68);
        stops(base, "message_with_hex_bcd", "48", 69);
        stops(base, "network_management_message_with_error_track", "35", 68);
        try (Stream<Path> files = Files.list(FILES)) {
            assertThat(files.map(file -> file.getFileName().toString())
                            .filter(name -> name.endsWith(".dat"))
                            .map(name -> name.substring(0, name.length() - 4)))
                    .containsExactlyInAnyOrderElementsOf(seen);
        }
    }
}
