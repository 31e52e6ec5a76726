package io.fluxrig.spec;

import io.fluxrig.spec.ExpressionParser.Wrong;
import io.fluxrig.spec.Semantics.MessageType;
import io.fluxrig.spec.Semantics.ValueSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads everything that a spec says beyond the wire, and finds what is wrong with it. */
final class SemanticsReader {
    private final YamlNode.Mapping spec;
    private final Map<Integer, FieldDef> elements;
    private final Report report;

    SemanticsReader(YamlNode.Mapping spec, Map<Integer, FieldDef> elements, Report report) {
        this.spec = spec;
        this.elements = elements;
        this.report = report;
    }

    Semantics read() {
        shapes();
        WireLengths.check(spec, report);
        String protocol = spec.text("protocol").orElse("iso8583");
        CatalogReader messages = new CatalogReader(protocol.equals("iso8583"), report);
        Optional<YamlNode.Mapping> node = Nodes.map(spec, "messages");
        Map<String, MessageType> catalog = messages.catalog(node);
        ValuesReader values = new ValuesReader(report);
        Map<String, ValueSet> enums = values.enums(spec.get("enums"));
        values.messages(catalog.keySet());
        PathBook paths = new PathBook(elements);
        RulesReader rules = new RulesReader(paths, values, catalog, report);
        Map<Integer, Semantics.Field> fields =
                new FieldsReader(elements, paths, values, rules, report).read(spec.get("fields"));
        return new Semantics(
                about(protocol),
                fields,
                enums,
                catalog,
                messages.transitions(node, rules),
                node.map(m -> correlateOn(m, paths)).orElse(List.of()),
                rules.checks(Nodes.maps(spec, "checks")),
                Nodes.map(spec, "validation_policy")
                        .flatMap(p -> p.text("unlisted"))
                        .filter("forbidden"::equals)
                        .isPresent());
    }

    private void shapes() {
        Map.of(
                        "fields", Vocabulary.FIELDS,
                        "enums", Vocabulary.ENUMS,
                        "messages", Vocabulary.MESSAGES,
                        "checks", Vocabulary.CHECKS,
                        "validation_policy", Vocabulary.POLICY,
                        "references", Vocabulary.REFERENCES,
                        "protocol", Vocabulary.ANY_TEXT,
                        "name", Vocabulary.ANY_TEXT,
                        "overview", Vocabulary.ANY_TEXT)
                .forEach((key, shape) -> spec.get(key).ifPresent(node -> shape.check(key, node, report)));
    }

    private Semantics.About about(String protocol) {
        List<String> references = new ArrayList<>();
        Nodes.oneOrMore(spec, "references").forEach(reference -> references.add(reference.text()));
        return new Semantics.About(
                spec.text("name").orElse(""), protocol, spec.text("overview").orElse(""), references);
    }

    private List<DataPath> correlateOn(YamlNode.Mapping messages, PathBook paths) {
        List<DataPath> correlateOn = new ArrayList<>();
        Nodes.oneOrMore(messages, "correlate_on").forEach(at -> {
            try {
                correlateOn.add(paths.resolve(at.text()));
            } catch (Wrong unknown) {
                report.errorWithin(
                        at, unknown.offset(), SpecError.PATH, "correlate_on: " + unknown.getMessage(), unknown.hint());
            }
        });
        return correlateOn;
    }
}
