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
    public static final FluxMap EMPTY = new FluxMap(new Key[0], new Value[0]);

    /** Up to here comparing for equality one by one is faster than ordering. */
    private static final int FEW = 32;

    private final Key[] keys;
    private final Value[] values;

    /**
     * What {@link CborSize} found out: {@code size << 5 | depth + 1}, where depth is one at which this map is not too deep; 0 for
     * nothing yet. Every thread would find out the same, so no lock is needed.
     */
    private int measured;

    private FluxMap(Key[] keys, Value[] values) {
        this.keys = keys;
        this.values = values;
    }

    public static FluxMap of(Map<String, ? extends Value> entries) {
        Builder builder = new Builder(entries.size());
        entries.forEach(builder::put);
        return builder.build();
    }

    public static FluxMap of(String key, Value value) {
        return new FluxMap(new Key[] {Key.of(key)}, new Value[] {Objects.requireNonNull(value)});
    }

    public static Builder builder() {
        return new Builder(8);
    }

    /** The size of the encoding if it is known and this map may lie at {@code depth}; -1 otherwise. */
    int measuredSize(int depth) {
        int known = measured;
        return depth < (known & 31) ? known >>> 5 : -1;
    }

    void measured(int size, int depth) {
        if (size < 1 << 26) {
            measured = size << 5 | depth + 1;
        }
    }

    /** For the decoder, which has checked order and uniqueness on the bytes. */
    static FluxMap ofSorted(Key[] keys, Value[] values) {
        return keys.length == 0 ? EMPTY : new FluxMap(keys, values);
    }

    public int size() {
        return keys.length;
    }

    public boolean isEmpty() {
        return keys.length == 0;
    }

    public String keyAt(int index) {
        return keys[index].text();
    }

    Key key(int index) {
        return keys[index];
    }

    public Value valueAt(int index) {
        return values[index];
    }

    /** The value under {@code key}, or null where the key is absent. */
    public Value get(String key) {
        int index = indexOf(key);
        return index < 0 ? null : values[index];
    }

    public boolean has(String key) {
        return indexOf(key) >= 0;
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
        int index = indexOf(key);
        if (index >= 0) {
            if (values[index].equals(value)) {
                return this;
            }
            Value[] changed = values.clone();
            changed[index] = value;
            return new FluxMap(keys, changed);
        }
        Key added = Key.of(key);
        int at = insertionPoint(added);
        return new FluxMap(inserted(keys, at, added), inserted(values, at, value));
    }

    public FluxMap with(String key, String text) {
        return with(key, new Text(text));
    }

    public FluxMap without(String key) {
        int at = indexOf(key);
        return at < 0 ? this : ofSorted(removed(keys, at), removed(values, at));
    }

    static <T> T[] inserted(T[] array, int at, T item) {
        T[] longer = Arrays.copyOf(array, array.length + 1);
        System.arraycopy(array, at, longer, at + 1, array.length - at);
        longer[at] = item;
        return longer;
    }

    static <T> T[] removed(T[] array, int at) {
        T[] shorter = Arrays.copyOf(array, array.length - 1);
        System.arraycopy(array, at + 1, shorter, at, shorter.length - at);
        return shorter;
    }

    public void forEach(BiConsumer<String, Value> action) {
        for (int i = 0; i < keys.length; i++) {
            action.accept(keys[i].text(), values[i]);
        }
    }

    private int indexOf(String key) {
        if (keys.length > FEW) {
            Key sought = Key.of(key);
            int at = insertionPoint(sought);
            return at < keys.length && keys[at].equals(sought) ? at : -1;
        }
        for (int i = 0; i < keys.length; i++) {
            if (keys[i].is(key)) {
                return i;
            }
        }
        return -1;
    }

    /** The index of the first key that does not sort before {@code key}. */
    private int insertionPoint(Key key) {
        int low = 0;
        int high = keys.length;
        while (low < high) {
            int middle = low + high >>> 1;
            if (Key.compare(keys[middle], key) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
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
        private Key[] keys;
        private Value[] values;
        private int size;

        private Builder(int capacity) {
            keys = new Key[Math.max(4, capacity)];
            values = new Value[keys.length];
        }

        public Builder put(String key, Value value) {
            if (size == keys.length) {
                keys = Arrays.copyOf(keys, size * 2);
                values = Arrays.copyOf(values, size * 2);
            }
            keys[size] = Key.of(key);
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
            if (!isSorted()) {
                sort();
            }
            return ofSorted(Arrays.copyOf(keys, size), Arrays.copyOf(values, size));
        }

        private boolean isSorted() {
            for (int i = 1; i < size; i++) {
                if (Key.compare(keys[i - 1], keys[i]) >= 0) {
                    return false;
                }
            }
            return true;
        }

        private void sort() {
            Integer[] order = new Integer[size];
            Arrays.setAll(order, i -> i);
            Arrays.sort(order, (a, b) -> Key.compare(keys[a], keys[b]));
            Key[] sortedKeys = new Key[size];
            Value[] sortedValues = new Value[size];
            int count = 0;
            for (int i : order) {
                // The sort is stable, so the later of two equal keys comes later.
                boolean again = count > 0 && sortedKeys[count - 1].equals(keys[i]);
                count -= again ? 1 : 0;
                sortedKeys[count] = keys[i];
                sortedValues[count++] = values[i];
            }
            keys = sortedKeys;
            values = sortedValues;
            size = count;
        }
    }
}
