package io.fluxrig.node;

import io.fluxrig.scenario.Residency.Level;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Everything that may leave a Rack about its signals by itself: one list, and nothing that is not on it has a way out. Those who send take their keys from here, and
 * {@code docs/residency.md} is made from it.
 */
enum Outgoing {
    RACK("the Rack's name", Way.METADATA, Way.TRACES),
    ID("the fluxID of the signal", Way.METADATA, Way.TRACES),
    REF("the fluxID of the signal that it answers", Way.METADATA, Way.TRACES),
    TRACE("the W3C trace-id, and in spans the caller's span-id", Way.METADATA, Way.TRACES),
    ENTERED("when it entered", Way.METADATA, Way.TRACES),
    ENDED("when it ended", Way.METADATA, Way.TRACES),
    GEAR("the gear it came in by, or that handled it: a name or id from configuration", Way.METADATA, Way.TRACES),
    PORT("that gear's port", Way.METADATA, Way.TRACES),
    OUTCOME("sent, consumed, handed-over or failed", Way.METADATA, Way.TRACES, Way.METRICS),
    CODE("the number of the reason, FLX-nnnn, never the reason's text", Way.METADATA, Way.TRACES, Way.METRICS),
    SIZE("bytes of its first leaf", Way.METADATA),
    LEAF("the index of its first leaf, or of the leaf that a gear handled", Way.METADATA, Way.TRACES),
    HASH("SHA-256 of its first leaf, as in the Rack's tree", Way.METADATA),
    META("values of meta under keys that the scenario lets out", Way.METADATA),
    DATA("values of unclassified elements that the scenario lets out", Way.METADATA),
    FIGURES("counts, durations and sizes without a signal's id, labelled by names from configuration", Way.METRICS),
    STATE("phase of the node, links up or down, positions and ages of logs and backlogs", Way.HEALTH),
    CHECKPOINT("signed notes: size and root of the tree", Way.HEALTH),
    REPORT("verdicts on scenarios and policies: identities, numbers of errors, names from configuration", Way.HEALTH);

    /** By which something leaves. */
    enum Way {
        METADATA("metadata to the Mixer", false),
        TRACES("spans to a collector", false),
        METRICS("metrics", true),
        HEALTH("health and control", true);

        private final String text;
        private final boolean local;

        Way(String text, boolean local) {
            this.text = text;
            this.local = local;
        }

        /** Whether it may leave where the scenario says this. */
        boolean allowed(Level level) {
            return local || level != Level.LOCAL;
        }

        /** For people. */
        String text() {
            return text;
        }
    }

    private final String meaning;
    private final Set<Way> ways;

    Outgoing(String meaning, Way... ways) {
        this.meaning = meaning;
        this.ways = EnumSet.copyOf(List.of(ways));
    }

    /** Its name where it leaves. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    boolean leavesBy(Way way) {
        return ways.contains(way);
    }

    /** Keys of what may leave this way. */
    static Set<String> keys(Way way) {
        return Set.copyOf(Arrays.stream(values())
                .filter(o -> o.leavesBy(way))
                .map(Outgoing::key)
                .toList());
    }

    /** The table of {@code docs/residency.md}. */
    static String table() {
        StringBuilder text = new StringBuilder("| what | meaning |");
        for (Way way : Way.values()) {
            text.append(' ').append(way.text()).append(" |");
        }
        text.append("\n|---|---|").append("---|".repeat(Way.values().length)).append('\n');
        for (Outgoing each : values()) {
            text.append("| `")
                    .append(each.key())
                    .append("` | ")
                    .append(each.meaning)
                    .append(" |");
            for (Way way : Way.values()) {
                text.append(each.leavesBy(way) ? " yes |" : " |");
            }
            text.append('\n');
        }
        text.append("| leaves with `local` | |");
        for (Way way : Way.values()) {
            text.append(way.allowed(Level.LOCAL) ? " yes |" : " no |");
        }
        return text.append('\n').toString();
    }
}
