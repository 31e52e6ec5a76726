package io.fluxrig.scenario;

import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.Value;
import io.fluxrig.spec.YamlNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * YAML scalars as values: text where the schema says text or the file says quotes, otherwise YAML 1.2's core schema, with a number that has a decimal point
 * as an exact decimal.
 */
final class YamlValues {
    private static final Pattern INTEGER = Pattern.compile("[-+]?(0|[1-9][0-9]{0,40})");
    private static final Pattern DECIMAL = Pattern.compile("[-+]?(0|[1-9][0-9]{0,40})\\.[0-9]{1,40}");

    private final Predicate<String> isText;
    private final Map<String, YamlNode> places = new HashMap<>();

    /** @param isText whether the schema says text at a path such as {@code rules[0].prefix} */
    YamlValues(Predicate<String> isText) {
        this.isText = isText;
    }

    /** Where a value came from; the nearest place above where the path itself has none. */
    YamlNode place(String path, YamlNode otherwise) {
        for (String at = path; !at.isEmpty(); ) {
            if (places.containsKey(at)) {
                return places.get(at);
            }
            int cut = Math.max(at.lastIndexOf('.'), at.lastIndexOf('['));
            at = cut < 0 ? "" : at.substring(0, cut);
        }
        return otherwise;
    }

    FluxMap map(YamlNode.Mapping mapping) {
        return map(mapping, "");
    }

    private FluxMap map(YamlNode.Mapping mapping, String path) {
        FluxMap.Builder map = FluxMap.builder();
        mapping.entries().forEach((key, entry) -> {
            String at = path.isEmpty() ? key : path + "." + key;
            places.put(at, entry.key());
            map.put(key, value(entry.value(), at));
        });
        return map.build();
    }

    private Value value(YamlNode node, String path) {
        return switch (node) {
            case YamlNode.Mapping mapping -> map(mapping, path);
            case YamlNode.Sequence sequence -> {
                List<Value> items = new ArrayList<>();
                for (YamlNode item : sequence.items()) {
                    String at = path + "[" + items.size() + "]";
                    places.put(at, item);
                    items.add(value(item, at));
                }
                yield Value.of(items);
            }
            case YamlNode.Scalar scalar -> scalar(scalar, path);
        };
    }

    private Value scalar(YamlNode.Scalar scalar, String path) {
        if (scalar.isNull()) {
            return Value.NULL;
        }
        if (scalar.quoted() || isText.test(path)) {
            return Value.of(scalar.text());
        }
        return core(scalar.text());
    }

    private static Value core(String text) {
        if (text.equals("true") || text.equals("false")) {
            return Value.of(text.equals("true"));
        }
        if (INTEGER.matcher(text).matches()) {
            return Value.of(new BigInteger(text));
        }
        if (DECIMAL.matcher(text).matches()) {
            return Value.of(new BigDecimal(text));
        }
        return Value.of(text);
    }
}
