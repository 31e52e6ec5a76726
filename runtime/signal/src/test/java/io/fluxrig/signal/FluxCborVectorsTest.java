package io.fluxrig.signal;

import static io.fluxrig.signal.Vectors.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Public vectors of RFC 8949, CDE, dCBOR and CBOR::Core against our profile. */
class FluxCborVectorsTest {
    private static final JsonNode VERDICTS = Vectors.json("fluxcbor/verdicts.json");

    @Test
    void refusesOfOtherProfilesValidItemsExactlyTheListedOnes() {
        VERDICTS.get("refused").properties().forEach(file -> {
            Map<String, String> refused = new TreeMap<>();
            for (String item : items(file.getKey())) {
                try {
                    byte[] bytes = hex(item);
                    assertThat(hex(FluxCbor.encode(FluxCbor.decode(bytes)))).isEqualTo(item);
                } catch (CborException e) {
                    refused.put(item, e.offset() + " " + e.rule());
                }
            }
            Map<String, String> expected = new TreeMap<>();
            file.getValue()
                    .properties()
                    .forEach(e -> expected.put(e.getKey(), e.getValue().asText()));
            assertThat(refused).as(file.getKey()).isEqualTo(expected);
        });
    }

    @Test
    void acceptsOfInvalidItemsOnlyThoseThatAnotherProfileForbids() {
        VERDICTS.get("accepted").properties().forEach(file -> {
            List<String> accepted = new ArrayList<>();
            for (String item : items(file.getKey())) {
                try {
                    FluxCbor.decode(hex(item));
                    accepted.add(item);
                } catch (CborException e) {
                    assertThat(e.code()).isEqualTo(SignalError.CBOR);
                }
            }
            List<String> expected = new ArrayList<>();
            file.getValue().forEach(e -> expected.add(e.asText()));
            assertThat(accepted).as(file.getKey()).isEqualTo(expected);
        });
    }

    @Test
    void followsItsColumnOfTheProfileMatrix() {
        JsonNode matrix = Vectors.json("cbor-deterministic/profile_matrix.json").get("items");
        assertThat(matrix).hasSizeGreaterThan(20);
        for (JsonNode row : matrix) {
            byte[] item = hex(row.get("hex").asText());
            if (row.get("fluxcbor").asText().equals("accept")) {
                assertThat(FluxCbor.encode(FluxCbor.decode(item))).isEqualTo(item);
            } else {
                assertThatThrownBy(() -> FluxCbor.decode(item))
                        .as(row.toString())
                        .isInstanceOfSatisfying(
                                CborException.class,
                                e -> assertThat(e.rule())
                                        .isEqualTo(row.get("fluxcbor_rule").asText()));
            }
        }
    }

    @Test
    void readsTheValuesThatAppendixAStates() {
        int compared = 0;
        for (JsonNode item : Vectors.json("cbor-rfc8949/appendix_a.json")) {
            boolean refused = VERDICTS.get("refused")
                    .get("cbor-rfc8949/appendix_a.json")
                    .has(item.get("hex").asText());
            if (!refused && item.has("decoded")) {
                Value value = FluxCbor.decode(hex(item.get("hex").asText()));
                assertThat(JsonView.of(value).toString())
                        .as(item.get("hex").asText())
                        .isEqualTo(JsonView.normal(item.get("decoded")).toString());
                compared++;
            } else if (!refused) {
                String diagnostic = item.get("diagnostic").asText();
                assertThat(FluxCbor.diag(FluxCbor.decode(hex(item.get("hex").asText()))))
                        .isEqualTo(diagnostic);
                compared++;
            }
        }
        assertThat(compared).isEqualTo(54);
    }

    private static List<String> items(String file) {
        JsonNode json = Vectors.json(file);
        JsonNode items = json.isArray() ? json : json.has("items") ? json.get("items") : json.get("valid");
        List<String> hexes = new ArrayList<>();
        items.forEach(item -> hexes.add(item.get("hex").asText()));
        assertThat(hexes).isNotEmpty();
        return hexes;
    }
}
