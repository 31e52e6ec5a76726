package io.fluxrig.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.Hashes;
import io.fluxrig.signal.Value;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpecsTest {
    private static final Path EXAMPLE = Path.of("../../examples/payment-switch/specs/payments.yaml");
    private static final Path MOOV = Path.of("src/test/resources/vectors/iso8583-moov/specs");

    @TempDir
    Path folder;

    private Specs.Loaded load(String text) throws IOException {
        return Specs.load(Files.writeString(folder.resolve("spec.yaml"), text));
    }

    private List<String> findings(String text) throws IOException {
        String start = folder.resolve("spec.yaml") + ":";
        return load(text).findings().stream()
                .map(Finding::text)
                .map(t -> t.startsWith(start) ? t.substring(start.length()) : t)
                .toList();
    }

    @Test
    void theExampleHasNoFindings() {
        Specs.Loaded loaded = Specs.load(EXAMPLE);
        assertThat(loaded.findings()).isEmpty();
        Spec spec = loaded.orThrow();
        assertThat(spec.name()).isEqualTo("payments");
        assertThat(spec.version()).isEqualTo("1.0.0");
        assertThat(spec.classifies()).isTrue();
        assertThat(spec.sensitivityOf("card.pan")).isEqualTo(Sensitivity.PAN);
        assertThat(spec.sensitivityOf("2")).isEqualTo(Sensitivity.PAN);
        assertThat(spec.sensitivityOf("52")).isEqualTo(Sensitivity.SAD);
        assertThat(spec.sensitivityOf("41")).isEqualTo(Sensitivity.NONE);
        assertThat(spec.nameOf("70")).isEqualTo("Network management code");
        assertThat(spec.aliasOf("70")).contains("network.code");
    }

    @Test
    void anElementIsReachedByAliasAndByNumber() {
        Spec spec = Specs.load(EXAMPLE).orThrow();
        FluxMap data = spec.with(FluxMap.of("0", Value.of("0800")), "network.code", Value.of("301"));
        assertThat(data.text("70")).contains("301");
        assertThat(spec.get(data, "network.code")).contains(Value.of("301"));
        assertThat(spec.get(data, "70")).contains(Value.of("301"));
        assertThat(spec.get(data, "mti")).contains(Value.of("0800"));
        assertThat(spec.get(data, "stan")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"spec87ascii.json", "spec87ascii.examples.json", "spec87ascii.examples.yaml"})
    void moovsOwnFilesLoadUnchangedAsABase(String base) throws IOException {
        Files.copy(MOOV.resolve(base), folder.resolve(base));
        Specs.Loaded loaded = load("spec: {id: x, version: 1.0.0, wire: {source: " + base + "}}\n");
        assertThat(loaded.findings()).isEmpty();
        FluxMap data = FluxMap.builder()
                .put("0", "0200")
                .put("2", "4242424242424242")
                .put("3", "000000")
                .put("4", "100")
                .build();
        assertThat(new String(loaded.orThrow().codec().encode(data), StandardCharsets.US_ASCII))
                .isEqualTo("02007000000000000000164242424242424242000000000000000100");
    }

    @Test
    void everythingWrongIsToldAtOnceWithItsPlace() throws IOException {
        assertThat(findings("""
                        spec:
                          name: Broken
                          version: one
                          mesages: {}
                          wire:
                            source: moov:spec87ascii
                            sauce: x
                            fields:
                              "70": { type: Numeric, length: none, enc: ASCI, prefix: ASCII.Fixed }
                              "71": { type: Numeric, lenght: 3, length: 3, enc: ASCII, prefix: ASCII.LX }
                              "072": [ ]
                              "200": { type: Numeric, length: 3, enc: ASCII, prefix: ASCII.Fixed }
                          fields:
                            "2": { alias: card.pan, sensitivity: pin }
                            "3": { alias: card.pan, description: Code }
                            "4": { alias: Amount, length: 12 }
                            "35": { sensitivity: sad, log_mask: false }
                            "99": { name: Nowhere }
                            "5": text
                        """))
                .containsExactly(
                        "4:3: error FLX-2002: unknown key 'mesages' (did you mean 'messages'?)",
                        "2:3: error FLX-2003: 'id' is missing (write lower-case letters, digits and hyphens)",
                        "3:12: error FLX-2004: 'version' is not a version such as 1.0.0 (write a version such as 1.0.0)",
                        "7:5: error FLX-2002: unknown key 'sauce' (did you mean 'source'?)",
                        "9:38: error FLX-2004: 'length' is not a number (write 1 to 99999)",
                        "9:49: error FLX-2004: 'enc: ASCI' is not known (write ASCII, EBCDIC, EBCDIC1047, BCD, LBCD, Binary, HexToASCII, ASCIIToHex or BerTLVTag)",
                        "10:30: error FLX-2002: unknown key 'lenght' (did you mean 'length'?)",
                        "10:72: error FLX-2004: 'prefix' is missing or not known (write ASCII.Fixed, ASCII.LL, BCD.LLL, ...)",
                        "11:14: error FLX-2004: element 72 is not a map (write {type: ..., length: ...})",
                        "12:7: error FLX-2002: '200' is not an element number (write 0 to 192)",
                        "14:42: error FLX-2004: sensitivity 'pin' is not known (did you mean 'pii'?)",
                        "15:19: error FLX-2007: alias 'card.pan' stands at element 2 already (give each field its own)",
                        "15:29: error FLX-2002: unknown key 'description' (did you mean 'name'?)",
                        "16:19: error FLX-2007: 'Amount' is not an alias (write dotted lower-case words)",
                        "16:27: error FLX-2030: 'length' says how bytes lie, not what they mean (put it under wire.fields)",
                        "17:41: error FLX-2006: a classified element cannot be shown in logs (drop log_mask)",
                        "18:5: error FLX-2003: element 99 has no place on the wire (add it under wire.fields)",
                        "19:10: error FLX-2004: '5' is not a map (write {name: ...})");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    wire: x | 'wire' is not a map
                    wire: {source: moov:spec87ascii, fields: []} | 'fields' is not a map
                    wire: {source: [moov:spec87ascii]} | 'source' is not text
                    wire: {source: moov:spec87ascii, fields: {"70": {type: Numeric, length: 3, enc: ASCII, prefix: ASCII.Fixed, padding: left}}} | 'padding' is not a map
                    wire: {source: moov:spec87ascii, fields: {"70": {type: Numeric, length: 3, enc: ASCII, prefix: ASCII.Fixed, padding: {type: Lefty, pad: "0"}}}} | 'padding.type' is not known
                    wire: {source: moov:spec87ascii, fields: {"0": {type: String, length: 4, enc: Binary, prefix: ASCII.Fixed}}} | element 0 cannot hold the four digits of an MTI
                    wire: {source: moov:spec87ascii, fields: {"70": {type: Numeric, length: 3, enc: ASCII, prefix: ASCII.Fixed}, "070": {type: Numeric, length: 4, enc: ASCII, prefix: ASCII.Fixed}}} | element 70 stands here twice
                    wire: {source: moov:spec87ascii}, fields: x | 'fields' is not a map
                    wire: {source: moov:spec87ascii}, fields: {"35": {sensitivity: [sad]}} | 'sensitivity' is not text
                    wire: {source: moov:spec87ascii}, fields: {"35": {sensitivity: }} | 'sensitivity' is not text
                    wire: {source: moov:spec87ascii}, fields: {"2": {name: a}, "02": {sensitivity: pan}} | element 2 stands here twice
                    wire: {source: moov:spec87ascii}, extends: other | 'other' cannot be read
                    protocol: Fix 4, wire: {source: moov:spec87ascii} | 'protocol' is not a name
                    wire: {fields: {}} | elements 0 (MTI) and 1 (bitmap) are not described
                    wire: {source: moov:spec93} | 'moov:spec93' is neither a known base nor a file beside the spec
                    wire: {source: missing.yaml} | 'missing.yaml' cannot be read
                    """)
    void nothingIsLeftOutInSilence(String rest, String what) throws IOException {
        Specs.Loaded loaded = load("spec: {id: x, version: 1.0.0, " + rest + "}\n");
        assertThat(loaded.spec()).isEmpty();
        assertThat(loaded.findings()).extracting(Finding::what).contains(what);
        assertThatExceptionOfType(FluxException.class).isThrownBy(loaded::orThrow);
    }

    @Test
    void aFileThatIsNoSpecIsTold() throws IOException {
        assertThat(findings("- a\n"))
                .singleElement()
                .asString()
                .startsWith("1:1: error FLX-2003: no 'spec:' at the top");
        assertThat(findings("spec: text\n")).hasSize(1);
        assertThat(Specs.load(folder.resolve("none.yaml")).findings())
                .extracting(Finding::what)
                .containsExactly("the file cannot be read");
    }

    @Test
    void aHugeFileIsRefusedUnread() throws IOException {
        Files.write(folder.resolve("huge.yaml"), new byte[(1 << 20) + 1]);
        assertThat(Specs.load(folder.resolve("huge.yaml")).findings())
                .extracting(Finding::what)
                .containsExactly("the file is larger than 1 MiB");
        assertThat(load("spec: {id: x, version: 1.0.0, wire: {source: huge.yaml}}")
                        .findings())
                .extracting(Finding::what)
                .contains("the file is larger than 1 MiB");
    }

    @Test
    void whatIsFiledNamesItsBaseByHash() throws IOException {
        BlobStore store = BlobStore.open(folder.resolve("data"));
        Specs.Imported imported = Specs.importInto(store, EXAMPLE);
        assertThat(imported.bases()).hasSize(1);
        Specs.Filed base = imported.bases().getFirst();
        String text = new String(store.get(imported.spec().sha256()), StandardCharsets.UTF_8);
        assertThat(text)
                .isEqualTo(Files.readString(EXAMPLE)
                        .replace("moov:spec87ascii", "sha256:" + base.sha256().hex()));
        assertThat(imported.spec().size()).isEqualTo(text.getBytes(StandardCharsets.UTF_8).length);
        assertThat(base.sha256().toArray()).isEqualTo(Hashes.sha256(store.get(base.sha256())));
        assertThat(Specs.basesOf(store, imported.spec().sha256())).containsExactly(base);
        assertThat(store.resolve("payments:1.0.0")).contains(imported.spec().sha256());
        Spec opened = Specs.open(store, imported.spec().sha256());
        assertThat(opened.sha256()).isEqualTo(imported.spec().sha256());
        assertThat(opened.name()).isEqualTo("payments");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spec: {id: x, version: 1.0.0, name: '😀', wire: {source: \"base.yaml\"}}\n",
                "\ufeffspec: {id: x, version: 1.0.0, wire: {source: 'base.yaml', fields: {}}}\n",
                "spec:\n  id: x\n  version: 1.0.0\n  wire:\n    source: base.yaml # why\n    fields: {}\n",
                "spec:\r\n  id: x\r\n  version: 1.0.0\r\n  wire:\r\n    source: base.yaml\r\n"
            })
    void theBasesNameIsReplacedWhereverAndHoweverItStands(String text) throws IOException {
        Files.copy(MOOV.resolve("spec87ascii.examples.yaml"), folder.resolve("base.yaml"));
        Path file = Files.writeString(folder.resolve("spec.yaml"), text);
        BlobStore store = BlobStore.open(folder.resolve("data"));
        Specs.Imported imported = Specs.importInto(store, file);
        String filed = new String(store.get(imported.spec().sha256()), StandardCharsets.UTF_8);
        assertThat(filed)
                .isEqualTo(text.replaceAll(
                        "['\"]?base\\.yaml['\"]?", imported.bases().getFirst().reference()));
    }

    @Test
    void otherBytesUnderAnImportedVersionAreRefused() throws IOException {
        BlobStore store = BlobStore.open(folder.resolve("data"));
        Path file = folder.resolve("spec.yaml");
        Files.writeString(file, "spec: {id: x, version: 1.0.0, wire: {source: moov:spec87ascii}}\n");
        Bytes first = Specs.importInto(store, file).spec().sha256();
        assertThat(Specs.importInto(store, file).spec().sha256()).isEqualTo(first);
        Files.writeString(file, "spec: {id: x, version: 1.0.0, name: y, wire: {source: moov:spec87ascii}}\n");
        assertThatExceptionOfType(FluxException.class)
                .isThrownBy(() -> Specs.importInto(store, file))
                .satisfies(e -> assertThat(e.code()).isEqualTo(SpecError.TAG_MOVED));
        assertThat(store.resolve("x:latest")).contains(first);
    }

    @Test
    void openingHashesTheBaseAgain() throws IOException {
        BlobStore store = BlobStore.open(folder.resolve("data"));
        Specs.Imported imported = Specs.importInto(store, EXAMPLE);
        Path base = folder.resolve(
                "data/blobs/sha256/" + imported.bases().getFirst().sha256().hex());
        Files.writeString(base, Files.readString(base).replace("length: 19", "length: 18"));
        assertThatExceptionOfType(FluxException.class)
                .isThrownBy(() -> Specs.open(store, imported.spec().sha256()))
                .satisfies(e -> assertThat(e.code()).isEqualTo(SpecError.HASH));
    }

    @Test
    void aFiledSpecThatNamesItsBaseOtherwiseIsNotOpened() throws IOException {
        BlobStore store = BlobStore.open(folder.resolve("data"));
        Bytes hash = store.put(Files.readAllBytes(EXAMPLE));
        assertThatExceptionOfType(FluxException.class)
                .isThrownBy(() -> Specs.open(store, hash))
                .satisfies(e -> assertThat(e.code()).isEqualTo(SpecError.BASE));
        assertThatExceptionOfType(FluxException.class)
                .isThrownBy(() -> Specs.basesOf(store, hash))
                .satisfies(e -> assertThat(e.code()).isEqualTo(SpecError.BASE));
    }

    @Test
    void aBrokenSpecIsNotImported() throws IOException {
        BlobStore store = BlobStore.open(folder.resolve("data"));
        Path file = Files.writeString(folder.resolve("spec.yaml"), "spec: {id: x}\n");
        assertThatExceptionOfType(FluxException.class).isThrownBy(() -> Specs.importInto(store, file));
        assertThatExceptionOfType(FluxException.class)
                .isThrownBy(() -> Specs.importInto(store, folder.resolve("none.yaml")));
        assertThat(store.list()).isEmpty();
        assertThat(folder.resolve("data")).doesNotExist();
    }
}
