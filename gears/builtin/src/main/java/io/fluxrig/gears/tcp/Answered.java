package io.fluxrig.gears.tcp;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps the requests of a port from being answered twice: a request may fail on its way when a gear has answered it already, and a gear may answer one that has failed. Safe for use from
 * any thread.
 */
final class Answered {
    /** So many of those that failed last are remembered: where more fail at once than that, a gear that still waits for a reply may answer one more time. */
    private static final int MOST_FAILED = 4_096;

    /** Requests that have not ended: as many as the Rack has credits for, and as may wait on its wires. */
    private final Map<Long, RequestEnd> underWay = new ConcurrentHashMap<>();
    /** Requests that were answered because they failed, and whether that answer is on its way to the peer. */
    private final Map<Long, Boolean> failed = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Boolean> eldest) {
            return size() > MOST_FAILED;
        }
    };

    void begins(long request, RequestEnd end) {
        underWay.put(request, end);
    }

    void ends(long request) {
        underWay.remove(request);
    }

    /** An answer that says so is about to be born. */
    void fails(long request) {
        synchronized (failed) {
            failed.putIfAbsent(request, false);
        }
    }

    /** Whether a signal that answers this request may be written: what was answered as failed is answered by that alone. */
    boolean mayBeWritten(long request) {
        RequestEnd end = underWay.get(request);
        if (end != null) {
            end.isAnswered();
        }
        synchronized (failed) {
            Boolean told = failed.replace(request, true);
            return told == null || !told;
        }
    }
}
