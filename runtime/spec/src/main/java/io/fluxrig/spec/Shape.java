package io.fluxrig.spec;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What may stand at a place of a spec. The loader checks files against it, and the published JSON Schema is printed from it, so that both agree. */
sealed interface Shape {
    /** Any text that the whole of {@code form} matches. */
    record Text(Pattern form, String accepted) implements Shape {}

    record Word(List<String> words) implements Shape {
        static Word of(String... words) {
            return new Word(List.of(words));
        }
    }

    record ListOf(Shape item) implements Shape {}

    /** A single one, or a list with at least one. */
    record OneOrMore(Shape item) implements Shape {}

    /** Keys of people's choice. */
    record Table(Pattern key, String keys, Shape value) implements Shape {}

    /** Named keys; {@code x-*} is always allowed. {@code elsewhere} are keys that people put here by mistake. */
    record Keys(Map<String, Shape> known, Set<String> required, Set<String> elsewhere) implements Shape {
        public Keys {
            known = new TreeMap<>(known);
        }
    }

    /** One of these, told apart by what they are: a scalar, a list, a map. */
    record Either(Shape first, Shape second) implements Shape {}

    /** Looked at by another reader. */
    record Elsewhere() implements Shape {}

    /**
     * Adds a finding for everything that does not fit.
     *
     * @param key under which the node stands
     */
    default void check(String key, YamlNode node, Report report) {
        switch (this) {
            case Text text -> text(key, node, text, report);
            case Word word -> word(key, node, word, report);
            case ListOf list -> items(key, node, list.item(), 0, report);
            case OneOrMore some -> {
                if (node instanceof YamlNode.Sequence) {
                    items(key, node, some.item(), 1, report);
                } else {
                    some.item().check(key, node, report);
                }
            }
            case Table table -> table(key, node, table, report);
            case Keys keys -> keys(key, node, keys, report);
            case Either either ->
                (either.first().takes(node) ? either.first() : either.second()).check(key, node, report);
            case Elsewhere other -> {}
        }
    }

    private boolean takes(YamlNode node) {
        return switch (this) {
            case Text text -> node instanceof YamlNode.Scalar;
            case Word word -> node instanceof YamlNode.Scalar;
            case ListOf list -> node instanceof YamlNode.Sequence;
            case OneOrMore some ->
                node instanceof YamlNode.Sequence || some.item().takes(node);
            case Table table -> node instanceof YamlNode.Mapping;
            case Keys keys -> node instanceof YamlNode.Mapping;
            case Either either -> either.first().takes(node) || either.second().takes(node);
            case Elsewhere other -> true;
        };
    }

    private static void text(String key, YamlNode node, Text text, Report report) {
        if (!(node instanceof YamlNode.Scalar scalar) || scalar.isNull()) {
            report.error(node, SpecError.VALUE, "'" + key + "' is not text", "write " + text.accepted());
        } else if (!text.form().matcher(scalar.text()).matches()) {
            report.error(
                    node,
                    SpecError.VALUE,
                    "'" + key + ": " + shown(scalar.text()) + "' is not " + text.accepted(),
                    "write " + text.accepted());
        }
    }

    private static void word(String key, YamlNode node, Word word, Report report) {
        String all = "write one of " + String.join(", ", word.words());
        if (!(node instanceof YamlNode.Scalar scalar) || scalar.isNull()) {
            report.error(node, SpecError.VALUE, "'" + key + "' is not text", all);
        } else if (!word.words().contains(scalar.text())) {
            report.error(
                    node,
                    SpecError.VALUE,
                    key + " '" + shown(scalar.text()) + "' is not known",
                    Suggest.hint(scalar.text(), word.words(), all));
        }
    }

    private static void items(String key, YamlNode node, Shape item, int least, Report report) {
        if (!(node instanceof YamlNode.Sequence list)) {
            report.error(node, SpecError.VALUE, "'" + key + "' is not a list", "write " + key + ": [ ... ]");
            return;
        }
        if (list.items().size() < least) {
            report.error(node, SpecError.VALUE, "'" + key + "' is empty", "name at least one");
        }
        list.items().forEach(each -> item.check(key, each, report));
    }

    private static void table(String key, YamlNode node, Table table, Report report) {
        if (!(node instanceof YamlNode.Mapping map)) {
            report.error(
                    node,
                    SpecError.VALUE,
                    "'" + key + "' is not a map",
                    "write " + key + ": {...} with " + table.keys());
            return;
        }
        map.entries().values().forEach(entry -> {
            String name = entry.key().text();
            if (table.key().matcher(name).matches()) {
                table.value().check(name, entry.value(), report);
            } else if (!name.startsWith("x-")) {
                report.error(
                        entry.key(),
                        SpecError.UNKNOWN_KEY,
                        "'" + shown(name) + "' is not " + table.keys(),
                        "write " + table.keys());
            }
        });
    }

    private static void keys(String key, YamlNode node, Keys keys, Report report) {
        if (!(node instanceof YamlNode.Mapping map)) {
            String first = keys.known().containsKey("name")
                    ? "name"
                    : keys.known().keySet().iterator().next();
            report.error(node, SpecError.VALUE, "'" + key + "' is not a map", "write {" + first + ": ...}");
            return;
        }
        keys.required().stream()
                .sorted()
                .filter(name -> !map.entries().containsKey(name))
                .forEach(name ->
                        report.error(node, SpecError.MISSING, "'" + name + "' is missing", "add '" + name + "'"));
        map.entries().values().forEach(entry -> {
            String name = entry.key().text();
            if (keys.known().containsKey(name)) {
                keys.known().get(name).check(name, entry.value(), report);
            } else {
                unknown(entry.key(), keys, report);
            }
        });
    }

    private static void unknown(YamlNode.Scalar at, Keys keys, Report report) {
        String key = at.text();
        if (key.startsWith("x-")) {
            return;
        }
        if (keys.elsewhere().contains(key)) {
            report.error(
                    at,
                    SpecError.MISPLACED,
                    "'" + key + "' says how bytes lie, not what they mean",
                    "put it under wire.fields");
            return;
        }
        Set<String> known = keys.known().keySet();
        String hint = key.equals("description") && known.contains("name")
                ? "did you mean 'name'?"
                : Suggest.hint(key, known, "known here: " + String.join(", ", new TreeSet<>(known)));
        report.error(at, SpecError.UNKNOWN_KEY, "unknown key '" + shown(key) + "'", hint);
    }

    private static String shown(String text) {
        return text.length() > 60 ? text.substring(0, 60) + "..." : text;
    }
}
