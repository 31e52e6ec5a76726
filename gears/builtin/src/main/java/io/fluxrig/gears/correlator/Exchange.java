package io.fluxrig.gears.correlator;

import io.fluxrig.signal.FluxId;
import io.fluxrig.signal.FluxMap;
import java.util.Map;

/**
 * A request that waits for its reply. Holds nothing of the card but what the spec has replies compared with.
 *
 * @param requestId fluxID of the request
 * @param route the route that it was sent on
 * @param trace the switch's own trace number there
 * @param key what the reply will carry on this route
 * @param sameAs what another request would carry that is the same
 * @param meta of the request: the way back
 * @param essence what an answer repeats of it, under the sender's trace number
 * @param compared what a reply is held against, as it was sent; values that the spec classifies may be among it, and stay in memory
 * @param openedAt unix nanoseconds
 */
record Exchange(
        long requestId,
        String route,
        int trace,
        String key,
        String sameAs,
        Map<String, String> meta,
        FluxMap essence,
        FluxMap compared,
        long openedAt) {

    /** The name of the timer that ends it. */
    String timer() {
        return FluxId.text(requestId);
    }

    @Override
    public String toString() {
        return "Exchange[" + timer() + " on " + route + "]";
    }
}
