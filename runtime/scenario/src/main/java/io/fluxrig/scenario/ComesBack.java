package io.fluxrig.scenario;

import io.fluxrig.scenario.Scenario.Wire;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Finds signals that would wait for themselves. One that leaves its Rack by several wires lives there until each of them was taken, and whoever brings it back waits until then: with one of the other
 * Racks away it stands still, and everything behind it.
 */
final class ComesBack {
    private final List<Wire> wires;
    private final Function<Scenario.Endpoint, Optional<String>> place;
    private final Predicate<String> ends;

    /**
     * @param place the Rack of an end, where it has one
     * @param ends whether a signal that comes to this gear goes no further under its id
     */
    ComesBack(List<Wire> wires, Function<Scenario.Endpoint, Optional<String>> place, Predicate<String> ends) {
        this.wires = wires;
        this.place = place;
        this.ends = ends;
    }

    private boolean leads(Wire wire, boolean away, String rack) {
        Optional<String> from = place.apply(wire.from());
        Optional<String> to = place.apply(wire.to());
        return from.isPresent() && to.isPresent() && !from.equals(to) && rack.equals(away ? from.get() : to.get());
    }

    /** The wire by which a signal may come back that leaves by {@code first} and by another wire of the same port. */
    Optional<Wire> after(Wire first) {
        Optional<String> rack = place.apply(first.from());
        if (rack.isEmpty() || !leads(first, true, rack.get())) {
            return Optional.empty();
        }
        long leaving = wires.stream()
                .filter(wire -> wire.from().equals(first.from()) && leads(wire, true, rack.get()))
                .count();
        return leaving < 2 ? Optional.empty() : back(first, rack.get());
    }

    private Optional<Wire> back(Wire first, String rack) {
        Set<String> seen = new HashSet<>();
        Deque<String> next = new ArrayDeque<>(List.of(first.to().gear()));
        while (!next.isEmpty()) {
            String gear = next.poll();
            if (!seen.add(gear) || ends.test(gear)) {
                continue;
            }
            for (Wire wire : wires) {
                if (wire.from().gear().equals(gear)) {
                    if (leads(wire, false, rack)) {
                        return Optional.of(wire);
                    }
                    next.add(wire.to().gear());
                }
            }
        }
        return Optional.empty();
    }
}
