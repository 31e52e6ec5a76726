package io.fluxrig.node;

/**
 * The steps of a change of scenario on a running Rack, in their order. With {@code -Dfluxrig.halt-at=STEP} the process ends at that step as if it were killed, which is
 * how a test looks at what a kill there leaves behind; without it a step costs nothing.
 */
public enum SwapStep {
    /** The Rack has verified the artifact; nothing is written yet. */
    VERIFIED,
    /** Its serial and the ids of its gears are in the journal. */
    ACCEPTED,
    /** New gears stand beside the old ones. */
    STARTED_BESIDE,
    /** Listening ports have passed over. */
    SOCKETS_TAKEN,
    /** The leaf that tells of the change is on its way to the log. */
    RECORDED,
    /** New signals enter the new pipeline. */
    SWITCHED,
    /** Old gears take nothing new any more. */
    DRAINING,
    /** From here on a restart brings the new scenario back. */
    REMEMBERED,
    /** Whoever asked has been told that it runs. */
    TOLD,
    /** What the old pipeline held has ended, and its gears are gone. */
    DRAINED;

    private static final int KILLED = 137;
    private static final String HALT_AT = System.getProperty("fluxrig.halt-at", "");

    void reached() {
        if (HALT_AT.equals(name())) {
            Runtime.getRuntime().halt(KILLED);
        }
    }
}
