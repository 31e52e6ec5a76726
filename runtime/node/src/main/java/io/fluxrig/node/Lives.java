package io.fluxrig.node;

import java.util.concurrent.atomic.AtomicInteger;

/** Counts what lives in a pipeline. Closes at zero and for good, so that nothing can enter what is about to be taken down. Lock free. */
final class Lives {
    private static final int CLOSED = Integer.MIN_VALUE;

    private final AtomicInteger living = new AtomicInteger();

    /** False where it is closed. */
    boolean begin() {
        int now = living.get();
        while (now != CLOSED) {
            if (living.compareAndSet(now, now + 1)) {
                return true;
            }
            now = living.get();
        }
        return false;
    }

    /** More of them, begun by something that lives. */
    void begin(int more) {
        if (more > 0) {
            living.addAndGet(more);
        }
    }

    void end() {
        living.decrementAndGet();
    }

    int count() {
        return Math.max(0, living.get());
    }

    /** True when it is closed, now or before. */
    boolean closeIfNone() {
        return living.compareAndSet(0, CLOSED) || living.get() == CLOSED;
    }
}
