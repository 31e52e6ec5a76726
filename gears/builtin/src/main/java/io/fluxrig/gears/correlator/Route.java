package io.fluxrig.gears.correlator;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One route: what is open there, and the next trace number. */
final class Route {
    static final int LAST_TRACE = 999_999;

    private final String name;
    private final Map<String, Exchange> open = new HashMap<>();
    private final Set<Integer> traces = new HashSet<>();
    private int next = 1;

    Route(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    int size() {
        return open.size();
    }

    /** The next trace number, 1..999999, that no open exchange has. There are always fewer exchanges than numbers. */
    int freeTrace() {
        while (traces.contains(next)) {
            advance(next);
        }
        return next;
    }

    /** Numbers go on after this one. */
    void advance(int used) {
        next = used == LAST_TRACE ? 1 : used + 1;
    }

    boolean isOpen(String key) {
        return open.containsKey(key);
    }

    Optional<Exchange> find(String key) {
        return Optional.ofNullable(open.get(key));
    }

    void add(Exchange exchange) {
        open.put(exchange.key(), exchange);
        traces.add(exchange.trace());
        advance(exchange.trace());
    }

    void remove(Exchange exchange) {
        open.remove(exchange.key());
        traces.remove(exchange.trace());
    }
}
