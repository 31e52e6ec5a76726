package io.fluxrig.spec;

import io.fluxrig.spec.Semantics.Code;
import io.fluxrig.spec.Semantics.ValueSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads enums, and which values a field or a rule accepts. */
final class ValuesReader {
    static final String MESSAGES = "@messages";

    private final Report report;
    private final Map<String, ValueSet> enums = new LinkedHashMap<>();
    private ValueSet messages = new ValueSet(MESSAGES, true, Map.of());

    ValuesReader(Report report) {
        this.report = report;
    }

    Map<String, ValueSet> enums(Optional<YamlNode> node) {
        Nodes.entries(node).forEach((name, entry) -> {
            if (entry.value() instanceof YamlNode.Mapping map) {
                Map<String, Code> codes = codes(map.get("values"));
                if (codes.isEmpty()) {
                    report.error(entry.value(), SpecError.MISSING, "enum '" + name + "' has no values", "add some");
                }
                enums.put(name, new ValueSet(name, Nodes.isTrue(map, "closed"), codes));
            }
        });
        return enums;
    }

    void messages(Set<String> types) {
        Map<String, Code> codes = new LinkedHashMap<>();
        types.forEach(type -> codes.put(type, new Code("", "", "")));
        messages = new ValueSet(MESSAGES, true, codes);
    }

    /** What a field or rule says of its values. */
    Optional<ValueSet> of(YamlNode.Mapping map) {
        Optional<YamlNode> reference = map.get("values_ref");
        Optional<YamlNode> inline = map.get("validValues");
        if (reference.isPresent() && inline.isPresent()) {
            report.error(
                    inline.get(),
                    SpecError.RULE,
                    "'validValues' and 'values_ref' stand side by side",
                    "keep one of them");
        }
        if (reference.isPresent()) {
            return map.text("values_ref").flatMap(name -> named(name, reference.get()));
        }
        return inline.map(node -> {
            Map<String, Code> codes = codes(inline);
            if (codes.isEmpty()) {
                report.error(node, SpecError.MISSING, "'validValues' accepts nothing", "name at least one value");
            }
            return new ValueSet("", true, codes);
        });
    }

    private Optional<ValueSet> named(String name, YamlNode at) {
        if (name.equals(MESSAGES)) {
            if (messages.codes().isEmpty()) {
                report.error(at, SpecError.ENUM, "@messages, but there is no catalogue", "add messages.catalog");
            }
            return Optional.of(messages);
        }
        ValueSet found = enums.get(name);
        if (found == null) {
            report.error(
                    at,
                    SpecError.ENUM,
                    "there is no enum '" + name + "'",
                    Suggest.hint(name, enums.keySet(), "add it under enums"));
        }
        return Optional.ofNullable(found);
    }

    private Map<String, Code> codes(Optional<YamlNode> node) {
        Map<String, Code> codes = new LinkedHashMap<>();
        if (node.orElse(null) instanceof YamlNode.Sequence list) {
            list.items().forEach(item -> {
                if (item instanceof YamlNode.Scalar code && codes.put(code.text(), new Code("", "", "")) != null) {
                    report.error(
                            item, SpecError.VALUE, "the value '" + code.text() + "' stands here twice", "keep one");
                }
            });
        }
        Nodes.entries(node).forEach((code, entry) -> codes.put(code, code(entry.value())));
        return codes;
    }

    private static Code code(YamlNode node) {
        return switch (node) {
            case YamlNode.Scalar name -> new Code(name.text(), "", "");
            case YamlNode.Mapping map ->
                new Code(
                        map.text("name").orElse(""),
                        map.text("category").orElse(""),
                        map.text("meaning").orElse(""));
            case YamlNode.Sequence list -> new Code("", "", "");
        };
    }

    /** Tells of codes that the element cannot hold. */
    void fits(ValueSet values, FieldDef wire, YamlNode at) {
        if (wire.kind() == FieldDef.Kind.BINARY) {
            return;
        }
        values.codes().keySet().stream()
                .filter(code -> code.length() > wire.length()
                        || wire.fixed() && wire.padLeft().isEmpty() && code.length() != wire.length())
                .findFirst()
                .ifPresent(code -> report.error(
                        at,
                        SpecError.RULE,
                        "element " + wire.number() + " has " + (wire.fixed() ? "" : "at most ") + wire.length()
                                + " characters and cannot hold '" + code + "'",
                        "give the codes the element's length"));
    }
}
