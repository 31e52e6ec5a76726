package io.fluxrig.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class YamlFileTest {
    private static final Path ATTACKS = Path.of("src/test/resources/vectors/attack-inputs/yaml");

    /** Inputs that are refused, with the line and column of the finding. */
    private static final Map<String, String> REFUSED = Map.ofEntries(
            Map.entry("alias-bomb.yaml", "an anchor"),
            Map.entry("deep-flow-5000.yaml", "nested deeper than 32"),
            Map.entry("deep-unclosed-20000.yaml", "nested deeper than 32"),
            Map.entry("duplicate-key.yaml", "'version' stands here twice"),
            Map.entry("global-tag-url.yaml", "a tag"),
            Map.entry("global-tag.yaml", "a tag"),
            Map.entry("merge-key.yaml", "an anchor"),
            Map.entry("not-utf8.yaml.hex", "the file is not UTF-8"),
            Map.entry("nul-and-controls.yaml.hex", "the file is not YAML"),
            Map.entry("recursive-alias.yaml", "an anchor"),
            Map.entry("recursive-key.yaml", "an anchor"),
            Map.entry("tab-indent.yaml", "TAB"),
            Map.entry("two-documents.yaml", "a second document begins"));

    /** Inputs that are plain text for us; what they mean is for the schema to say. */
    private static final List<String> READ =
            List.of("bidi-override.yaml", "implicit-types.yaml", "long-scalar-4096-repeats.yaml");

    private final List<Finding> findings = new ArrayList<>();

    private Optional<YamlNode> parse(String text) {
        findings.clear();
        return YamlFile.parse("x.yaml", text.getBytes(StandardCharsets.UTF_8), findings);
    }

    private static byte[] attack(String name) throws IOException {
        byte[] content = Files.readAllBytes(ATTACKS.resolve(name));
        return name.endsWith(".hex")
                ? HexFormat.of().parseHex(new String(content, StandardCharsets.US_ASCII).strip())
                : content;
    }

    static Stream<String> attacks() throws IOException {
        try (Stream<Path> files = Files.list(ATTACKS)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void everyAttackIsRefusedWithItsPlaceOrReadAsPlainText(String name) throws IOException {
        Optional<YamlNode> root = YamlFile.parse(name, attack(name), findings);
        if (READ.contains(name)) {
            assertThat(findings).isEmpty();
            assertThat(root).isPresent();
            return;
        }
        assertThat(REFUSED).containsKey(name);
        assertThat(findings).hasSize(1);
        Finding finding = findings.getFirst();
        assertThat(finding.what()).contains(REFUSED.get(name));
        assertThat(finding.code()).isEqualTo(SpecError.YAML);
        assertThat(finding.warning()).isFalse();
        assertThat(finding.line()).isPositive();
        assertThat(finding.column()).isPositive();
        assertThat(finding.text())
                .startsWith(name + ":" + finding.line() + ":" + finding.column() + ": error FLX-2001:");
    }

    @Test
    void saysLineAndColumnOfWhatItRefuses() throws IOException {
        YamlFile.parse("f", attack("duplicate-key.yaml"), findings);
        assertThat(findings.getFirst().line()).isEqualTo(4);
        assertThat(findings.getFirst().column()).isEqualTo(3);
        parse("a: 1\nb:\n  - *c\n");
        assertThat(findings.getFirst().text()).startsWith("x.yaml:3:5: error FLX-2001: an alias is not accepted");
    }

    @Test
    void scalarsStayAsWritten() throws IOException {
        YamlNode.Mapping map = (YamlNode.Mapping)
                YamlFile.parse("f", attack("implicit-types.yaml"), findings).orElseThrow();
        assertThat(map.text("country")).contains("NO");
        assertThat(map.text("version")).contains("1.10");
        assertThat(map.text("mti")).contains("0200");
        assertThat(map.text("bin")).contains("0o17");
        assertThat(map.text("time")).contains("12:30:45");
        assertThat(map.text("yes_key")).contains("yes");
        assertThat(map.text("exp")).contains("1e3");
        assertThat(map.text("null_key")).isEmpty();
        assertThat(map.get("null_key")).isPresent();
    }

    @Test
    void quotedNullsAreText() {
        YamlNode.Mapping map = (YamlNode.Mapping)
                parse("a: 'null'\nb: \"\"\nc: null\nd:\ne: ~\nf: Null\n").orElseThrow();
        assertThat(map.text("a")).contains("null");
        assertThat(map.text("b")).contains("");
        assertThat(map.text("c")).isEmpty();
        assertThat(map.text("d")).isEmpty();
        assertThat(map.text("e")).isEmpty();
        assertThat(map.text("f")).contains("Null");
    }

    @Test
    void aMergeKeyIsRefusedWithoutAnAnchorToo() {
        assertThat(parse("a: {<<: {b: 1}}\n")).isEmpty();
        assertThat(findings.getFirst().what()).contains("a merge key");
    }

    @Test
    void jsonMayBeIndentedWithTabsAndYamlMayNot() {
        YamlNode.Mapping json = (YamlNode.Mapping)
                parse("{\n\t\"a\": {\n\t\t\"b\": \"c\td\"\n\t}\n}\n").orElseThrow();
        YamlNode.Mapping inner = (YamlNode.Mapping) json.get("a").orElseThrow();
        assertThat(inner.text("b")).contains("c\td");
        assertThat(inner.entries().get("b").key().column()).isEqualTo(3);
        assertThat(parse("a:\n\tb: c\n")).isEmpty();
    }

    @Test
    void everyDuplicateIsTold() {
        parse("a: 1\nb: 2\na: 3\nb: 4\n");
        assertThat(findings).extracting(Finding::line).containsExactly(3, 4);
    }

    @Test
    void depthThirtyTwoIsReadAndOneMoreIsNot() {
        assertThat(parse("[".repeat(32) + "x" + "]".repeat(32))).isPresent();
        assertThat(parse("[".repeat(33) + "x" + "]".repeat(33))).isEmpty();
    }

    @Test
    void oneMebibyteIsReadAndOneByteMoreIsNot() {
        String head = "k: ";
        assertThat(parse(head + "a".repeat((1 << 20) - head.length()))).isPresent();
        assertThat(parse(head + "a".repeat((1 << 20) - head.length() + 1))).isEmpty();
        assertThat(findings.getFirst().what()).contains("1 MiB");
    }

    @Test
    void tooManyNodesAreRefused() {
        assertThat(parse("[" + "a,".repeat(300_000) + "a]")).isEmpty();
        assertThat(findings.getFirst().what()).contains("200000 nodes");
    }

    @Test
    void anEmptyFileIsTold() {
        assertThat(parse("")).isEmpty();
        assertThat(findings.getFirst().what()).contains("the file is empty");
        assertThat(parse("# only a comment\n")).isEmpty();
        assertThat(findings).hasSize(1);
    }

    @Test
    void placesCountInCharactersOfTheFile() {
        String text = "ключ: \"😀\"\nnext: 'v'\n";
        YamlNode.Mapping map = (YamlNode.Mapping) parse(text).orElseThrow();
        YamlNode.Scalar next = (YamlNode.Scalar) map.get("next").orElseThrow();
        assertThat(next.line()).isEqualTo(2);
        assertThat(next.column()).isEqualTo(7);
        int from = text.offsetByCodePoints(0, next.from());
        int to = text.offsetByCodePoints(0, next.to());
        assertThat(text.substring(from, to)).isEqualTo("'v'");
    }

    @Test
    void aFindingNeverCarriesControlsOrBidiMarksToTheTerminal() {
        Finding finding = new Finding("f", 1, 1, SpecError.VALUE, "a\u202eb\u001b[31mc\nd\u2066", "hint\u0000");
        assertThat(finding.text()).isEqualTo("f:1:1: error FLX-2004: a?b?[31mc?d? (hint?)");
    }

    @Test
    void noInputMakesItThrow() throws IOException {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("YamlFileTest seed " + seed);
        Random random = new Random(seed);
        List<byte[]> corpus = new ArrayList<>();
        for (String name : attacks()
                .filter(n -> !n.startsWith("deep") && !n.startsWith("long"))
                .toList()) {
            corpus.add(attack(name));
        }
        corpus.add(Files.readAllBytes(Path.of("../../examples/payment-switch/specs/payments.yaml")));
        corpus.add("a: |\n  b\n c\n? - x\n: y\n--- \n%YAML 1.2\n\"\\x4\\uD800\"".getBytes(StandardCharsets.UTF_8));
        byte[] spice = "\t\n :-?[]{}&*!|>'\"%@`#,\\0~<\u0000\u00ff".getBytes(StandardCharsets.ISO_8859_1);
        for (int round = 0; round < 4000; round++) {
            byte[] input = corpus.get(random.nextInt(corpus.size())).clone();
            for (int i = random.nextInt(6); i >= 0; i--) {
                input[random.nextInt(input.length)] =
                        random.nextBoolean() ? spice[random.nextInt(spice.length)] : (byte) random.nextInt(256);
            }
            List<Finding> told = new ArrayList<>();
            Optional<YamlNode> root = YamlFile.parse("f", input, told);
            assertThat(root.isPresent() || !told.isEmpty())
                    .as("seed %s round %s", seed, round)
                    .isTrue();
        }
    }
}
