package io.fluxrig.vault;

import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.Value;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How far other Racks have handed signals over: for each wire from each of them the highest leaf index of theirs that arrived. Order is kept on a wire, so whatever is not
 * above it is here already.
 */
public final class Arrivals {
    /** Keys in the note of an {@code ingress} leaf: the origin of the sender's log, and its leaf there. */
    public static final String FROM = "from";

    public static final String LEAF = "leaf";

    /**
     * @param from origin of the log that the sender's leaves stand in
     * @param wire its name
     */
    public record Way(String from, String wire) {}

    private final Map<Way, Long> highest = new HashMap<>();

    /** An {@code ingress} leaf that came by this port and has this note. */
    void see(String port, FluxMap note) {
        // A gear's port never has this sign, so no gear can tell of arrivals by a note of its own.
        if (port.indexOf('>') > 0
                && note.get(FROM) instanceof Value.Text from
                && note.get(LEAF) instanceof Value.Int leaf) {
            highest.merge(new Way(from.value(), port), leaf.value(), Math::max);
        }
    }

    Map<Way, Long> highest() {
        return Map.copyOf(highest);
    }

    Value toValue() {
        return Value.of(highest.entrySet().stream()
                .sorted(Comparator.comparing(
                                (Map.Entry<Way, Long> e) -> e.getKey().from())
                        .thenComparing(e -> e.getKey().wire()))
                .map(e -> Value.of(
                        List.of(Value.of(e.getKey().from()), Value.of(e.getKey().wire()), Value.of(e.getValue()))))
                .toList());
    }

    /** What a snapshot of a version without wires between Racks does not have is empty. */
    static Arrivals fromValue(Value value) {
        Arrivals arrivals = new Arrivals();
        for (Value item : value instanceof Value.Array array ? array.items() : List.<Value>of()) {
            if (item instanceof Value.Array way
                    && way.items().size() == 3
                    && way.items().get(0) instanceof Value.Text from
                    && way.items().get(1) instanceof Value.Text wire
                    && way.items().get(2) instanceof Value.Int leaf) {
                arrivals.highest.put(new Way(from.value(), wire.value()), leaf.value());
            }
        }
        return arrivals;
    }
}
