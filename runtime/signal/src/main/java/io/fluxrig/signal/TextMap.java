package io.fluxrig.signal;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;

/** An unmodifiable map from text to text in the order of its encoding: what {@link FluxMsg#meta()} is. */
final class TextMap extends AbstractMap<String, String> {
    static final TextMap EMPTY = new TextMap(new Key[0], new Value.Text[0]);

    private final Key[] keys;
    private final Value.Text[] values;

    private TextMap(Key[] keys, Value.Text[] values) {
        this.keys = keys;
        this.values = values;
    }

    /** Takes the arrays; the caller has checked order, uniqueness and Unicode. */
    static TextMap ofSorted(Key[] keys, Value.Text[] values) {
        return keys.length == 0 ? EMPTY : new TextMap(keys, values);
    }

    static TextMap of(Map<String, String> entries) {
        if (entries instanceof TextMap same) {
            return same;
        }
        Key[] keys = entries.keySet().stream().map(Key::of).sorted(Key::compare).toArray(Key[]::new);
        Value.Text[] values = new Value.Text[keys.length];
        for (int i = 0; i < keys.length; i++) {
            values[i] = new Value.Text(entries.get(keys[i].text()));
        }
        return ofSorted(keys, values);
    }

    Key key(int index) {
        return keys[index];
    }

    Value.Text value(int index) {
        return values[index];
    }

    TextMap with(String key, String text) {
        Value.Text value = new Value.Text(text);
        int index = indexOf(key);
        if (index >= 0) {
            Value.Text[] changed = values.clone();
            changed[index] = value;
            return new TextMap(keys, changed);
        }
        Key added = Key.of(key);
        int at = 0;
        while (at < keys.length && Key.compare(keys[at], added) < 0) {
            at++;
        }
        return new TextMap(FluxMap.inserted(keys, at, added), FluxMap.inserted(values, at, value));
    }

    TextMap without(String key) {
        int at = indexOf(key);
        return at < 0 ? this : ofSorted(FluxMap.removed(keys, at), FluxMap.removed(values, at));
    }

    private int indexOf(Object key) {
        for (int i = 0; i < keys.length; i++) {
            if (keys[i].text().equals(key)) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public int size() {
        return keys.length;
    }

    @Override
    public String get(Object key) {
        int index = indexOf(key);
        return index < 0 ? null : values[index].value();
    }

    @Override
    public boolean containsKey(Object key) {
        return indexOf(key) >= 0;
    }

    @Override
    public Set<Entry<String, String>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public int size() {
                return keys.length;
            }

            @Override
            public Iterator<Entry<String, String>> iterator() {
                return new Entries();
            }
        };
    }

    private final class Entries implements Iterator<Entry<String, String>> {
        private int at;

        @Override
        public boolean hasNext() {
            return at < keys.length;
        }

        @Override
        public Entry<String, String> next() {
            if (at == keys.length) {
                throw new NoSuchElementException();
            }
            Entry<String, String> entry = Map.entry(keys[at].text(), values[at].value());
            at++;
            return entry;
        }
    }

    /** Only the size: values may be classified. */
    @Override
    public String toString() {
        return "map[" + keys.length + "]";
    }
}
