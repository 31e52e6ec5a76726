package io.fluxrig.replay;

import java.util.List;

/**
 * What a replay found.
 *
 * @param leaves leaves read
 * @param handlings gears' handlings that were driven again
 * @param outside facts that came from outside and were taken as recorded
 * @param differences the first of them, at most 100
 */
public record ReplayReport(
        long leaves, long handlings, long outside, long differenceCount, List<Difference> differences) {
    public ReplayReport {
        differences = List.copyOf(differences);
    }

    /** A recorded leaf that did not come out the same. */
    public record Difference(long leaf, long signal, String gear, String what) {}
}
