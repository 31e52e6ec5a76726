package io.fluxrig.spec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.Value;
import io.fluxrig.spec.Codec.Decoded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Chip data of evsinev/ber-tlv, binaryfoo/emv-bertlv and moov-io/iso8583. */
class BerTlvVectorsTest {
    private static final String SPEC = """
            spec:
              id: chip
              version: 1.0.0
              protocol: chip
              wire:
                fields:
                  "55": { type: Composite, prefix: None.Fixed, subfields: { layout: tlv, unknown_tags: preserve } }
            """;

    @TempDir
    Path folder;

    private Codec codec;

    @BeforeEach
    void load() {
        codec = Vectors.spec(folder, SPEC).codec();
    }

    private Decoded read(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        return codec.decode(bytes, 0, bytes.length);
    }

    @Test
    void everyTreeIsReadAndWrittenAgain() {
        List<JsonNode> cases = Stream.of(
                        "bertlv-emv/emv_rapdu_cases.public.json", "bertlv-emv/tlv_unit_cases.public.json")
                .flatMap(name -> Vectors.items(name).stream())
                .toList();
        assertThat(cases).hasSizeGreaterThan(50);
        for (JsonNode item : cases) {
            String hex = item.get("hex").asText();
            assertThat(read(hex)).as(item.get("id").asText()).isInstanceOf(Decoded.Ok.class);
            FluxMap data = ((Decoded.Ok) read(hex)).data();
            List<String> expected = new ArrayList<>();
            item.get("tree").forEach(node -> flat(node, "", expected));
            List<String> found = new ArrayList<>();
            flat(data.get("55"), "", found);
            assertThat(found).as(item.get("id").asText()).containsExactlyInAnyOrderElementsOf(expected);
            assertThat(HexFormat.of().withUpperCase().formatHex(codec.encode(data)))
                    .as(item.get("id").asText())
                    .isEqualTo(hex.toUpperCase());
        }
    }

    /** What a card answered, without its status word. */
    @Test
    void everyAnswerOfTheRecordedCardsIsReadAndWrittenAgain() throws IOException {
        int answers = 0;
        for (String trace : List.of("contact-visa", "contactless-msd", "amex-cda")) {
            for (String line : Files.readAllLines(
                    Path.of("src/test/resources/vectors/bertlv-emv/binaryfoo-cases/" + trace + "-in.txt"))) {
                if (line.matches("(?i)(6f|70|77|80)[0-9a-f]+9000")) {
                    String hex = line.substring(0, line.length() - 4);
                    assertThat(read(hex)).as(line).isInstanceOf(Decoded.Ok.class);
                    assertThat(HexFormat.of().formatHex(codec.encode(((Decoded.Ok) read(hex)).data())))
                            .isEqualTo(hex.toLowerCase(Locale.ROOT));
                    answers++;
                }
            }
        }
        assertThat(answers).isGreaterThan(15);
    }

    private static void flat(JsonNode node, String path, List<String> into) {
        String here = path + "/" + node.get("tag").asText();
        if (node.has("children")) {
            node.get("children").forEach(child -> flat(child, here, into));
        } else {
            into.add(here + "=" + node.get("value").asText());
        }
    }

    private static void flat(Value value, String path, List<String> into) {
        switch (value) {
            case FluxMap map -> map.forEach((tag, inner) -> flat(inner, path + "/" + tag, into));
            case Value.Array pairs ->
                pairs.items().forEach(pair -> flat(Composites.value(pair), path + "/" + Composites.id(pair), into));
            default -> {
                // Zeros between tags are kept, and are no tags.
                if (!path.endsWith("/00")) {
                    into.add(path + "=" + Elements.characters(value));
                }
            }
        }
    }

    @Test
    void malformedTagsAreRefusedWithTheirPlace() {
        List<JsonNode> cases = Vectors.items("bertlv-emv/tlv_negative.public.json");
        assertThat(cases).isNotEmpty();
        for (JsonNode item : cases) {
            assertThat(read(item.get("hex").asText()))
                    .as(item.get("reason").asText())
                    .isInstanceOfSatisfying(
                            Decoded.Unreadable.class,
                            stop -> assertThat(stop.field()).startsWith("55"));
        }
    }

    @Test
    void tagsAreThoseOfBer() {
        JsonNode cases = Vectors.json("bertlv-emv/tag_cases.json");
        cases.get("valid")
                .forEach(tag ->
                        assertThat(BerTag.isTag(tag.asText())).as(tag.asText()).isTrue());
        cases.get("invalid")
                .forEach(tag ->
                        assertThat(BerTag.isTag(tag.asText())).as(tag.asText()).isFalse());
        cases.get("constructed")
                .forEach(tag -> assertThat(BerTag.isConstructed(tag.asText()))
                        .as(tag.asText())
                        .isTrue());
        cases.get("primitive")
                .forEach(tag -> assertThat(BerTag.isConstructed(tag.asText()))
                        .as(tag.asText())
                        .isFalse());
        cases.get("lengths").forEach(each -> {
            WireBuffer out = new WireBuffer();
            int length = each.get("len").asInt();
            LengthPrefix.writeBer(length, LengthPrefix.berOctets(length), out);
            assertThat(HexFormat.of().withUpperCase().formatHex(out.toBytes()))
                    .isEqualTo(each.get("hex").asText());
        });
    }

    @Test
    void orderRepetitionPaddingAndLongLengthsComeOutAsTheyCameIn() {
        for (String hex : List.of(
                "9F0201015A0102",
                "5A01015A01025A0103",
                "5A01010000820101",
                "5A81020102",
                "5A820001FF9F0200",
                "5A0100")) {
            Decoded.Ok ok = (Decoded.Ok) read(hex);
            assertThat(HexFormat.of().withUpperCase().formatHex(codec.encode(ok.data())))
                    .isEqualTo(hex);
        }
    }

    @Test
    void tagsThatLieTooDeepAreRefused() {
        String nested = "";
        for (int i = 0; i < 40; i++) {
            nested = "E1" + String.format("%02X", nested.length() / 2) + nested;
        }
        assertThat(read(nested))
                .isInstanceOfSatisfying(
                        Decoded.Unreadable.class,
                        stop -> assertThat(stop.reason()).contains("deep"));
    }
}
