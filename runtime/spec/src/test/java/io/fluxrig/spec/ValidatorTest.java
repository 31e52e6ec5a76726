package io.fluxrig.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.Value;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValidatorTest {
    @TempDir
    Path folder;

    private List<String> broken(String rest, FluxMap data) {
        return Sdl.broken(Sdl.spec(folder, rest).validator().check(data));
    }

    private List<String> answered(String rest, FluxMap response, FluxMap request) {
        return Sdl.broken(Sdl.spec(folder, rest).validator().check(response, Optional.of(request)));
    }

    @Test
    void allViolationsAreToldAtOnce() {
        String rules = """
                enums:
                  entry: { closed: true, values: { "010": Manual, "051": Chip } }
                fields:
                  "2": { alias: card.pan, format: { kind: pan }, messages: [{ mti: "0200", usage: mandatory }] }
                  "3": { messages: [{ mti: ["0100", "0200"], usage: mandatory }] }
                  "4": { format: { kind: amount, currency_field: "49" } }
                  "22": { values_ref: entry }
                  "38": { messages: [{ mti: "0200", usage: forbidden, severity: warn }] }
                """;
        FluxMap message = Sdl.message("0", "0200", "2", "4242424242424241", "4", "10", "22", "090", "38", "ABCDEF");
        assertThat(broken(rules, message))
                .containsExactlyInAnyOrder("2 format", "3 mandatory", "4 format", "22 value", "38 forbidden (warn)");
    }

    @Test
    void theFirstRuleThatMatchesWins() {
        String rules = """
                fields:
                  "22": {}
                  "52":
                    sensitivity: sad
                    messages:
                      - { mti: "0200", when: "field(22) == '051'", usage: mandatory }
                      - { mti: "0200", when: "field(22) == '010'", usage: forbidden }
                      - { mti: "0200", usage: optional }
                      - { mti: "0200", usage: forbidden }
                """;
        assertThat(broken(rules, Sdl.message("0", "0200", "22", "051"))).containsExactly("52 mandatory");
        assertThat(broken(rules, Sdl.message("0", "0200", "22", "010", "52", "x")))
                .containsExactly("52 forbidden");
        assertThat(broken(rules, Sdl.message("0", "0200", "22", "090", "52", "x")))
                .isEmpty();
        assertThat(broken(rules, Sdl.message("0", "0200"))).isEmpty();
        assertThat(broken(rules, Sdl.message("0", "0100", "52", "x"))).isEmpty();
    }

    @Test
    void aClosedSetHoldsWithoutARuleForTheMessage() {
        String rules = """
                enums:
                  closed: { closed: true, values: { "00": Approved, "05": Declined } }
                  open: { values: { "840": Dollar } }
                fields:
                  "39": { values_ref: closed, messages: [{ mti: "0210", validValues: ["00"] }] }
                  "49": { values_ref: open }
                """;
        assertThat(broken(rules, Sdl.message("0", "0110", "39", "99"))).containsExactly("39 value");
        assertThat(broken(rules, Sdl.message("0", "0110", "39", "05", "49", "978")))
                .isEmpty();
        // A rule's own values are narrower.
        assertThat(broken(rules, Sdl.message("0", "0210", "39", "05"))).containsExactly("39 value");
        assertThat(broken(rules, Sdl.message("0", "0210", "39", "00"))).isEmpty();
    }

    @Test
    void whatIsNotListedIsRefusedWhereThePolicySaysSo() {
        String rules = """
                validation_policy: { unlisted: forbidden }
                fields:
                  "3": { messages: [{ mti: "0200", usage: mandatory }] }
                  "22": { messages: [{ mti: "0200", when: "present(52)" }] }
                  "49": { name: Currency }
                """;
        assertThat(broken(rules, Sdl.message("0", "0200", "3", "000000"))).isEmpty();
        assertThat(broken(rules, Sdl.message("0", "0200", "3", "000000", "49", "840", "11", "1", "22", "1", "64", "x")))
                .containsExactlyInAnyOrder("49 unlisted", "11 unlisted", "22 unlisted", "64 unlisted");
        assertThat(broken(rules, Sdl.message("0", "0200", "3", "000000", "22", "1", "52", "x")))
                .containsExactly("52 unlisted");
    }

    @Test
    void anUnknownMessageIsOne() {
        assertThat(broken("fields: {}", Sdl.message("0", "0800"))).containsExactly("0 unknown-message");
        assertThat(broken("fields: {}", FluxMap.EMPTY)).containsExactly("0 unknown-message");
    }

    @Test
    void aSpecWithoutRulesFindsNothing() {
        Spec spec = Sdl.load(folder, "spec: { id: x, version: 1.0.0, wire: { source: moov:spec87ascii } }")
                .orThrow();
        assertThat(spec.validator().check(Sdl.message("0", "9999", "2", "x"))).isEmpty();
        assertThat(spec.validator().isEmpty()).isTrue();
        assertThat(Sdl.spec(folder, "fields: {}").validator().isEmpty()).isFalse();
    }

    @Test
    void aResponseIsComparedWithWhatItAnswers() {
        String rules = """
                fields:
                  "11": { messages: [{ mti: "0210", usage: mandatory, response_value: echo }] }
                  "38": { messages: [{ mti: "0210", response_value: new }] }
                  "4": { messages: [{ mti: "0210", response_value: modified }] }
                """;
        FluxMap request = Sdl.message("0", "0200", "4", "000000000100", "11", "000001", "38", "OLD");
        assertThat(answered(rules, Sdl.message("0", "0210", "4", "000000000050", "11", "000001", "38", "NEW"), request))
                .isEmpty();
        assertThat(answered(rules, Sdl.message("0", "0210", "4", "000000000100", "11", "000002", "38", "OLD"), request))
                .containsExactlyInAnyOrder("4 response-value", "11 response-value", "38 response-value");
        assertThat(answered(rules, Sdl.message("0", "0210", "4", "1", "11", "1"), Sdl.message("0", "0200")))
                .containsExactlyInAnyOrder("4 response-value", "11 response-value");
        // Nothing to compare with.
        assertThat(broken(rules, Sdl.message("0", "0210", "11", "000009"))).isEmpty();
    }

    @Test
    void aResponseFollowsItsOwnRequest() {
        assertThat(answered("fields: {}", Sdl.message("0", "0110"), Sdl.message("0", "0200")))
                .containsExactly("0 transition");
        assertThat(answered("fields: {}", Sdl.message("0", "0210"), Sdl.message("0", "0200")))
                .isEmpty();
    }

    @Test
    void transitionsSayWhatElseMayFollow() {
        Spec spec = Sdl.load(
                        folder,
                        Sdl.START + "    transitions: [{ from: [\"0100\", \"0200\"], to: \"0400\", note: Undone }]\n")
                .orThrow();
        Optional<FluxMap> purchase = Optional.of(Sdl.message("0", "0200"));
        assertThat(spec.validator().check(Sdl.message("0", "0400"), purchase)).isEmpty();
        assertThat(Sdl.broken(spec.validator().check(Sdl.message("0", "0100"), purchase)))
                .containsExactly("0 transition");
    }

    @Test
    void rulesAcrossFieldsAreChecked() {
        String rules = """
                checks:
                  - { mti: "0200", name: PIN needs a card, assert: "!present(52) || present(2)" }
                  - { name: Cheap, assert: "!present(4) || field(4) < 500", severity: warn }
                fields: {}
                """;
        assertThat(broken(rules, Sdl.message("0", "0200", "52", "x", "4", "000000000500")))
                .containsExactly("52 check", "4 check (warn)");
        assertThat(broken(rules, Sdl.message("0", "0100", "52", "x", "4", "000000000499")))
                .isEmpty();
    }

    private static final String CHIP = """
            enums:
              kind: { closed: true, values: { "00": Purchase, "01": Cash } }
            validation_policy: { unlisted: forbidden }
            fields:
              "22": { messages: [{ mti: "0200" }] }
              "55":
                messages: [{ mti: "0200" }]
                subfields:
                  parts:
                    - { tag: 9F02, alias: chip.amount, format: { kind: numeric },
                        messages: [{ mti: "0200", usage: mandatory }] }
                    - { tag: "9C", values_ref: kind }
                    - { tag: 9F26, messages: [{ mti: "0210" }] }
                    - { tag: "70", subfields: { parts: [{ tag: "5A", sensitivity: pan, format: { kind: pan } }] } }
            """;

    private static FluxMap map(Object... pairs) {
        FluxMap.Builder map = FluxMap.builder();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put((String) pairs[i], (Value) pairs[i + 1]);
        }
        return map.build();
    }

    private static Value hex(String text) {
        return Value.of(Bytes.ofHex(text));
    }

    private static Value list(FluxMap map) {
        List<Value> items = new ArrayList<>();
        map.forEach((tag, value) -> items.add(Value.of(List.of(Value.of(tag), value))));
        return Value.of(items);
    }

    @Test
    void partsAreCheckedInBothShapes() {
        FluxMap bad = map(
                "9C", hex("99"), "9F26", hex("00"), "70", map("5A", hex("4242424242424241")), "9F99", Value.of("free"));
        FluxMap good = map("9C", hex("01"), "9F02", hex("000000001000"), "70", map("5A", hex("4242424242424242")));
        for (Value shape : List.of(bad, list(bad))) {
            assertThat(broken(CHIP, map("0", Value.of("0200"), "55", shape)))
                    .containsExactlyInAnyOrder(
                            "55.9C value", "55.9F02 mandatory", "55.9F26 unlisted", "55.70.5A format");
        }
        for (Value shape : List.of(good, list(good))) {
            assertThat(broken(CHIP, map("0", Value.of("0200"), "55", shape))).isEmpty();
        }
    }

    @Test
    void everyRepetitionOfATagIsChecked() {
        Value twice = Value.of(List.of(
                Value.of(List.of(Value.of("9F02"), hex("000000001000"))),
                Value.of(List.of(Value.of("9C"), hex("01"))),
                Value.of(List.of(Value.of("9C"), hex("77"))),
                Value.of("no pair")));
        assertThat(broken(CHIP, map("0", Value.of("0200"), "55", twice))).containsExactly("55.9C value");
    }

    @Test
    void aPartIsOnlyMandatoryWhereItsElementStands() {
        assertThat(broken(CHIP, Sdl.message("0", "0200"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            kind: pan                        | 35  | 4242424242424242   | true
            kind: pan                        | 35  | 4242424242424243   | false
            kind: pan                        | 35  | 42424242424        | false
            kind: pan                        | 35  | 4242 4242 4242 4242 | false
            kind: amount                     | 4   | 000000001000       | true
            kind: amount                     | 4   | D00000001000       | true
            kind: amount                     | 4   | 1000.0             | false
            kind: numeric                    | 37  | 123456789012       | true
            kind: numeric                    | 37  | 12345678901X       | false
            kind: date                       | 13  | 0229               | true
            kind: date                       | 13  | 0230               | false
            kind: date                       | 13  | 1301               | false
            kind: date, layout: YYMM         | 14  | 2912               | true
            kind: date, layout: YYMM         | 14  | 2913               | false
            kind: time                       | 12  | 235959             | true
            kind: time                       | 12  | 240000             | false
            kind: datetime                   | 7   | 1231235959         | true
            kind: datetime                   | 7   | 1131235959         | false
            kind: datetime, layout: MMDDHHMMSS, tz: UTC | 7 | 0101006000 | false
            kind: date, layout: YYYYMMDD     | 37  | 20230229           | false
            kind: date, layout: YYYYMMDD     | 37  | 20240229           | true
            kind: date, layout: YYDDD        | 37  | 26366              | true
            """)
    void formatsAreChecked(String format, String element, String value, boolean fits) {
        // 35 and 37 are given room so that one length does not stand in the way.
        String text = Sdl.START.replace(
                        "source: moov:spec87ascii }",
                        "source: moov:spec87ascii, fields: { "
                                + "\"35\": { type: String, length: 37, enc: ASCII, prefix: ASCII.LL }, "
                                + "\"37\": { type: String, length: 37, enc: ASCII, prefix: ASCII.LL } } }")
                + "  fields: { \"" + element + "\": { format: { " + format + " } } }\n";
        Spec spec = Sdl.load(folder, text).orThrow();
        assertThat(Sdl.broken(spec.validator().check(Sdl.message("0", "0200", element, value))))
                .isEqualTo(fits ? List.of() : List.of(element + " format"));
    }

    @Test
    void anAmountNeedsACurrencyThatExists() {
        String rules =
                "fields: { \"4\": { format: { kind: amount, currency_field: currency } }, \"49\": { alias: currency } }";
        assertThat(broken(rules, Sdl.message("0", "0200", "4", "1", "49", "978")))
                .isEmpty();
        assertThat(broken(rules, Sdl.message("0", "0200", "4", "1", "49", "EUR")))
                .isEmpty();
        assertThat(broken(rules, Sdl.message("0", "0200", "4", "1", "49", "000")))
                .containsExactly("4 format");
        assertThat(broken(rules, Sdl.message("0", "0200", "4", "1"))).containsExactly("4 format");
    }

    @Test
    void noReasonHoldsAValue() {
        String rules = """
                enums: { e: { closed: true, values: { "00": X } } }
                checks: [{ name: c, assert: "field(2) == '1'" }]
                fields:
                  "2": { alias: card.pan, format: { kind: pan }, messages: [{ mti: "0210", response_value: echo }] }
                  "39": { values_ref: e }
                """;
        FluxMap response = Sdl.message("0", "0210", "2", "9988776655443322", "39", "ZQ");
        List<Violation> all = Sdl.spec(folder, rules)
                .validator()
                .check(response, Optional.of(Sdl.message("0", "0200", "2", "1122334455667788")));
        assertThat(all).hasSize(4);
        assertThat(all).extracting(Violation::toString).noneMatch(t -> t.matches("(?s).*(99887|11223|ZQ).*"));
        assertThat(all.getFirst().alias()).contains("card.pan");
    }

    @Test
    void theMessageTypesAreAnEnumToo() {
        String rules = "fields: { \"37\": { values_ref: \"@messages\" } }";
        // Fixed by moov at 12 characters, so padded codes are what it holds.
        Spec spec = Sdl.load(
                        folder,
                        Sdl.START.replace(
                                        "moov:spec87ascii }",
                                        "moov:spec87ascii, fields: { \"37\": { type: String, length: 4, enc: ASCII, prefix: ASCII.Fixed } } }")
                                + rules.indent(2))
                .orThrow();
        assertThat(spec.validator().check(Sdl.message("0", "0400", "37", "0200")))
                .isEmpty();
        assertThat(Sdl.broken(spec.validator().check(Sdl.message("0", "0400", "37", "0300"))))
                .containsExactly("37 value");
    }

    @Test
    void aMessageCannotMakeTheListGrowWithoutEnd() {
        List<Value> tags = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            tags.add(Value.of(List.of(Value.of("9C"), hex("77"))));
        }
        assertThat(broken(CHIP, map("0", Value.of("0200"), "55", Value.of(tags))))
                .hasSize(256);
    }
}
