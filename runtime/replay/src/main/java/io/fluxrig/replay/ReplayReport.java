package io.fluxrig.replay;

import java.util.List;
import java.util.Locale;

/**
 * What a replay found.
 *
 * @param leaves leaves read
 * @param compared leaves in the range that was asked for that the gears inside led to again
 * @param handlings gears' handlings that were driven again
 * @param outside facts that came from outside and were taken as recorded
 * @param differences the first of them, at most 100
 */
public record ReplayReport(
        long leaves, long compared, long handlings, long outside, long differenceCount, List<Difference> differences) {
    public ReplayReport {
        differences = List.copyOf(differences);
    }

    /** Why something comes out otherwise, as far as the two runs tell. */
    public enum Cause {
        /** The gear reads or writes by another spec. */
        SPEC_CHANGED,
        /** The gear, its settings or its wires are others. */
        SCENARIO_CHANGED,
        /** The value tells a time of its own: the gear looked at a clock that is not the pipeline's. */
        CLOCK,
        /** The same input gives another value: chance, or something else that was not recorded. */
        RANDOMNESS,
        /** Things happen in another order, or not at all. */
        ORDER,
        /** What came from outside does not fit any more. */
        OUTSIDE_ANSWER;

        /** In words, for example {@code spec changed}. */
        public String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    /**
     * A recorded leaf that did not come out the same.
     *
     * @param field path of the value, such as {@code 39} or {@code meta.route}; {@code -} where the leaf as a whole is another
     * @param recorded what the log holds, classified values masked
     * @param now what comes out now
     */
    public record Difference(
            long leaf, long signal, String gear, String field, String recorded, String now, Cause cause) {
        /** In one line. */
        public String what() {
            String where = field.equals("-") ? "" : "field " + field + ": ";
            return where + "recorded is " + recorded + ", now it is " + now + " (" + cause.text() + ")";
        }
    }
}
