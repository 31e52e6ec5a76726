package io.fluxrig.spec;

import java.util.ArrayList;
import java.util.List;

/** Collects violations; most messages have none, and then nothing is allocated. */
final class Violations {
    /** A hostile message may break every rule in every repetition of a tag. */
    private static final int MAX = 256;

    private List<Violation> all = List.of();

    void add(Violation violation) {
        if (all.isEmpty()) {
            all = new ArrayList<>();
        }
        if (all.size() < MAX) {
            all.add(violation);
        }
    }

    List<Violation> all() {
        return all.isEmpty() ? List.of() : List.copyOf(all);
    }
}
