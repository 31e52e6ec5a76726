package io.fluxrig.signal;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * A map from text to values, kept in the order of its encoding (RFC 8949 section 4.2.1: shorter keys first, then bytewise).
 * Immutable; {@link #with} and {@link #without} share every value that did not change.
 */
public final class FluxMap implements Value {
    public static final FluxMap EMPTY = new FluxMap(new String[0], new Value[0]);

    private final String[] keys;
    private final Value[] values;

    private FluxMap(String[] keys, Value[] values) {
        this.keys = keys;
        this.values = values;
    }

    public static FluxMap of(Map<String, ? extends Value> entries) {
        Builder builder = new Builder(entries.size());
        entries.forEach(builder::put);
        return builder.build();
    }

    public static FluxMap of(String key, Value value) {
        Utf8.requireWellFormed(key);
        return new FluxMap(new String[] {key}, new Value[] {Objects.requireNonNull(value)});
    }

    public static Builder builder() {
        return new Builder(8);
    }

    /** For the decoder, which has checked order and uniqueness on the bytes. */
    static FluxMap ofSorted(String[] keys, Value[] values) {
        return keys.length == 0 ? EMPTY : new FluxMap(keys, values);
    }

    public int size() {
        return keys.length;
    }

    public boolean isEmpty() {
        return keys.length == 0;
    }

    public String keyAt(int index) {
        return keys[index];
    }

    public Value valueAt(int index) {
        return values[index];
    }

    /** The value under {@code key}, or null where the key is absent. */
    public Value get(String key) {
        int index = find(key);
        return index < 0 ? null : values[index];
    }

    public boolean has(String key) {
        return find(key) >= 0;
    }

    /** The text under {@code key}; empty where it is absent or not text. */
    public Optional<String> text(String key) {
        return get(key) instanceof Text t ? Optional.of(t.value()) : Optional.empty();
    }

    /** The integer under {@code key}, or {@code otherwise} where it is absent or no integer. */
    public long integer(String key, long otherwise) {
        return get(key) instanceof Int i ? i.value() : otherwise;
    }

    /** Follows a dotted path ({@code card.number}; a key that itself holds a dot is tried first). */
    public Found at(String path) {
        Value direct = get(path);
        if (direct != null) {
            return new Found.Here(direct);
        }
        for (int dot = path.lastIndexOf('.'); dot > 0; dot = path.lastIndexOf('.', dot - 1)) {
            Value head = get(path.substring(0, dot));
            if (head instanceof FluxMap inner) {
                return inner.at(path.substring(dot + 1));
            }
            if (head != null) {
                return new Found.NotAMap(path.substring(0, dot), head.kind());
            }
        }
        return Found.ABSENT;
    }

    /** What a dotted path leads to: absent, a null that is there, and a value of the wrong type are three answers. */
    public sealed interface Found {
        Absent ABSENT = new Absent();

        record Absent() implements Found {}

        /** The path leads through a value that has no keys. */
        record NotAMap(String prefix, String kind) implements Found {}

        /** The value, {@link Value#NULL} included. */
        record Here(Value value) implements Found {}
    }

    public FluxMap with(String key, Value value) {
        Objects.requireNonNull(value);
        int index = find(key);
        if (index >= 0) {
            if (values[index].equals(value)) {
                return this;
            }
            Value[] changed = values.clone();
            changed[index] = value;
            return new FluxMap(keys, changed);
        }
        Utf8.requireWellFormed(key);
        int at = -(index + 1);
        String[] newKeys = new String[keys.length + 1];
        Value[] newValues = new Value[keys.length + 1];
        System.arraycopy(keys, 0, newKeys, 0, at);
        System.arraycopy(values, 0, newValues, 0, at);
        newKeys[at] = key;
        newValues[at] = value;
        System.arraycopy(keys, at, newKeys, at + 1, keys.length - at);
        System.arraycopy(values, at, newValues, at + 1, keys.length - at);
        return new FluxMap(newKeys, newValues);
    }

    public FluxMap with(String key, String text) {
        return with(key, new Text(text));
    }

    public FluxMap without(String key) {
        int at = find(key);
        if (at < 0) {
            return this;
        }
        String[] newKeys = new String[keys.length - 1];
        Value[] newValues = new Value[keys.length - 1];
        System.arraycopy(keys, 0, newKeys, 0, at);
        System.arraycopy(values, 0, newValues, 0, at);
        System.arraycopy(keys, at + 1, newKeys, at, newKeys.length - at);
        System.arraycopy(values, at + 1, newValues, at, newKeys.length - at);
        return ofSorted(newKeys, newValues);
    }

    public void forEach(BiConsumer<String, Value> action) {
        for (int i = 0; i < keys.length; i++) {
            action.accept(keys[i], values[i]);
        }
    }

    /** The index of {@code key}, or {@code -(insertion point) - 1}. */
    private int find(String key) {
        int low = 0;
        int high = keys.length - 1;
        while (low <= high) {
            int middle = low + high >>> 1;
            int order = Utf8.compareAsKeys(keys[middle], key);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -(low + 1);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FluxMap that && Arrays.equals(keys, that.keys) && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(keys) + Arrays.hashCode(values);
    }

    /** Keys are names from specs and scenarios, but a hostile sender may choose them: only the size is told. */
    @Override
    public String toString() {
        return "map[" + keys.length + "]";
    }

    /** Collects entries in any order; the last value under a key wins. */
    public static final class Builder {
        private String[] keys;
        private Value[] values;
        private int size;

        private Builder(int capacity) {
            keys = new String[Math.max(4, capacity)];
            values = new Value[keys.length];
        }

        public Builder put(String key, Value value) {
            Utf8.requireWellFormed(key);
            if (size == keys.length) {
                keys = Arrays.copyOf(keys, size * 2);
                values = Arrays.copyOf(values, size * 2);
            }
            keys[size] = key;
            values[size++] = Objects.requireNonNull(value);
            return this;
        }

        public Builder put(String key, String text) {
            return put(key, new Text(text));
        }

        public Builder put(String key, long value) {
            return put(key, new Int(value));
        }

        public Builder put(String key, Bytes value) {
            return put(key, new Bin(value));
        }

        /** Puts a value unless it is null. */
        public Builder putIf(String key, Value value) {
            return value == null ? this : put(key, value);
        }

        public FluxMap build() {
            Integer[] order = new Integer[size];
            for (int i = 0; i < size; i++) {
                order[i] = i;
            }
            Arrays.sort(order, (a, b) -> Utf8.compareAsKeys(keys[a], keys[b]));
            String[] sortedKeys = new String[size];
            Value[] sortedValues = new Value[size];
            int count = 0;
            for (int i : order) {
                if (count > 0 && sortedKeys[count - 1].equals(keys[i])) {
                    sortedValues[count - 1] = values[i];
                } else {
                    sortedKeys[count] = keys[i];
                    sortedValues[count++] = values[i];
                }
            }
            return ofSorted(Arrays.copyOf(sortedKeys, count), Arrays.copyOf(sortedValues, count));
        }
    }
}
