package io.fluxrig.spec;

import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.Value;
import io.fluxrig.spec.Semantics.Field;
import io.fluxrig.spec.Semantics.ResponseValue;
import io.fluxrig.spec.Semantics.Rule;
import io.fluxrig.spec.Semantics.Usage;
import io.fluxrig.spec.Semantics.ValueSet;
import java.util.List;
import java.util.Optional;

/** What one field must keep in one kind of message. Immutable. */
final class FieldProgram {
    private static final CompiledRule[] NONE = {};

    /** @param values null where any value is accepted */
    private record CompiledRule(
            Usage usage, Expression when, CodeSet values, ResponseValue response, Severity severity) {}

    private final Field field;
    private final String message;
    private final CompiledRule[] rules;
    private final CodeSet values;
    private final Format format;
    private final FieldProgram[] parts;
    private final boolean unlistedForbidden;

    private FieldProgram(Field field, String message, boolean unlistedForbidden) {
        this.field = field;
        this.message = message;
        this.unlistedForbidden = unlistedForbidden;
        this.rules = rules(field, message);
        this.values = closed(field.values());
        this.format = field.format().orElse(null);
        this.parts = field.parts().stream()
                // A part that no rule of the spec speaks of is as free as its element.
                .map(part -> new FieldProgram(
                        part, message, unlistedForbidden && !part.rules().isEmpty()))
                .filter(part -> part.says())
                .toArray(FieldProgram[]::new);
    }

    static FieldProgram of(Field field, String message, boolean unlistedForbidden) {
        return new FieldProgram(field, message, unlistedForbidden);
    }

    private static CompiledRule[] rules(Field field, String message) {
        List<Rule> all = field.rules().stream()
                .filter(rule -> rule.messages().contains(message))
                .toList();
        int count = 0;
        // What stands after a rule that always matches is never tried.
        while (count < all.size() && (count == 0 || all.get(count - 1).when().isPresent())) {
            count++;
        }
        return count == 0
                ? NONE
                : all.subList(0, count).stream()
                        .map(rule -> new CompiledRule(
                                rule.usage(),
                                rule.when().map(Semantics.Condition::expression).orElse(null),
                                closed(rule.values().or(field::values)),
                                rule.response().orElse(null),
                                rule.severity()))
                        .toArray(CompiledRule[]::new);
    }

    private static CodeSet closed(Optional<ValueSet> set) {
        return set.filter(ValueSet::closed)
                .map(values -> new CodeSet(values.codes().keySet()))
                .orElse(null);
    }

    int element() {
        return field.path().element();
    }

    boolean isListed() {
        return rules.length > 0;
    }

    /** Whether the first rule always matches, so that its usage needs no evaluation. */
    boolean isSettled() {
        return rules.length > 0 && rules[0].when() == null;
    }

    Usage settled() {
        return rules[0].usage();
    }

    private boolean says() {
        return rules.length > 0 || unlistedForbidden || looksAtValues();
    }

    /** Whether the value of a present field must be looked at. */
    boolean looksAtValues() {
        if (values != null || format != null || parts.length > 0) {
            return true;
        }
        for (CompiledRule rule : rules) {
            if (rule.values() != null || rule.response() != null) {
                return true;
            }
        }
        return false;
    }

    /** The whole program, for a field that may be absent. */
    void check(Value value, Elements message, Elements request, Violations found) {
        CompiledRule rule = matching(message);
        if (rule == null && unlistedForbidden && value != null) {
            unlisted(found);
        } else if (rule != null && rule.usage() == Usage.MANDATORY && value == null) {
            missing(rule.severity(), found);
        } else if (rule != null && rule.usage() == Usage.FORBIDDEN && value != null) {
            refused(rule.severity(), found);
        } else if (value != null) {
            values(value, rule, message, request, found);
        }
    }

    private CompiledRule matching(Elements message) {
        for (CompiledRule rule : rules) {
            if (rule.when() == null || rule.when().holds(message)) {
                return rule;
            }
        }
        return null;
    }

    void missing(Violations found) {
        missing(rules[0].severity(), found);
    }

    private void missing(Severity severity, Violations found) {
        add(Violation.Kind.MANDATORY, "is missing in " + message, severity, found);
    }

    void refused(Violations found) {
        refused(rules[0].severity(), found);
    }

    private void refused(Severity severity, Violations found) {
        add(Violation.Kind.FORBIDDEN, "may not stand in " + message, severity, found);
    }

    void unlisted(Violations found) {
        add(Violation.Kind.UNLISTED, "is not listed for " + message, Severity.REJECT, found);
    }

    /** Of a present field whose first rule always matches, or which has none. */
    void checkValue(Value value, Elements message, Elements request, Violations found) {
        values(value, rules.length == 0 ? null : rules[0], message, request, found);
    }

    private void values(Value value, CompiledRule rule, Elements message, Elements request, Violations found) {
        Severity severity = rule == null ? Severity.REJECT : rule.severity();
        CodeSet accepted = rule == null ? values : rule.values();
        String text = accepted == null && format == null ? null : Elements.characters(value);
        if (accepted != null && (text == null || !accepted.has(text))) {
            add(Violation.Kind.VALUE, "is not one of " + acceptedWords(rule), severity, found);
        }
        if (format != null && text != null) {
            format(text, message, severity, found);
        }
        if (rule != null && rule.response() != null && request != null) {
            response(value, rule.response(), request, severity, found);
        }
        for (FieldProgram part : parts) {
            part.withinComposite(value, message, request, found);
        }
    }

    private String acceptedWords(CompiledRule rule) {
        Optional<ValueSet> set = rule == null
                ? field.values()
                : field.rules().stream()
                        .filter(r ->
                                r.messages().contains(message) && r.values().isPresent())
                        .map(r -> r.values().orElseThrow())
                        .findFirst()
                        .or(field::values);
        return set.map(ValueSet::name)
                .filter(name -> !name.isEmpty())
                .map(name -> name.equals(ValuesReader.MESSAGES) ? "the catalogue" : "'" + name + "'")
                .orElse("the accepted values");
    }

    private void format(String text, Elements message, Severity severity, Violations found) {
        String wrong = format.wrong(text);
        if (wrong != null) {
            add(Violation.Kind.FORMAT, wrong, severity, found);
        }
        format.currency().ifPresent(path -> {
            Value currency = message.get(path);
            String code = currency == null ? null : Elements.characters(currency);
            if (code == null) {
                add(Violation.Kind.FORMAT, "has no currency in " + path.text(), severity, found);
            } else if (!Format.isCurrency(code)) {
                add(Violation.Kind.FORMAT, "has no currency of ISO 4217 in " + path.text(), severity, found);
            }
        });
    }

    private void response(Value value, ResponseValue promise, Elements request, Severity severity, Violations found) {
        Value asked = request.get(field.path());
        boolean same = value.equals(asked);
        String wrong = switch (promise) {
            case ECHO -> asked == null ? "the request did not hold it" : same ? null : "is not what the request held";
            case NEW -> same ? "repeats what the request held" : null;
            case MODIFIED ->
                asked == null ? "the request did not hold it" : same ? "repeats what the request held" : null;
        };
        if (wrong != null) {
            add(Violation.Kind.RESPONSE_VALUE, wrong, severity, found);
        }
    }

    /** A repeated tag is looked at each time. */
    private void withinComposite(Value composite, Elements message, Elements request, Violations found) {
        String id = field.path().parts().getLast();
        switch (composite) {
            case FluxMap map -> check(map.get(id), message, request, found);
            case Value.Array array -> {
                boolean seen = false;
                for (Value item : array.items()) {
                    if (DataPath.isPart(item, id)) {
                        seen = true;
                        check(Composites.value(item), message, request, found);
                    } else if (item instanceof FluxMap record) {
                        seen = true;
                        check(record.get(id), message, request, found);
                    }
                }
                if (!seen) {
                    check(null, message, request, found);
                }
            }
            default -> {}
        }
    }

    private void add(Violation.Kind kind, String reason, Severity severity, Violations found) {
        found.add(new Violation(field.path().text(), field.label().alias(), kind, reason, severity));
    }
}
