package io.fluxrig.spec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The JSON Schema of spec files, printed from the shapes that the loader itself checks, for editors. */
public final class SpecSchema {
    private static final List<String> SCALAR = List.of("string", "number", "boolean");

    private SpecSchema() {}

    /** JSON Schema, draft 2020-12; the same text every time, ending in a line feed. */
    public static String json() {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        root.put("title", "fluxrig spec");
        root.put(
                "description",
                "SDL: how an external protocol lies on the wire, what its fields mean and which rules its messages keep");
        root.putAll(schema(Vocabulary.FILE));
        StringBuilder out = new StringBuilder();
        write(root, "", out);
        return out.append('\n').toString();
    }

    private static Map<String, Object> schema(Shape shape) {
        return switch (shape) {
            case Shape.Text text -> text(text);
            case Shape.Word word -> word(word);
            case Shape.ListOf list -> list(list.item(), 0);
            case Shape.OneOrMore some -> Map.of("anyOf", List.of(schema(some.item()), list(some.item(), 1)));
            case Shape.Table table -> table(table);
            case Shape.Keys keys -> keys(keys);
            case Shape.Either either -> Map.of("anyOf", List.of(schema(either.first()), schema(either.second())));
            case Shape.Elsewhere other -> Map.of("type", "object");
        };
    }

    /** YAML reads an unquoted {@code 0200} as a number, and the loader as the text that it is. */
    private static Map<String, Object> text(Shape.Text text) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", SCALAR);
        schema.put("description", text.accepted());
        schema.put("pattern", text.form().pattern().startsWith("(?s)") ? "[\\s\\S]" : whole(text.form()));
        return schema;
    }

    private static String whole(Pattern form) {
        return "^(?:" + form.pattern() + ")$";
    }

    private static Map<String, Object> word(Shape.Word word) {
        List<Object> words = new ArrayList<>(word.words());
        if (word.words().contains("true")) {
            words.add(true);
            words.add(false);
        }
        return Map.of("enum", words);
    }

    private static Map<String, Object> list(Shape item, int least) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "array");
        if (least > 0) {
            schema.put("minItems", least);
        }
        schema.put("items", schema(item));
        return schema;
    }

    private static Map<String, Object> table(Shape.Table table) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("description", "keys: " + table.keys());
        Map<String, Object> patterns = new LinkedHashMap<>();
        patterns.put("^x-", true);
        boolean any = table.key().pattern().startsWith("(?s)");
        patterns.put(
                any ? "^(?!x-)[\\s\\S]{1,64}$" : "^(?!x-)(?:" + table.key().pattern() + ")$", schema(table.value()));
        schema.put("patternProperties", patterns);
        schema.put("additionalProperties", false);
        return schema;
    }

    private static Map<String, Object> keys(Shape.Keys keys) {
        Map<String, Object> properties = new LinkedHashMap<>();
        keys.known().forEach((key, shape) -> properties.put(key, schema(shape)));
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("properties", properties);
        schema.put("patternProperties", Map.of("^x-", true));
        if (!keys.required().isEmpty()) {
            schema.put("required", List.copyOf(new TreeSet<>(keys.required())));
        }
        schema.put("additionalProperties", false);
        return schema;
    }

    private static void write(Object value, String indent, StringBuilder out) {
        switch (value) {
            case Map<?, ?> map -> {
                String separator = "";
                out.append('{');
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    out.append(separator).append('\n').append(indent).append("  ");
                    text(entry.getKey().toString(), out);
                    out.append(": ");
                    write(entry.getValue(), indent + "  ", out);
                    separator = ",";
                }
                out.append(map.isEmpty() ? "}" : "\n" + indent + "}");
            }
            case List<?> list -> {
                boolean flat = list.stream().noneMatch(item -> item instanceof Map || item instanceof List);
                String separator = "";
                out.append('[');
                for (Object item : list) {
                    out.append(separator).append(flat ? separator.isEmpty() ? "" : " " : "\n" + indent + "  ");
                    write(item, indent + "  ", out);
                    separator = ",";
                }
                out.append(flat ? "]" : "\n" + indent + "]");
            }
            case String text -> text(text, out);
            default -> out.append(value);
        }
    }

    private static void text(String text, StringBuilder out) {
        out.append('"');
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') {
                out.append('\\');
            }
            if (c == '\n') {
                out.append("\\n");
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
