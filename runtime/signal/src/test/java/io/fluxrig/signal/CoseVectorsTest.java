package io.fluxrig.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every public COSE_Sign and COSE_Sign1 example: what was signed is built byte for byte, and our profile refuses all of them. */
class CoseVectorsTest {
    private static List<Path> examples() throws IOException {
        try (Stream<Path> files = Files.walk(Vectors.path("cose-sign1"))) {
            return files.filter(f -> f.toString().endsWith(".json")).sorted().toList();
        }
    }

    /** The structures that the example's signers sign. */
    private static List<String> signed(JsonNode example) {
        List<String> all = new ArrayList<>();
        JsonNode intermediates = example.path("intermediates");
        if (intermediates.has("ToBeSign_hex")) {
            all.add(intermediates.path("ToBeSign_hex").asText());
        }
        intermediates
                .path("signers")
                .forEach(signer -> all.add(signer.path("ToBeSign_hex").asText()));
        return all;
    }

    @Test
    void whatWasSignedIsBuiltByteForByte() throws IOException {
        int built = 0;
        for (Path file : examples()) {
            JsonNode example = Vectors.json(file);
            byte[] plaintext = example.path("input").path("plaintext").asText().getBytes(StandardCharsets.UTF_8);
            for (String hex : signed(example)) {
                byte[] expected = Vectors.hex(hex);
                JsonNode structure = new CBORMapper().readTree(expected);
                List<Value> items = new ArrayList<>();
                for (JsonNode item : structure) {
                    items.add(
                            item.isTextual() ? Value.of(item.asText()) : new Value.Bin(Bytes.wrap(item.binaryValue())));
                }
                assertThat(FluxCbor.encode(Value.of(items))).as(file.toString()).isEqualTo(expected);
                if (structure.path(0).asText().equals("Signature1")) {
                    assertThat(structure.path(3).binaryValue()).isEqualTo(plaintext);
                    assertThat(SignedArtifact.toBeSigned(
                                    structure.path(1).binaryValue(),
                                    structure.path(2).binaryValue(),
                                    plaintext))
                            .as(file.toString())
                            .isEqualTo(expected);
                }
                built++;
            }
        }
        assertThat(built).isGreaterThanOrEqualTo(26);
    }

    @Test
    void everyExampleIsOutsideOurProfile() throws IOException {
        for (Path file : examples()) {
            byte[] cose =
                    Vectors.hex(Vectors.json(file).path("output").path("cbor").asText());
            assertThatThrownBy(() -> SignedArtifact.parse(cose, "text/plain"))
                    .as(file.toString())
                    .isInstanceOfSatisfying(
                            FluxException.class, e -> assertThat(e.code()).isEqualTo(SignalError.ARTIFACT));
        }
    }
}
