package io.fluxrig.gears.correlator;

import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxId;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Every exchange that is open, found by what each event knows of it. An exchange is in all indexes or in none. */
final class OpenExchanges {
    private final Map<String, Route> routes = new HashMap<>();
    /** In the order in which they were opened. */
    private final Map<Long, Exchange> byRequest = new LinkedHashMap<>();

    private final Map<String, Exchange> bySameness = new HashMap<>();

    /** A route that is there already keeps what is open on it. */
    void know(String name) {
        routes.computeIfAbsent(name, Route::new);
    }

    Set<String> routes() {
        return Set.copyOf(routes.keySet());
    }

    Route route(String name) {
        return routes.get(name);
    }

    boolean hasSame(String sameAs) {
        return bySameness.containsKey(sameAs);
    }

    /** Unix nanoseconds at which the oldest was opened; 0 where none is. */
    long since() {
        return byRequest.isEmpty() ? 0 : byRequest.values().iterator().next().openedAt();
    }

    Optional<Exchange> ofRequest(long requestId) {
        return Optional.ofNullable(byRequest.get(requestId));
    }

    Optional<Exchange> ofTimer(String timer) {
        try {
            return ofRequest(FluxId.parse(timer));
        } catch (FluxException notOurs) {
            return Optional.empty();
        }
    }

    void open(Exchange exchange) {
        route(exchange.route()).add(exchange);
        byRequest.put(exchange.requestId(), exchange);
        bySameness.put(exchange.sameAs(), exchange);
    }

    void close(Exchange exchange) {
        route(exchange.route()).remove(exchange);
        byRequest.remove(exchange.requestId());
        bySameness.remove(exchange.sameAs());
    }
}
