package io.fluxrig.spec;

import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.Value;
import io.fluxrig.spec.Semantics.Field;
import io.fluxrig.spec.Semantics.Protection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What may be shown of classified values (PCI DSS 3.4.1 and its rules for truncation): of a card number the first six and last four digits, or the first eight where the
 * spec says {@code mask: bin8} and the number has 16 digits or more; of everything else stars that tell not even the length. Immutable.
 */
final class Mask {
    private static final String ALL = "***";
    private static final int LAST = 4;
    private static final int SHORTEST_PAN = 13;
    private static final int LONGEST_PAN = 19;
    private static final int SHORTEST_WIDE = 16;

    private final Protection protection;
    private final Map<String, Mask> parts;

    private Mask(Protection protection, Map<String, Mask> parts) {
        this.protection = protection;
        this.parts = Map.copyOf(parts);
    }

    /** By element number; elements of which nothing is classified are absent. */
    static Map<String, Mask> of(Semantics semantics) {
        Map<String, Mask> masks = new HashMap<>();
        semantics.fields().forEach((number, field) -> add(masks, Integer.toString(number), field));
        return Map.copyOf(masks);
    }

    private static void add(Map<String, Mask> masks, String id, Field field) {
        Map<String, Mask> parts = new HashMap<>();
        field.parts().forEach(part -> add(parts, part.path().parts().getLast(), part));
        if (field.protection().sensitivity() != Sensitivity.NONE || !parts.isEmpty()) {
            masks.put(id, new Mask(field.protection(), parts));
        }
    }

    Value show(Value value) {
        if (protection.sensitivity() == Sensitivity.PAN) {
            return Value.of(pan(value, protection.wideBin()));
        }
        if (protection.sensitivity() != Sensitivity.NONE) {
            return Value.of(ALL);
        }
        return switch (value) {
            case FluxMap map -> within(map);
            case Value.Array array -> within(array);
            // The whole of something whose parts are classified is not to be seen either.
            default -> Value.of(ALL);
        };
    }

    static FluxMap composite(FluxMap map, Map<String, Mask> masks) {
        FluxMap shown = map;
        for (int i = 0; i < map.size(); i++) {
            Mask mask = masks.get(map.keyAt(i));
            if (mask != null) {
                shown = shown.with(map.keyAt(i), mask.show(map.valueAt(i)));
            }
        }
        return shown;
    }

    private FluxMap within(FluxMap map) {
        FluxMap shown = map;
        for (int i = 0; i < map.size(); i++) {
            shown = shown.with(map.keyAt(i), part(map.keyAt(i), map.valueAt(i)));
        }
        return shown;
    }

    private Value within(Value.Array array) {
        List<Value> shown = new ArrayList<>(array.items().size());
        for (Value item : array.items()) {
            if (Composites.isPair(item)) {
                List<Value> items = new ArrayList<>(((Value.Array) item).items());
                items.set(1, part(Composites.id(item), items.get(1)));
                shown.add(Value.of(items));
            } else {
                shown.add(
                        switch (item) {
                            case FluxMap record -> within(record);
                            case Value.Array record -> within(record);
                            default -> Value.of(ALL);
                        });
            }
        }
        return Value.of(shown);
    }

    /** What is said of a tag holds at any depth. */
    private Value part(String id, Value value) {
        Mask mask = parts.get(id);
        if (mask != null) {
            return mask.show(value);
        }
        return switch (value) {
            case FluxMap map -> within(map);
            case Value.Array array -> within(array);
            default -> value;
        };
    }

    /** The value at a path within elements that have these masks, as it may be shown. */
    static Value show(Map<String, Mask> masks, DataPath path, Value value) {
        Mask at = masks.get(DataPath.name(path.element()));
        for (String id : path.parts()) {
            if (at == null || at.protection.sensitivity() != Sensitivity.NONE) {
                break;
            }
            // A tag that nobody describes may hold some that somebody does.
            at = at.parts.getOrDefault(id, new Mask(Protection.NONE, at.parts));
        }
        boolean silent = at == null
                || at.protection.sensitivity() == Sensitivity.NONE
                        && (at.parts.isEmpty()
                                || !(value instanceof FluxMap || value instanceof Value.Array)
                                        && !path.parts().isEmpty());
        return silent ? value : at.show(value);
    }

    private static String pan(Value value, boolean wide) {
        String digits = value instanceof Value.Text || value instanceof Value.Bin ? Elements.characters(value) : "";
        while (digits.endsWith("F") || digits.endsWith(" ")) {
            digits = digits.substring(0, digits.length() - 1);
        }
        if (digits.length() < SHORTEST_PAN || digits.length() > LONGEST_PAN || !Format.isDigits(digits)) {
            return ALL;
        }
        int first = wide && digits.length() >= SHORTEST_WIDE ? 8 : 6;
        return digits.substring(0, first)
                + "*".repeat(digits.length() - first - LAST)
                + digits.substring(digits.length() - LAST);
    }
}
