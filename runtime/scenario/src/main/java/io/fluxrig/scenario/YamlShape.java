package io.fluxrig.scenario;

import io.fluxrig.signal.ErrorCode;
import io.fluxrig.spec.Finding;
import io.fluxrig.spec.Suggest;
import io.fluxrig.spec.YamlNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Takes maps, lists and texts out of a scenario's YAML. What has another shape is a finding and reads as absent. */
final class YamlShape {
    private final String file;
    private final List<Finding> findings;

    YamlShape(String file, List<Finding> findings) {
        this.file = file;
        this.findings = findings;
    }

    /** Null where there is none; what stands there and is no map is a finding, for else it would be left out in silence. */
    YamlNode.Mapping mapping(YamlNode.Mapping top, String key) {
        YamlNode node = top.get(key).orElse(null);
        if (node != null && !isNull(node) && !(node instanceof YamlNode.Mapping)) {
            add(node, ScenarioError.VALUE, "'" + key + "' is not a map", "write " + key + ": {...}");
        }
        return node instanceof YamlNode.Mapping mapping ? mapping : null;
    }

    Optional<String> text(YamlNode.Mapping map, String key) {
        map.get(key)
                .filter(node -> !(node instanceof YamlNode.Scalar))
                .ifPresent(node -> add(node, ScenarioError.VALUE, "'" + key + "' is not text", "write one word"));
        return map.text(key);
    }

    /** A text of {@code meta} in this form, or empty with a finding; {@code map} is null where there is no meta. */
    String required(YamlNode.Mapping map, YamlNode.Mapping top, String key, Predicate<String> form, String hint) {
        Optional<String> text = map == null ? Optional.empty() : map.text(key);
        if (text.isEmpty()) {
            add(map == null ? top : map, ScenarioError.MISSING, "meta." + key + " is missing", "write " + hint);
            return "";
        }
        if (!form.test(text.get())) {
            add(
                    map.get(key).orElseThrow(),
                    ScenarioError.VALUE,
                    "meta." + key + " '" + shorten(text.get()) + "'",
                    "use " + hint);
        }
        return text.get();
    }

    Map<String, String> texts(YamlNode.Mapping map, String key) {
        Map<String, String> texts = new HashMap<>();
        YamlNode.Mapping inner = mapping(map, key);
        if (inner != null) {
            inner.entries().keySet().forEach(k -> text(inner, k).ifPresent(v -> texts.put(k, v)));
        }
        return texts;
    }

    List<YamlNode> items(YamlNode.Mapping top, String key) {
        YamlNode node = top.get(key).orElse(null);
        if (node == null || isNull(node)) {
            return List.of();
        }
        if (node instanceof YamlNode.Sequence sequence) {
            return sequence.items();
        }
        add(node, ScenarioError.VALUE, "'" + key + "' is not a list", "begin each with -");
        return List.of();
    }

    private static boolean isNull(YamlNode node) {
        return node instanceof YamlNode.Scalar scalar && scalar.isNull();
    }

    void known(YamlNode.Mapping map, Set<String> keys) {
        map.entries().values().forEach(entry -> {
            String key = entry.key().text();
            if (!keys.contains(key)) {
                String hint = Suggest.hint(key, keys, "known here: " + String.join(", ", new TreeSet<>(keys)));
                add(entry.key(), ScenarioError.UNKNOWN_KEY, "unknown key '" + shorten(key) + "'", hint);
            }
        });
    }

    void add(YamlNode at, ErrorCode code, String what, String hint) {
        findings.add(new Finding(file, at.line(), at.column(), code, what, hint));
    }

    static String shorten(String text) {
        return (text.length() > 60 ? text.substring(0, 60) + "..." : text).replaceAll("[^\\x20-\\x7e]", "?");
    }
}
