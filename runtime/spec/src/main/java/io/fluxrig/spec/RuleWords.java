package io.fluxrig.spec;

import io.fluxrig.spec.Semantics.Field;
import io.fluxrig.spec.Semantics.MessageType;
import io.fluxrig.spec.Semantics.Rule;
import io.fluxrig.spec.Semantics.ValueSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Rules in words that are the same for the same rules. */
final class RuleWords {
    private RuleWords() {}

    static String message(MessageType type) {
        return type.flow().name().toLowerCase(Locale.ROOT)
                + (type.pairsWith().isEmpty() ? "" : " with " + String.join(", ", new TreeSet<>(type.pairsWith())))
                + type.responseTimeout()
                        .map(t -> " within " + t.toString().substring(2).toLowerCase(Locale.ROOT))
                        .orElse("")
                + (type.messageClass().isEmpty() ? "" : " of class " + type.messageClass());
    }

    static String values(Optional<ValueSet> values) {
        return values.map(set ->
                        set.name().isEmpty() ? String.join(", ", set.codes().keySet()) : set.name())
                .orElse("");
    }

    /** The rules of a field in the order in which they are tried, by message. */
    static Map<String, String> byMessage(Field field) {
        Map<String, String> words = new TreeMap<>();
        field.rules()
                .forEach(rule ->
                        rule.messages().forEach(mti -> words.merge(mti, rule(rule), (a, b) -> a + "; else " + b)));
        return words;
    }

    private static String rule(Rule rule) {
        return rule.usage().name().toLowerCase(Locale.ROOT)
                + rule.when().map(when -> " when " + when.text()).orElse("")
                + rule.values().map(v -> " of " + values(Optional.of(v))).orElse("")
                + rule.response().map(r -> ", " + DocWords.response(r)).orElse("")
                + severity(rule.severity());
    }

    private static String severity(Severity severity) {
        return severity == Severity.WARN ? " (warns)" : "";
    }

    static Map<String, String> checks(Semantics semantics) {
        Map<String, String> checks = new LinkedHashMap<>();
        semantics
                .checks()
                .forEach(check -> checks.put(
                        check.name(),
                        (check.messages().isEmpty() ? "" : String.join(", ", check.messages()) + ": ")
                                + check.condition().text()
                                + severity(check.severity())));
        return checks;
    }

    static String transitions(Semantics semantics) {
        return semantics.transitions().stream()
                .map(t -> String.join(", ", t.from()) + " then " + String.join(", ", t.to()))
                .collect(Collectors.joining("; "));
    }

    static String correlation(Semantics semantics) {
        return semantics.correlateOn().stream().map(DataPath::text).collect(Collectors.joining(", "));
    }
}
