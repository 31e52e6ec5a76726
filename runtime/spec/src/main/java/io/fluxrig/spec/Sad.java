package io.fluxrig.spec;

import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.Value;
import io.fluxrig.spec.Semantics.Field;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Which elements, parts and tags must never be stored. Immutable. */
final class Sad {
    private final boolean whole;
    private final Map<String, Sad> parts;

    private Sad(boolean whole, Map<String, Sad> parts) {
        this.whole = whole;
        this.parts = Map.copyOf(parts);
    }

    /** By element number; those without anything of the kind are absent. */
    static Sad of(Semantics semantics) {
        Map<String, Sad> elements = new HashMap<>();
        semantics.fields().forEach((number, field) -> add(elements, Integer.toString(number), field));
        return new Sad(false, elements);
    }

    private static void add(Map<String, Sad> into, String id, Field field) {
        Map<String, Sad> parts = new HashMap<>();
        field.parts().forEach(part -> add(parts, part.path().parts().getLast(), part));
        boolean whole = field.protection().sensitivity() == Sensitivity.SAD;
        if (whole || !parts.isEmpty()) {
            into.put(id, new Sad(whole, parts));
        }
    }

    boolean isEmpty() {
        return parts.isEmpty();
    }

    /** The message without them; {@code taken} hears the path of each. */
    FluxMap without(FluxMap data, Consumer<String> taken) {
        FluxMap kept = data;
        for (int i = 0; i < data.size(); i++) {
            String key = data.keyAt(i);
            Sad sad = parts.get(key);
            if (sad != null) {
                Value left = sad.left(key, data.valueAt(i), taken);
                kept = left == null ? kept.without(key) : kept.with(key, left);
            }
        }
        return kept;
    }

    /** Null where nothing is left. */
    private Value left(String path, Value value, Consumer<String> taken) {
        if (whole) {
            taken.accept(path);
            return null;
        }
        return switch (value) {
            case FluxMap map -> map(path, map, taken);
            case Value.Array list -> list(path, list, taken);
            // The whole of something of which a part must not be stored.
            default -> {
                taken.accept(path);
                yield null;
            }
        };
    }

    private FluxMap map(String path, FluxMap map, Consumer<String> taken) {
        FluxMap kept = map;
        for (int i = 0; i < map.size(); i++) {
            Value value = map.valueAt(i);
            Value left = part(path, map.keyAt(i), value, taken);
            if (left == null) {
                kept = kept.without(map.keyAt(i));
            } else if (left != value) {
                kept = kept.with(map.keyAt(i), left);
            }
        }
        return kept;
    }

    private Value part(String path, String id, Value value, Consumer<String> taken) {
        Sad sad = parts.get(id);
        if (sad != null && (sad.whole || !sad.parts.isEmpty())) {
            return sad.left(path + "." + id, value, taken);
        }
        // What is said of a tag holds at any depth.
        return value instanceof FluxMap || value instanceof Value.Array ? inner(path + "." + id, value, taken) : value;
    }

    private Value inner(String path, Value value, Consumer<String> taken) {
        return value instanceof FluxMap map ? map(path, map, taken) : list(path, (Value.Array) value, taken);
    }

    private Value.Array list(String path, Value.Array list, Consumer<String> taken) {
        List<Value> kept = new ArrayList<>(list.items().size());
        boolean same = true;
        for (Value item : list.items()) {
            Value left;
            if (Composites.isPair(item)) {
                Value value = Composites.value(item);
                Value inside = part(path, Composites.id(item), value, taken);
                left = inside == null ? null : inside == value ? item : Composites.pair(Composites.id(item), inside);
            } else {
                left = item instanceof FluxMap || item instanceof Value.Array ? inner(path, item, taken) : item;
            }
            same &= left == item;
            if (left != null) {
                kept.add(left);
            }
        }
        return same ? list : Value.of(kept);
    }
}
