package io.fluxrig.node;

import java.nio.channels.Channel;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Things of which there is one in the world, by name, as they pass from gear to gear. */
final class Heirlooms {
    private final Map<String, Channel> held = new HashMap<>();

    /** The open one of this name and type, or what {@code open} makes. */
    synchronized <T extends Channel> T pass(String resource, Class<T> type, Supplier<T> open) {
        held.values().removeIf(thing -> !thing.isOpen());
        if (type.isInstance(held.get(resource))) {
            return type.cast(held.get(resource));
        }
        T made = open.get();
        held.put(resource, made);
        return made;
    }
}
