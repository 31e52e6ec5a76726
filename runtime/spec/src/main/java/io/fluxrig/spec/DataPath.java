package io.fluxrig.spec;

import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Where a value lies in {@code data}: an element, and the parts that lead into it.
 *
 * @param parts numbers or upper-case tags; empty for the element itself
 */
record DataPath(int element, List<String> parts) {
    static final int MAX_ELEMENT = 192;
    private static final String[] NAMES = new String[MAX_ELEMENT + 1];

    static {
        for (int i = 0; i < NAMES.length; i++) {
            NAMES[i] = Integer.toString(i);
        }
    }

    DataPath {
        parts = List.copyOf(parts);
    }

    static DataPath of(int element) {
        return new DataPath(element, List.of());
    }

    DataPath part(String id) {
        List<String> longer = new ArrayList<>(parts);
        longer.add(id);
        return new DataPath(element, longer);
    }

    /** An element's number as text. */
    static String name(int element) {
        return NAMES[element];
    }

    /** {@code 55.9F02}. */
    String text() {
        return parts.isEmpty() ? NAMES[element] : NAMES[element] + "." + String.join(".", parts);
    }

    /** The value within the element's value, the first where a tag is repeated; null where it is absent. */
    Value within(Value value) {
        Value at = value;
        for (int i = 0; at != null && i < parts.size(); i++) {
            at = part(at, parts.get(i));
        }
        return at;
    }

    /** Of records that follow each other, the part of the first that has it. */
    static Value part(Value composite, String id) {
        return switch (composite) {
            case FluxMap map -> map.get(id);
            case Value.Array array -> {
                for (Value item : array.items()) {
                    if (isPart(item, id)) {
                        yield Composites.value(item);
                    }
                    if (item instanceof FluxMap record && record.has(id)) {
                        yield record.get(id);
                    }
                }
                yield null;
            }
            default -> null;
        };
    }

    /** Whether this is {@code [id, value]}, as parts stand where their order or repetition is kept. */
    static boolean isPart(Value item, String id) {
        return Composites.isPair(item) && Composites.id(item).equals(id);
    }

    /** {@code 22}, {@code 3.1} or {@code 55.9F02}; empty for anything else. */
    static Optional<DataPath> parse(String text) {
        String head = Composites.head(text);
        int element = number(head);
        if (element < 0 || text.endsWith(".")) {
            return Optional.empty();
        }
        String tail = Composites.tail(text);
        return Optional.of(new DataPath(
                element,
                tail.isEmpty()
                        ? List.of()
                        : List.of(tail.toUpperCase(Locale.ROOT).split("\\."))));
    }

    /** The same data with a value here. */
    FluxMap with(FluxMap data, Value value) {
        Value below = data.get(NAMES[element]);
        return data.with(NAMES[element], with(below == null ? FluxMap.EMPTY : below, 0, value));
    }

    private Value with(Value at, int depth, Value value) {
        if (depth == parts.size()) {
            return value;
        }
        String id = parts.get(depth);
        if (at instanceof Value.Array pairs && Composites.isPairs(pairs)) {
            List<Value> items = new ArrayList<>(pairs.items());
            for (int i = 0; i < items.size(); i++) {
                if (isPart(items.get(i), id)) {
                    items.set(i, Composites.pair(id, with(Composites.value(items.get(i)), depth + 1, value)));
                    return Value.of(items);
                }
            }
            items.add(Composites.pair(id, with(FluxMap.EMPTY, depth + 1, value)));
            return Value.of(items);
        }
        FluxMap map = at instanceof FluxMap already ? already : FluxMap.EMPTY;
        Value below = map.get(id);
        return map.with(id, with(below == null ? FluxMap.EMPTY : below, depth + 1, value));
    }

    /** An element's number; -1 for a key that is none. */
    static int number(String key) {
        int length = key.length();
        if (length == 0 || length > 3 || length > 1 && key.charAt(0) == '0') {
            return -1;
        }
        int number = 0;
        for (int i = 0; i < length; i++) {
            int digit = key.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number > MAX_ELEMENT ? -1 : number;
    }
}
