package io.fluxrig.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Everything wrong with what a spec says of meaning and rules is found when it is loaded. */
class SemanticsTest {
    @TempDir
    Path folder;

    private List<String> findings(String rest) {
        return Sdl.findings(folder, Sdl.START + rest.indent(2)).stream()
                .map(f -> f.substring(f.indexOf(' ') + 1))
                .toList();
    }

    @Test
    void everythingIsToldAtOnceWithItsPlace() {
        int line = Sdl.START.split("\n").length;
        assertThat(Sdl.findings(folder, Sdl.START + """
                          enums:
                            codes: { closed: maybe, values: { "00": Approved } }
                            empty: { values: {} }
                          validation_policy: { unlisted: forbiden }
                          fields:
                            "4": { format: { kind: amount, currency_field: "150" } }
                            "22": { values_ref: code, scope: secret }
                            "39":
                              description: Response
                              messages:
                                - { mti: "0300", usage: mandatory }
                                - { mti: "0200", response_value: echo }
                                - { usage: never, when: "present(tarck2)" }
                          checks:
                            - { mti: "0210", assert: "field(4) >" }
                        """))
                .containsExactlyInAnyOrder(
                        (line + 2) + ":22 2004 closed 'maybe' is not known",
                        (line + 3) + ":12 2003 enum 'empty' has no values",
                        (line + 4) + ":34 2004 unlisted 'forbiden' is not known",
                        (line + 6) + ":53 2031 currency_field: element 150 has no place on the wire",
                        (line + 7) + ":25 2034 there is no enum 'code'",
                        (line + 7) + ":38 2004 scope 'secret' is not known",
                        (line + 9) + ":7 2002 unknown key 'description'",
                        (line + 11) + ":18 2033 0300 is not in the catalogue",
                        (line + 12) + ":42 2037 'response_value' on 0200, which is a request",
                        (line + 13) + ":11 2003 'mti' is missing",
                        (line + 13) + ":20 2004 usage 'never' is not known",
                        (line + 13) + ":42 2031 in 'when': no field has the alias 'tarck2'",
                        (line + 15) + ":7 2003 'name' is missing",
                        (line + 15) + ":41 2032 in 'assert': the end stands where something else is asked for");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            fields: {"3": {enc: BCD}} | 2030 'enc' says how bytes lie, not what they mean
            fields: {"48": {subfields: {parts: [{from: 1, to: 2}]}}} | 2030 'from' says how bytes lie, not what they mean
            fields: {"48": {subfields: {repeat: {length: 2}, parts: []}}} | 2030 'repeat' says how bytes lie, not what they mean
            fields: {"48": {subfields: {}}} | 2003 'parts' is missing
            fields: {"48": {subfields: {parts: [{tag: zz}]}}} | 2004 'tag: zz' is not a tag in hex
            fields: {"48": {subfields: {parts: [{tag: 9f02}, {tag: 9F02}]}}} | 2004 part 48.9F02 stands here twice
            fields: {"48": {alias: a, subfields: {parts: [{id: 1, alias: a}]}}} | 2007 alias 'a' stands at element 48 already
            fields: {"48": {subfields: {parts: [{id: 1, alias: a}]}}, "49": {alias: a}} | 2007 alias 'a' stands at part 48.1 already
            fields: {"48": {subfields: {parts: [{id: 1, sensitivity: sad, log_mask: false}]}}} | 2006 a classified element cannot be shown in logs
            fields: {"52": {crypto: {role: pin_block}, sensitivity: pii}} | 2006 a PIN block is sensitive authentication data
            fields: {"2": {format: {kind: pan}, sensitivity: none}} | 2006 a card number is not classified
            fields: {"3": {mask: bin8}} | 2037 'mask' says how much of a card number is shown, and this is none
            fields: {"3": {format: {kind: pan}}} | 2035 element 3 cannot hold the format pan
            fields: {"39": {format: {kind: date}}} | 2035 no usual layout has 2 characters
            fields: {"7": {format: {kind: date}}} | 2035 no usual layout has 10 characters
            fields: {"7": {format: {kind: datetime, layout: MMDD}}} | 2035 'MMDD' is not a layout of kind datetime
            fields: {"7": {format: {kind: datetime, layout: MMDDhhmm}}} | 2035 the layout has 8 characters and the element 10
            fields: {"7": {format: {kind: datetime, layout: QQ}}} | 2035 'QQ' is not a layout of kind datetime
            fields: {"7": {format: {kind: datetime, tz: Mars}}} | 2035 'Mars' is not a time zone
            fields: {"4": {format: {kind: amount, tz: UTC}}} | 2035 only dates and times have a zone
            fields: {"3": {format: {kind: numeric, currency_field: "4"}}} | 2035 only an amount has a currency
            fields: {"3": {format: {layout: MM}}} | 2003 'kind' is missing
            fields: {"39": {validValues: ["000"]}} | 2037 element 39 has 2 characters and cannot hold '000'
            fields: {"39": {validValues: ["0"]}} | 2037 element 39 has 2 characters and cannot hold '0'
            fields: {"39": {validValues: []}} | 2003 'validValues' accepts nothing
            fields: {"39": {validValues: ["00", "00"]}} | 2004 the value '00' stands here twice
            fields: {"39": {validValues: ["00"], values_ref: e}}, enums: {e: {values: {"00": A}}} | 2037 'validValues' and 'values_ref' stand side by side
            fields: {"39": {messages: [{mti: "0210", usage: forbidden, validValues: ["00"]}]}} | 2037 a forbidden field has no values
            fields: {"39": {messages: [{mti: []}]}} | 2004 'mti' is empty
            fields: {"39": {messages: {mti: "0200"}}} | 2004 'messages' is not a list
            fields: {"39": {messages: [{mti: "0210"}, {mti: "0210", usage: mandatory}]}} | warning 2037 a rule above always matches first, so this one is never tried
            fields: {"03": {name: A}, "3": {name: B}} | 2004 element 3 stands here twice
            fields: {"3": {name: }} | 2004 'name' is not text
            checks: [{name: c, assert: "true"}, {name: c, assert: "true"}] | 2004 a check 'c' stands here twice
            checks: [{name: c, assert: "true", mti: ["0200", "0999"]}] | 2033 0999 is not in the catalogue
            checks: {c: true} | 2004 'checks' is not a list
            enums: {e: {closed: true}} | 2003 'values' is missing
            enums: {e: {values: {"00": {name: A, label: B}}}} | 2002 unknown key 'label'
            validation_policy: {unlisted: forbidden, extra: 1} | 2002 unknown key 'extra'
            references: one | 2004 'references' is not a list
            """)
    void isFound(String rest, String what) {
        // A flow map cannot stand at the level of a block, so keys at the top are written one a line.
        String lines = rest.replace("}, enums:", "}\nenums:");
        assertThat(findings(lines)).contains(what);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "0200": {name: A, flow: request, pairs_with: "0211"} | 2033 pairs_with: 0211 is not in the catalogue
            "0200": {name: A, flow: request, pairs_with: "0100"} | 2037 a request pairs with a request
            "0201": {name: A, flow: request, pairs_with: "0110"} | 2037 0201 pairs with 0110, which pairs with 0100
            "200": {name: A, flow: request} | 2004 '200' is not a message type of ISO 8583
            "0200": {name: A, flow: both} | 2004 flow 'both' is not known
            "0200": {flow: request} | 2003 'name' is missing
            "0200": {name: A, flow: request, response_timeout: 2} | 2004 'response_timeout: 2' is not a time such as 500ms, 2s or 1m
            """)
    void theCatalogueIsChecked(String entry, String what) {
        String catalog = """
                spec:
                  id: x
                  version: 1.0.0
                  wire: { source: moov:spec87ascii }
                  messages:
                    catalog:
                      "0100": { name: A, flow: request, pairs_with: "0110" }
                      "0110": { name: A, flow: response, pairs_with: "0100" }
                """;
        assertThat(Sdl.findings(folder, catalog + "      " + entry + "\n"))
                .extracting(f -> f.substring(f.indexOf(' ') + 1))
                .contains(what);
    }

    @Test
    void transitionsAndCorrelationNameWhatIsThere() {
        assertThat(Sdl.findings(
                        folder,
                        Sdl.START + "    transitions: [{ from: \"0200\", to: \"0600\" }]\n"
                                + "    correlate_on: [\"11\", terminal, \"7\"]\n"))
                .extracting(f -> f.substring(f.indexOf(' ') + 1))
                .containsExactlyInAnyOrder(
                        "2033 0600 is not in the catalogue", "2031 correlate_on: no field has the alias 'terminal'");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "70": {type: Numeric, length: 100, enc: ASCII, prefix: ASCII.LL} | 2004 a length of 100 does not fit in the 2 digits of its prefix
            "70": {type: Numeric, length: 3, enc: ASCII, prefix: ASCII.Fixed, padding: {type: Left, pad: "ab"}} | 2004 the padding is not one character
            "70": {type: Numeric, length: 3, enc: ASCII, prefix: ASCII.Fixed, padding: {type: Left}} | 2004 the padding is not one character
            "70": {type: Numeric, length: 3, enc: BCD, prefix: BCD.Fixed, padding: {type: Left, pad: " "}} | 2004 BCD cannot hold the padding ' '
            "70": {type: Numeric, length: 3, enc: ASCII, prefix: ASCII.Fixed, padding: {type: Left, pad: "x"}} | 2004 a number is padded with 'x'
            """)
    void lengthsAndPaddingsThatContradictEachOtherAreFound(String field, String what) {
        assertThat(Sdl.findings(
                        folder,
                        "spec: {id: x, version: 1.0.0, wire: {source: moov:spec87ascii, fields: {" + field + "}}}\n"))
                .extracting(f -> f.substring(f.indexOf(' ') + 1))
                .contains(what);
    }

    @Test
    void whatIsClearFromTheFormatNeedNotBeSaid() {
        Spec spec = Sdl.spec(folder, """
                fields:
                  "2": { format: { kind: pan } }
                  "52": { crypto: { role: pin_block } }
                """);
        assertThat(spec.sensitivityOf("2")).isEqualTo(Sensitivity.PAN);
        assertThat(spec.sensitivityOf("52")).isEqualTo(Sensitivity.SAD);
    }

    @Test
    void scalarsAreWhatTheSchemaSays() {
        Semantics semantics = Sdl.load(folder, Sdl.START.replace("\"0200\":", "0200:") + """
                          fields:
                            22: { name: 1.10, note: NO, messages: [{ mti: 0200, usage: mandatory }] }
                        """)
                .orThrow()
                .semantics();
        Semantics.Field field = semantics.fields().get(22);
        assertThat(field.label().name()).isEqualTo("1.10");
        assertThat(field.label().note()).isEqualTo("NO");
        assertThat(field.rules().getFirst().messages()).containsExactly("0200");
    }
}
