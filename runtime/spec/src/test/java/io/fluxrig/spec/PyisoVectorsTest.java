package io.fluxrig.spec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.spec.Codec.Decoded;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Small cases of pyiso8583, each with the spec that its description names. */
class PyisoVectorsTest {
    @TempDir
    Path folder;

    /** What a case says of its elements, in our words. */
    private static String elements(String id) {
        return switch (id) {
            case "secondary-bitmap" -> "\"102\": { type: String, length: 28, enc: ASCII, prefix: ASCII.LL }";
            case "secondary-and-primary" ->
                "\"21\": { type: String, length: 3, enc: ASCII, prefix: ASCII.Fixed }, \"102\": { type: String, length: 28, enc: ASCII, prefix: ASCII.LL }";
            case "binary-llvar-55" -> "\"55\": { type: Binary, length: 255, enc: Binary, prefix: ASCII.LLL }";
            case "bitmap-mixed-case" ->
                "\"5\": {F}, \"7\": {F}, \"9\": {F}, \"11\": {F}"
                        .replace("{F}", "{ type: String, length: 1, enc: ASCII, prefix: ASCII.Fixed }");
            case "f2-extra" -> "\"2\": { type: String, length: 4, enc: ASCII, prefix: ASCII.Fixed }";
            case "f2-lvar-empty", "f2-lvar" -> "\"2\": { type: String, length: 2, enc: ASCII, prefix: ASCII.L }";
            case "f2-lvar-over-max" -> "\"2\": { type: String, length: 6, enc: ASCII, prefix: ASCII.L }";
            case "f2-bcd-length-over-max" -> "\"2\": { type: String, length: 15, enc: ASCII, prefix: BCD.LL }";
            case "f2-binary-length-no-data" -> "\"2\": { type: String, length: 16, enc: ASCII, prefix: Binary.L }";
            case "f2-length-not-numeric" -> "\"2\": { type: String, length: 9, enc: ASCII, prefix: ASCII.L }";
            case "f2-non-ascii" -> "\"2\": { type: String, length: 4, enc: ASCII, prefix: ASCII.LL }";
            default -> "";
        };
    }

    private Codec codec(JsonNode item) {
        String mti = switch (item.get("id").asText()) {
            case "mti-ebcdic-cp500" -> "EBCDIC";
            case "mti-bcd" -> "BCD";
            default -> "ASCII";
        };
        return Vectors.spec(
                        folder,
                        """
                        spec:
                          id: small
                          version: 1.0.0
                          wire:
                            fields:
                              "0": { type: String, length: 4, enc: %s, prefix: ASCII.Fixed }
                              "1": { type: Bitmap, enc: HexToASCII }
                        """.formatted(mti)
                                + (elements(item.get("id").asText()).isEmpty()
                                        ? ""
                                        : more(elements(item.get("id").asText()))))
                .codec();
    }

    private static String more(String elements) {
        StringBuilder lines = new StringBuilder();
        for (String line : elements.split("(?<=}), ")) {
            lines.append("      ").append(line).append('\n');
        }
        return lines.toString();
    }

    @Test
    void whatCanBeReadComesOutAsItCameInAndTheRestIsRefused() {
        List<JsonNode> cases = Vectors.items("iso8583-pyiso8583/cases.public.json");
        assertThat(cases).hasSizeGreaterThan(15);
        for (JsonNode item : cases) {
            String id = item.get("id").asText();
            Codec codec = codec(item);
            byte[] wire = HexFormat.of().parseHex(item.get("hex").asText());
            Decoded decoded = codec.decode(wire, 0, wire.length);
            if (item.get("expect").isTextual()) {
                assertThat(decoded).as(id).isInstanceOf(Decoded.Unreadable.class);
                continue;
            }
            assertThat(decoded).as(id).isInstanceOf(Decoded.Ok.class);
            FluxMap data = ((Decoded.Ok) decoded).data();
            assertThat(codec.encode(data)).as(id).isEqualTo(wire);
            item.get("expect").properties().forEach(entry -> {
                String key = entry.getKey().equals("mti") ? "0" : entry.getKey().replace("_hex", "");
                if (!key.equals("1") && !key.equals("bitmap")) {
                    assertThat(Elements.characters(data.get(key)))
                            .as(id)
                            .isEqualTo(entry.getValue().asText());
                }
            });
        }
    }
}
