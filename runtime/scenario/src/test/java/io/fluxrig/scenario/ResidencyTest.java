package io.fluxrig.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxrig.scenario.Residency.Level;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.Value;
import io.fluxrig.spec.Finding;
import io.fluxrig.spec.Spec;
import io.fluxrig.spec.Specs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResidencyTest {
    @TempDir
    Path folder;

    /** The example with something said of residency. */
    private List<String> told(String residency) throws IOException {
        Files.createDirectories(folder.resolve("specs"));
        Files.copy(Workbench.EXAMPLE.resolve("specs/payments.yaml"), folder.resolve("specs/payments.yaml"));
        String text = Files.readString(Workbench.EXAMPLE.resolve("scenario.yaml"));
        Path file = Files.writeString(folder.resolve("scenario.yaml"), text + "\nresidency: " + residency + "\n");
        return ScenarioFile.lint(file, Workbench.TYPES).findings().stream()
                .map(Finding::what)
                .toList();
    }

    @Test
    void unclassifiedElementsMayBeLetOut() throws IOException {
        assertThat(told("{ level: metadata, allow: { meta: [region], data: [merchant.type, \"49\"] } }"))
                .isEmpty();
    }

    @Test
    void aClassifiedElementMayNotByItsAliasNorByItsNumber() throws IOException {
        assertThat(told("{ allow: { data: [card.pan, \"35\", nothing, amount] } }"))
                .containsExactly(
                        "element '35' may not leave: Spec[payments:1.0.0] classifies it",
                        "element 'card.pan' may not leave: Spec[payments:1.0.0] classifies it",
                        "element 'nothing' may not leave: no spec of this scenario describes it");
    }

    @Test
    void whatLiesUndescribedWithinAnElementMayNotEither() throws IOException {
        Spec chip =
                Specs.load(Files.writeString(folder.resolve("chip.yaml"), """
                        spec:
                          id: chip
                          version: 1.0.0
                          wire:
                            source: moov:spec87ascii
                            fields:
                              "55": { type: Composite, enc: Binary, subfields: { layout: tlv, unknown_tags: preserve, parts: [{ tag: 9F02, type: Numeric, length: 12, enc: BCD }, { tag: 5A, type: Binary, length: 10, enc: Binary }] } }
                          fields:
                            "55": { subfields: { parts: [{ tag: 9F02, alias: chip.amount }, { tag: 5A, alias: chip.pan, sensitivity: pan }] } }
                        """)).orThrow();
        Residency residency = new Residency(
                Level.METADATA,
                Map.of(),
                List.of(),
                List.of("chip.amount", "chip.pan", "55", "55.5A", "55.70.5A", "55.9F99"));
        assertThat(residency.problems(List.of(chip)))
                .containsOnlyKeys("chip.pan", "55", "55.5A", "55.70.5A", "55.9F99");
    }

    @Test
    void aNameBeatsLabelsAndOfLabelsTheStrictestHolds() {
        Residency residency = new Residency(
                Level.FULL,
                Map.of("edge-1", Level.FULL, "zone=shop", Level.METADATA, "kind=till", Level.LOCAL),
                List.of(),
                List.of());
        assertThat(residency.on("hq", Map.of())).isEqualTo(Level.FULL);
        assertThat(residency.on("edge-2", Map.of("zone", "shop"))).isEqualTo(Level.METADATA);
        assertThat(residency.on("edge-2", Map.of("zone", "shop", "kind", "till")))
                .isEqualTo(Level.LOCAL);
        assertThat(residency.on("edge-1", Map.of("kind", "till"))).isEqualTo(Level.FULL);
    }

    @Test
    void whatIsSignedReadsAsItWasSaid() {
        Residency plain = new Residency(Level.LOCAL, Map.of(), List.of(), List.of());
        assertThat(plain.toValue()).isEqualTo(Value.of("local"));
        Residency much =
                new Residency(Level.METADATA, Map.of("a", Level.LOCAL), List.of("b", "a"), List.of("merchant.type"));
        assertThat(Residency.of(plain.toValue())).isEqualTo(plain);
        assertThat(Residency.of(much.toValue())).isEqualTo(much);
        assertThat(much.meta()).containsExactly("a", "b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"everywhere", ""})
    void anythingElseIsRefused(String level) {
        for (Value value : List.of(
                Value.of(level),
                FluxMap.of("level", Value.of(level)),
                FluxMap.of("other", Value.of("local")),
                FluxMap.of("level", Value.of("local")).with("allow", Value.of("x")),
                FluxMap.of("level", Value.of("local")).with("more", Value.of("x")))) {
            assertThatThrownBy(() -> Residency.of(value)).isInstanceOf(FluxException.class);
        }
    }
}
