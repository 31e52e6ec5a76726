package io.fluxrig.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.FluxMsg;
import io.fluxrig.signal.Value;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MaskTest {
    @TempDir
    Path folder;

    private Spec spec() {
        return Sdl.spec(folder, """
                fields:
                  "2": { sensitivity: pan }
                  "32": { sensitivity: pan, mask: bin8 }
                  "35": { sensitivity: sad }
                  "14": { sensitivity: chd }
                  "48": { sensitivity: pii, subfields: { parts: [{ id: 1 }] } }
                  "55":
                    subfields:
                      parts:
                        - { tag: "57", sensitivity: sad }
                        - { tag: "5A", sensitivity: pan }
                        - { tag: "70", subfields: { parts: [{ tag: "9F1F", sensitivity: sad }] } }
                """);
    }

    @ParameterizedTest
    @CsvSource({
        "2, 4242424242424242, 424242******4242",
        "32, 4242424242424242, 42424242****4242",
        "2, 378282246310005, 378282*****0005",
        "32, 378282246310005, 378282*****0005",
        "32, 4242424242424242424, 42424242*******2424",
        "2, 4222222222222, 422222***2222",
        "2, 422222222222, ***",
        "2, 4242 4242 4242 4242, ***",
        "2, '', ***",
        "14, 2912, ***",
        "35, 4242424242424242=2912, ***",
        "48, somebody, ***",
        "55, 5A084242424242424242, ***",
        "41, TERM0001, TERM0001",
    })
    void classifiedValuesAreShownAsTheSpecSays(String element, String value, String shown) {
        FluxMap masked = spec().mask(Sdl.message("0", "0200", element, value));
        assertThat(masked.text(element)).contains(shown);
    }

    @Test
    void partsAreMaskedInBothShapes() {
        FluxMap inner = FluxMap.of("9F1F", Value.of("1234567890"));
        FluxMap chip = FluxMap.builder()
                .put("57", Bytes.ofHex("4242424242424242d291"))
                .put("5A", Bytes.ofHex("4242424242424242"))
                .put("70", inner)
                .put("9F02", Bytes.ofHex("000000001000"))
                .build();
        FluxMap masked = (FluxMap) spec().mask(FluxMap.of("55", chip)).get("55");
        assertThat(masked.text("57")).contains("***");
        assertThat(masked.text("5A")).contains("424242******4242");
        assertThat(((FluxMap) masked.get("70")).text("9F1F")).contains("***");
        assertThat(masked.get("9F02")).isEqualTo(chip.get("9F02"));

        Value list = Value.of(List.of(
                Value.of(List.of(Value.of("9F02"), Value.of("x"))),
                Value.of(List.of(Value.of("57"), Value.of("424242"))),
                Value.of(List.of(Value.of("57"), Value.of("434343"))),
                Value.of("not a pair")));
        Value shown = spec().mask(FluxMap.of("55", list)).get("55");
        assertThat(shown)
                .isEqualTo(Value.of(List.of(
                        Value.of(List.of(Value.of("9F02"), Value.of("x"))),
                        Value.of(List.of(Value.of("57"), Value.of("***"))),
                        Value.of(List.of(Value.of("57"), Value.of("***"))),
                        Value.of("***"))));
    }

    @Test
    void nothingPrintsWhatItHolds() {
        FluxMap data = Sdl.message("0", "0200", "2", "4242424242424242");
        FluxMsg msg = FluxMsg.builder()
                .id(io.fluxrig.signal.FluxId.of(5, 0, 1))
                .srcId(1)
                .ts(1)
                .data(data)
                .raw(Bytes.ofHex("4242424242424242"))
                .build();
        assertThat(List.of(
                        data,
                        msg,
                        data.get("2"),
                        msg.raw(),
                        Value.of(List.of(data.get("2"))),
                        new Value.Bin(msg.raw())))
                .extracting(Object::toString)
                .noneMatch(text -> text.contains("4242"));
        Spec spec = spec();
        assertThat(spec.toString()).isEqualTo("Spec[x:1.0.0]");
        assertThat(new Elements(data).toString()).doesNotContain("4242");
        assertThat(spec.codec()
                        .decode("0200x".getBytes(java.nio.charset.StandardCharsets.US_ASCII), 0, 5)
                        .toString())
                .doesNotContain("0200x");
    }

    @Test
    void noRefusalOfTheCodecHoldsAValue() {
        FluxMap data = Sdl.message("0", "0200", "2", "42424242424242424242424242", "4", "not a number");
        assertThat(org.assertj.core.api.Assertions.catchThrowable(
                                () -> spec().codec().encode(data))
                        .toString())
                .doesNotContain("4242", "not a number");
    }
}
