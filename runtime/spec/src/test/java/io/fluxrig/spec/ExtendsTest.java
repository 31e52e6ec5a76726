package io.fluxrig.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxrig.signal.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExtendsTest {
    @TempDir
    Path folder;

    @BeforeEach
    void base() throws IOException {
        file("base.yaml", """
                spec:
                  id: base
                  version: 2.1.0
                  name: Base
                  overview: All of it
                  references: [ISO 8583]
                  wire:
                    source: moov:spec87ascii
                    fields:
                      "70": { type: Numeric, length: 3, enc: ASCII, prefix: ASCII.Fixed }
                  enums:
                    codes: { closed: true, values: { "00": Approved, "05": Declined } }
                  messages:
                    catalog:
                      "0200": { name: Purchase, flow: request, response_timeout: 2s }
                      "0210": { name: Purchase response, flow: response }
                  fields:
                    "2": { name: Card, alias: card.pan, sensitivity: pan }
                    "22": { validValues: ["010"] }
                    "39": { values_ref: codes, messages: [{ mti: "0210", usage: mandatory }] }
                    "48": { subfields: { parts: [{ id: 1, alias: one, sensitivity: chd }, { id: 2 }] } }
                  checks:
                    - { name: a, assert: "present(2)" }
                    - { name: b, assert: "present(3)" }
                """);
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private Path dialect() throws IOException {
        return file("dialect.yaml", """
                spec:
                  id: dialect
                  version: 1.0.0
                  name: Dialect
                  extends: base.yaml
                  references: [Ours]
                  wire:
                    fields:
                      "070": { type: Numeric, length: 4, enc: ASCII, prefix: ASCII.Fixed }
                  enums:
                    codes: { values: { "91": No issuer } }
                  messages:
                    catalog:
                      "0200": { response_timeout: 5s }
                  fields:
                    "02": { name: Card number }
                    "22": { values_ref: codes22 }
                    "39": { messages: [{ mti: "0210", when: "present(2)", usage: forbidden }] }
                    "48": { subfields: { parts: [{ id: 1, name: First }, { id: 3, name: Third }] } }
                  checks:
                    - { name: b, assert: "present(one)" }
                    - { name: c, assert: "present(70)" }
                """.replace("codes22 }", "codes22 }")
                .replace("enums:\n", "enums:\n    codes22: { values: { \"051\": Chip } }\n"));
    }

    @Test
    void whatASpecSaysWinsOverWhatItExtends() throws IOException {
        Specs.Loaded loaded = Specs.load(dialect());
        assertThat(loaded.findings()).isEmpty();
        Spec spec = loaded.orThrow();
        Semantics semantics = spec.semantics();
        assertThat(spec.name() + ":" + spec.version()).isEqualTo("dialect:1.0.0");
        assertThat(semantics.about().title()).isEqualTo("Dialect");
        assertThat(semantics.about().overview()).isEqualTo("All of it");
        assertThat(semantics.about().references()).containsExactly("ISO 8583", "Ours");
        assertThat(spec.nameOf("2")).isEqualTo("Card number");
        assertThat(spec.sensitivityOf("card.pan")).isEqualTo(Sensitivity.PAN);
        assertThat(spec.elements().get(70).length()).isEqualTo(4);
        assertThat(semantics.enums().get("codes").codes()).containsOnlyKeys("00", "05", "91");
        assertThat(semantics.enums().get("codes").closed()).isTrue();
        assertThat(semantics.catalog().get("0200").name()).isEqualTo("Purchase");
        assertThat(semantics.catalog().get("0200").responseTimeout()).hasToString("Optional[PT5S]");
        assertThat(semantics.fields().get(22).values().orElseThrow().name()).isEqualTo("codes22");
        assertThat(semantics.fields().get(48).parts())
                .extracting(p -> p.path().text() + " " + p.label().name() + " "
                        + p.label().alias().orElse("-") + " "
                        + p.protection().sensitivity())
                .containsExactly("48.1 First one CHD", "48.2  - NONE", "48.3 Third - NONE");
        assertThat(semantics.checks())
                .extracting(c -> c.name() + " " + c.condition().text())
                .containsExactly("a present(2)", "b present(one)", "c present(70)");
    }

    @Test
    void itsRulesAreTriedFirst() throws IOException {
        Validator validator = Specs.load(dialect()).orThrow().validator();
        assertThat(Sdl.broken(validator.check(Sdl.message("0", "0210", "2", "1", "39", "00"))))
                .contains("39 forbidden");
        assertThat(Sdl.broken(validator.check(Sdl.message("0", "0210")))).contains("39 mandatory");
    }

    @Test
    void findingsNameTheFileThatTheyAreIn() throws IOException {
        file(
                "base.yaml",
                Files.readString(folder.resolve("base.yaml")).replace("values_ref: codes", "values_ref: code"));
        assertThat(Specs.load(dialect()).findings())
                .singleElement()
                .satisfies(f -> assertThat(f.text())
                        .contains("base.yaml:20:25: error FLX-2034: there is no enum 'code' (did you mean 'codes'?)"));
    }

    @Test
    void circlesAreFound() throws IOException {
        Path a = file("a.yaml", "spec: {id: a, version: 1.0.0, extends: b.yaml, wire: {source: moov:spec87ascii}}\n");
        file("b.yaml", "spec: {id: b, version: 1.0.0, extends: c.yaml}\n");
        file("c.yaml", "spec: {id: c, version: 1.0.0, extends: b.yaml}\n");
        assertThat(Specs.load(a).findings())
                .singleElement()
                .satisfies(
                        f -> assertThat(f.text()).contains("c.yaml:1:40: error FLX-2036: 'b.yaml' extends this one"));
        Path self = file(
                "self.yaml", "spec: {id: s, version: 1.0.0, extends: self.yaml, wire: {source: moov:spec87ascii}}");
        assertThat(Specs.load(self).findings()).extracting(Finding::code).containsExactly(SpecError.EXTENDS);
    }

    @Test
    void aChainIsBounded() throws IOException {
        for (int i = 0; i < 10; i++) {
            file(
                    "s" + i + ".yaml",
                    "spec: {id: s, version: 1.0.0, extends: s" + (i + 1)
                            + ".yaml, wire: {source: moov:spec87ascii}}\n");
        }
        assertThat(Specs.load(folder.resolve("s0.yaml")).findings())
                .extracting(Finding::what)
                .containsExactly("more than 8 specs extend each other");
    }

    @Test
    void whatIsExtendedMayLieNowhereElse() throws IOException {
        Path spec =
                file("x.yaml", "spec: {id: x, version: 1.0.0, extends: ../x.yaml, wire: {source: moov:spec87ascii}}\n");
        assertThat(Specs.load(spec).findings()).extracting(Finding::code).containsExactly(SpecError.EXTENDS);
        file("x.yaml", "spec: {id: x, version: 1.0.0, extends: \"base:2.1.0\", wire: {source: moov:spec87ascii}}\n");
        assertThat(Specs.load(spec).findings()).extracting(Finding::code).containsExactly(SpecError.EXTENDS);
    }

    @Test
    void everythingThatIsExtendedIsFiledAndNamedByHash() throws IOException {
        Files.createDirectories(folder.resolve("more"));
        file("more/own.yaml", Files.readString(folder.resolve("base.yaml")).replace("moov:spec87ascii", "wire.yaml"));
        try (var in = Specs.class.getResourceAsStream("moov/spec87ascii.yaml")) {
            Files.copy(in, folder.resolve("more/wire.yaml"));
        }
        Path middle = file("middle.yaml", "spec: {id: middle, version: 1.0.0, extends: more/own.yaml}\n");
        Path top = file(
                "top.yaml",
                "spec: {id: top, version: 1.0.0, extends: 'middle.yaml', wire: {source: moov:spec87ascii}}\n");
        BlobStore store = BlobStore.open(folder.resolve("data"));
        Specs.Imported imported = Specs.importInto(store, top);
        List<Specs.Filed> bases = Specs.basesOf(store, imported.spec().sha256());
        assertThat(bases).containsExactlyInAnyOrderElementsOf(imported.bases());
        // moov's file is one blob, whoever names it.
        assertThat(bases).hasSize(3);
        String filed = text(store, imported.spec().sha256());
        assertThat(filed)
                .matches(
                        "spec: \\{id: top, version: 1.0.0, extends: sha256:[0-9a-f]{64}, wire: \\{source: sha256:[0-9a-f]{64}}}\n");
        for (Specs.Filed base : bases) {
            assertThat(text(store, base.sha256())).doesNotContain("extends: more", "source: wire.yaml", "moov:spec");
        }
        Spec opened = Specs.open(store, imported.spec().sha256());
        assertThat(opened.sensitivityOf("2")).isEqualTo(Sensitivity.PAN);
        assertThat(opened.elements()).isEqualTo(Specs.load(top).orThrow().elements());
        assertThat(Specs.importInto(store, middle).spec().sha256().hex())
                .isIn(bases.stream().map(b -> b.sha256().hex()).toList());
    }

    @Test
    void aFiledSpecCanBeExtended() throws IOException {
        BlobStore store = BlobStore.open(folder.resolve("data"));
        Specs.importInto(store, folder.resolve("base.yaml"));
        Path top = file("top.yaml", "spec: {id: top, version: 1.0.0, extends: \"base:latest\"}\n");
        assertThat(Specs.load(top, Optional.of(store)).findings()).isEmpty();
        Specs.Imported imported = Specs.importInto(store, top);
        assertThat(Specs.open(store, imported.spec().sha256()).nameOf("2")).isEqualTo("Card");
        assertThat(Specs.basesOf(store, imported.spec().sha256())).hasSize(2);
    }

    private static String text(BlobStore store, Bytes hash) {
        return new String(store.get(hash), StandardCharsets.UTF_8);
    }
}
