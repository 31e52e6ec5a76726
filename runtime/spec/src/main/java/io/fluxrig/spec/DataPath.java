package io.fluxrig.spec;

import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.Value;
import java.util.ArrayList;
import java.util.List;

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

    static Value part(Value composite, String id) {
        return switch (composite) {
            case FluxMap map -> map.get(id);
            case Value.Array array -> {
                for (Value item : array.items()) {
                    if (isPart(item, id)) {
                        yield ((Value.Array) item).items().get(1);
                    }
                }
                yield null;
            }
            default -> null;
        };
    }

    /** Whether this is {@code [id, value]}, as parts stand where their order or repetition is kept. */
    static boolean isPart(Value item, String id) {
        return item instanceof Value.Array pair
                && pair.items().size() == 2
                && pair.items().getFirst() instanceof Value.Text tag
                && tag.value().equals(id);
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
