package io.fluxrig.node;

import io.fluxrig.signal.Bytes;
import io.fluxrig.vault.Vault;
import java.util.Map;
import java.util.Optional;

/**
 * What a node tells about itself; a snapshot, safe to read from any thread.
 *
 * @param degraded why it serves, but not as it should; empty where all is well
 */
public record NodeStatus(
        Phase phase,
        String why,
        String degraded,
        Optional<Bytes> scenario,
        Optional<Vault.Stats> vault,
        Map<String, Boolean> links,
        int inFlight,
        long tapDropped) {

    /** How far the node is. */
    public enum Phase {
        STARTING,
        RECOVERING,
        RUNNING,
        /** Up, but refusing to run until somebody acts. */
        HELD,
        DRAINING,
        STOPPED
    }

    /** Whether the node takes traffic. A link that is down is told beside it: its requests are answered 91 meanwhile. */
    public boolean ready() {
        return phase == Phase.RUNNING;
    }

    /** Whether the start is over: it runs, ends, or waits for somebody who enrols it or sees to what holds it. */
    public boolean started() {
        return phase != Phase.RECOVERING && (phase != Phase.STARTING || !why.isEmpty());
    }
}
