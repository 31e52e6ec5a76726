package io.fluxrig.spec;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A node of a YAML 1.2 file with its position. Scalars are text as written: the schema types them, so {@code 0200} stays {@code 0200}. */
public sealed interface YamlNode {
    /** From 1. */
    int line();

    /** From 1. */
    int column();

    /**
     * @param text as written, without quotes
     * @param quoted whether it stood in quotes or as a block, so that it is text whatever it looks like
     * @param from offset of its first character in the file, quotes included
     * @param to offset after its last
     */
    record Scalar(String text, boolean quoted, int line, int column, int from, int to) implements YamlNode {
        /** Whether this is YAML's null: nothing, {@code ~} or {@code null}, unquoted. */
        public boolean isNull() {
            return !quoted && (text.isEmpty() || text.equals("~") || text.equals("null"));
        }
    }

    record Sequence(List<YamlNode> items, int line, int column) implements YamlNode {
        public Sequence {
            items = List.copyOf(items);
        }
    }

    /** @param entries in the order of the file; keys are unique */
    record Mapping(Map<String, Entry> entries, int line, int column) implements YamlNode {
        /** The value under a key. */
        public Optional<YamlNode> get(String key) {
            return Optional.ofNullable(entries.get(key)).map(Entry::value);
        }

        /** The scalar text under a key; empty where it is absent, null or no scalar. */
        public Optional<String> text(String key) {
            return get(key).filter(v -> v instanceof Scalar s && !s.isNull()).map(v -> ((Scalar) v).text());
        }
    }

    /** A key with its position, and its value. */
    record Entry(Scalar key, YamlNode value) {}
}
