package io.fluxrig.spec;

import io.fluxrig.spec.WireHeader.Digits;
import io.fluxrig.spec.WireHeader.Lead;
import io.fluxrig.spec.WireHeader.Length;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads {@code wire.header}. */
final class HeaderReader {
    private static final Shape LENGTH = new Shape.Keys(
            Map.of(
                    "bytes",
                    Vocabulary.text("[1-8]", "1 to 8"),
                    "enc",
                    Shape.Word.of("Binary", "ASCII", "BCD"),
                    "order",
                    Shape.Word.of("big", "little"),
                    "inclusive",
                    Shape.Word.of("true", "false"),
                    "reserved",
                    Vocabulary.text("[0-4]", "0 to 4")),
            Set.of("bytes"),
            Set.of());
    private static final Shape PREFIX = new Shape.Keys(
            Map.of(
                    "text",
                    Vocabulary.text("[!-~]{1,16}", "1 to 16 characters of ASCII"),
                    "length",
                    Vocabulary.text("[1-9]|[1-5][0-9]|6[0-4]", "1 to 64")),
            Set.of("text", "length"),
            Set.of());

    static final Shape SHAPE = new Shape.Keys(
            Map.of("length", LENGTH, "lead", Shape.Word.of("tpdu", "visa"), "prefix", PREFIX), Set.of(), Set.of());

    private final Report report;

    HeaderReader(Report report) {
        this.report = report;
    }

    Optional<WireHeader> read(YamlNode.Mapping spec) {
        Optional<YamlNode> node = Nodes.map(spec, "wire").flatMap(wire -> wire.get("header"));
        if (node.isEmpty()) {
            return Optional.empty();
        }
        int before = report.size();
        SHAPE.check("header", node.get(), report);
        if (report.size() > before) {
            return Optional.empty();
        }
        YamlNode.Mapping header = (YamlNode.Mapping) node.get();
        Optional<Length> length = Nodes.map(header, "length").map(this::length);
        Optional<YamlNode.Mapping> prefix = Nodes.map(header, "prefix");
        if (prefix.isPresent() && header.text("lead").isPresent()) {
            report.error(
                    header.get("lead").orElseThrow(),
                    SpecError.RULE,
                    "'lead' and 'prefix' stand side by side",
                    "keep one of them");
        }
        return Optional.of(new WireHeader(length, prefix.map(this::fixed).orElseGet(() -> lead(header))));
    }

    private Length length(YamlNode.Mapping node) {
        Length length = new Length(
                Integer.parseInt(node.text("bytes").orElseThrow()),
                Nodes.word(Digits.class, node, "enc").orElse(Digits.BINARY),
                node.text("order").filter("little"::equals).isPresent(),
                Nodes.isTrue(node, "inclusive"),
                node.text("reserved").map(Integer::parseInt).orElse(0));
        if (length.digits() != Digits.ASCII && length.bytes() != 2 && length.bytes() != 4) {
            report.error(
                    node.get("bytes").orElseThrow(),
                    SpecError.VALUE,
                    "a length in " + node.text("enc").orElse("Binary") + " has 2 or 4 bytes",
                    "write 2 or 4");
        }
        return length;
    }

    private Lead fixed(YamlNode.Mapping node) {
        String text = node.text("text").orElseThrow();
        int length = Integer.parseInt(node.text("length").orElseThrow());
        if (length < text.length()) {
            report.error(
                    node.get("length").orElseThrow(),
                    SpecError.VALUE,
                    "the prefix is longer than its length",
                    "count the text and what goes with it");
        }
        return new Lead.Fixed(text, length);
    }

    private static Lead lead(YamlNode.Mapping header) {
        return switch (header.text("lead").orElse("")) {
            case "tpdu" -> new Lead.Tpdu();
            case "visa" -> new Lead.Visa();
            default -> new Lead.None();
        };
    }
}
