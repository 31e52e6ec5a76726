package io.fluxrig.spec;

import io.fluxrig.spec.ExpressionParser.Wrong;
import io.fluxrig.spec.Semantics.Check;
import io.fluxrig.spec.Semantics.Condition;
import io.fluxrig.spec.Semantics.Flow;
import io.fluxrig.spec.Semantics.MessageType;
import io.fluxrig.spec.Semantics.ResponseValue;
import io.fluxrig.spec.Semantics.Rule;
import io.fluxrig.spec.Semantics.Usage;
import io.fluxrig.spec.Semantics.ValueSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the rules of fields by message, and those across fields. */
final class RulesReader {
    private final PathBook paths;
    private final ValuesReader values;
    private final Map<String, MessageType> catalog;
    private final Report report;

    RulesReader(PathBook paths, ValuesReader values, Map<String, MessageType> catalog, Report report) {
        this.paths = paths;
        this.values = values;
        this.catalog = catalog;
        this.report = report;
    }

    List<Rule> read(List<YamlNode.Mapping> nodes, Optional<FieldDef> wire) {
        List<Rule> rules = new ArrayList<>();
        Map<String, String> settled = new HashMap<>();
        for (YamlNode.Mapping node : nodes) {
            Rule rule = rule(node, wire);
            unreachable(rule, node, settled);
            rules.add(rule);
        }
        return rules;
    }

    private Rule rule(YamlNode.Mapping node, Optional<FieldDef> wire) {
        Set<String> messages = messages(node);
        Usage usage = Nodes.word(Usage.class, node, "usage").orElse(Usage.OPTIONAL);
        Optional<ResponseValue> response = Nodes.word(ResponseValue.class, node, "response_value");
        response.ifPresent(any -> messages.stream()
                .filter(mti -> catalog.containsKey(mti) && catalog.get(mti).flow() == Flow.REQUEST)
                .findFirst()
                .ifPresent(mti -> report.error(
                        node.get("response_value").orElseThrow(),
                        SpecError.RULE,
                        "'response_value' on " + mti + ", which is a request",
                        "say it of the response")));
        Optional<ValueSet> accepted = values.of(node);
        if (wire.isPresent() && accepted.isPresent()) {
            values.fits(
                    accepted.get(),
                    wire.get(),
                    node.get("values_ref").or(() -> node.get("validValues")).orElse(node));
        }
        if (usage == Usage.FORBIDDEN && (accepted.isPresent() || response.isPresent())) {
            report.error(node, SpecError.RULE, "a forbidden field has no values", "drop them, or make it optional");
        }
        return new Rule(
                messages,
                usage,
                condition(node, "when"),
                accepted,
                response,
                severity(node),
                node.text("note").orElse(""));
    }

    /** @param settled by message: the file whose rule always matches, after which no other rule of it is tried */
    private void unreachable(Rule rule, YamlNode.Mapping node, Map<String, String> settled) {
        String file = report.fileOf(node);
        if (!rule.messages().isEmpty() && rule.messages().stream().allMatch(mti -> file.equals(settled.get(mti)))) {
            report.warning(
                    node,
                    SpecError.RULE,
                    "a rule above always matches first, so this one is never tried",
                    "move it up, or give the other a 'when'");
        }
        if (rule.when().isEmpty()) {
            rule.messages().forEach(mti -> settled.putIfAbsent(mti, file));
        }
    }

    List<Check> checks(List<YamlNode.Mapping> nodes) {
        List<Check> checks = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (YamlNode.Mapping node : nodes) {
            Set<String> messages = messages(node);
            String name = node.text("name").orElse("");
            if (!names.add(name)) {
                report.error(
                        node.get("name").orElse(node),
                        SpecError.VALUE,
                        "a check '" + name + "' stands here twice",
                        "give each its own name");
            }
            condition(node, "assert")
                    .ifPresent(condition -> checks.add(new Check(
                            messages,
                            name,
                            condition,
                            severity(node),
                            node.text("note").orElse(""))));
        }
        return checks;
    }

    private Set<String> messages(YamlNode.Mapping node) {
        Nodes.oneOrMore(node, "mti").forEach(this::known);
        return Nodes.words(node, "mti");
    }

    /** Tells of a message type that the catalogue does not have. */
    void known(YamlNode.Scalar mti) {
        if (!catalog.containsKey(mti.text())) {
            report.error(
                    mti,
                    SpecError.MESSAGE,
                    catalog.isEmpty()
                            ? "a rule for " + mti.text() + ", but there is no catalogue"
                            : mti.text() + " is not in the catalogue",
                    catalog.isEmpty()
                            ? "add messages.catalog"
                            : Suggest.hint(mti.text(), catalog.keySet(), "add it to messages.catalog"));
        }
    }

    private Optional<Condition> condition(YamlNode.Mapping node, String key) {
        if (!(node.get(key).orElse(null) instanceof YamlNode.Scalar at) || at.isNull()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Condition(at.text(), ExpressionParser.parse(at.text(), paths)));
        } catch (Wrong wrong) {
            SpecError code = wrong.isPath() ? SpecError.PATH : SpecError.EXPRESSION;
            report.errorWithin(at, wrong.offset(), code, "in '" + key + "': " + wrong.getMessage(), wrong.hint());
            return Optional.empty();
        }
    }

    private static Severity severity(YamlNode.Mapping node) {
        return Nodes.word(Severity.class, node, "severity").orElse(Severity.REJECT);
    }
}
