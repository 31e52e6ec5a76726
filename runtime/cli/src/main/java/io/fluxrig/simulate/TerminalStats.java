package io.fluxrig.simulate;

/**
 * What terminals have seen. Once they have ended, {@code sent = answered + failed} and {@code answered = approved + declined}.
 *
 * @param sent requests written to the switch
 * @param answered those answered in time
 * @param approved answered with 00
 * @param declined answered with anything else, 91 and 92 too
 * @param failed not answered in time, or the connection died first
 * @param timeouts answered with 91
 * @param inDoubt answered with 91, or not at all: what happened at the scheme is not known here
 * @param duplicates second answers to one request
 * @param late answers to requests that had been given up
 * @param crossWired answers that belong to another terminal, or to no request of this one
 * @param unreadable answers that the spec cannot read
 * @param connects connections made, the first ones included
 * @param tps answers a second since the start
 * @param p50Ms median time to the answer, milliseconds; requests with cards that are answered late or never are left out here
 * @param p99Ms as {@code p50Ms}
 */
public record TerminalStats(
        long sent,
        long answered,
        long approved,
        long declined,
        long failed,
        long timeouts,
        long inDoubt,
        long duplicates,
        long late,
        long crossWired,
        long unreadable,
        long connects,
        double tps,
        double p50Ms,
        double p99Ms) {

    /** Requests that still wait. */
    public long open() {
        return sent - answered - failed;
    }
}
