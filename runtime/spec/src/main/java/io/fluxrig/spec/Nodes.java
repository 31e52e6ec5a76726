package io.fluxrig.spec;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Short ways to what stands in a node whose shape is already checked; what does not fit was told there and reads as absent. */
final class Nodes {
    private Nodes() {}

    static Optional<YamlNode.Mapping> map(YamlNode.Mapping map, String key) {
        return map.get(key).filter(YamlNode.Mapping.class::isInstance).map(YamlNode.Mapping.class::cast);
    }

    /** What people named: everything but {@code x-*}. */
    static Map<String, YamlNode.Entry> entries(Optional<YamlNode> node) {
        return node.orElse(null) instanceof YamlNode.Mapping map
                ? map.entries().entrySet().stream()
                        .filter(e -> !e.getKey().startsWith("x-"))
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, LinkedHashMap::new))
                : new TreeMap<>();
    }

    static List<YamlNode> items(YamlNode.Mapping map, String key) {
        return map.get(key).orElse(null) instanceof YamlNode.Sequence list ? list.items() : List.of();
    }

    static List<YamlNode.Mapping> maps(YamlNode.Mapping map, String key) {
        return items(map, key).stream()
                .filter(YamlNode.Mapping.class::isInstance)
                .map(YamlNode.Mapping.class::cast)
                .toList();
    }

    /** One scalar, or each of a list. */
    static List<YamlNode.Scalar> oneOrMore(YamlNode.Mapping map, String key) {
        YamlNode node = map.get(key).orElse(null);
        List<YamlNode> nodes =
                node instanceof YamlNode.Sequence list ? list.items() : node == null ? List.of() : List.of(node);
        return nodes.stream()
                .filter(n -> n instanceof YamlNode.Scalar s && !s.isNull())
                .map(YamlNode.Scalar.class::cast)
                .toList();
    }

    static Set<String> words(YamlNode.Mapping map, String key) {
        Set<String> words = new LinkedHashSet<>();
        oneOrMore(map, key).forEach(word -> words.add(word.text()));
        return words;
    }

    static boolean isTrue(YamlNode.Mapping map, String key) {
        return map.text(key).filter("true"::equals).isPresent();
    }

    /** The constant that a lower-case word names; empty where there is none. */
    static <E extends Enum<E>> Optional<E> word(Class<E> type, YamlNode.Mapping map, String key) {
        return map.text(key).flatMap(text -> {
            for (E each : type.getEnumConstants()) {
                if (each.name().equals(text.toUpperCase(Locale.ROOT))) {
                    return Optional.of(each);
                }
            }
            return Optional.empty();
        });
    }
}
