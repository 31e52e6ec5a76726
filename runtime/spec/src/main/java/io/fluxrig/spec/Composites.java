package io.fluxrig.spec;

import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.Value;
import java.util.List;

/**
 * How parts stand in {@code data}: a map from their ids where that tells everything; a list of {@code [id, value]} where the order differs from that of a map or an id comes
 * again.
 */
final class Composites {
    private Composites() {}

    /** Whether this is {@code [id, value]}, perhaps with a remark of how it lay. */
    static boolean isPair(Value item) {
        return item instanceof Value.Array pair
                && (pair.items().size() == 2 || pair.items().size() == 3)
                && pair.items().getFirst() instanceof Value.Text;
    }

    static boolean isPairs(Value value) {
        return value instanceof Value.Array array && array.items().stream().allMatch(Composites::isPair);
    }

    static String id(Value pair) {
        return ((Value.Text) ((Value.Array) pair).items().getFirst()).value();
    }

    static Value value(Value pair) {
        return ((Value.Array) pair).items().get(1);
    }

    static Value pair(String id, Value value) {
        return Value.of(List.of(Value.of(id), value));
    }

    /** The parts as a map, whichever way they stand; null where the value has none. */
    static FluxMap map(Value value) {
        if (value instanceof FluxMap map) {
            return map;
        }
        if (!isPairs(value)) {
            return null;
        }
        FluxMap.Builder map = FluxMap.builder();
        ((Value.Array) value).items().forEach(pair -> map.put(id(pair), value(pair)));
        return map.build();
    }

    /** The first id of a path, and what follows it. */
    static String head(String path) {
        int dot = path.indexOf('.');
        return dot < 0 ? path : path.substring(0, dot);
    }

    static String tail(String path) {
        int dot = path.indexOf('.');
        return dot < 0 ? "" : path.substring(dot + 1);
    }

    /** Whether {@code next} comes after {@code last} in a map. */
    static boolean inOrder(String last, String next) {
        return last.length() != next.length() ? last.length() < next.length() : last.compareTo(next) < 0;
    }
}
