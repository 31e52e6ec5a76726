package io.fluxrig.node;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/** One thread for the taps of all Racks in this process: a Rack that has nothing to tell has no thread that looks whether it has. */
final class TapThread {
    private static final long NAP_NANOS = 5_000_000;
    private static final List<Tap> TAPS = new CopyOnWriteArrayList<>();

    static {
        Thread.ofPlatform().daemon().name("fluxrig-tap").start(TapThread::run);
    }

    private TapThread() {}

    static void serve(Tap tap) {
        TAPS.add(tap);
    }

    static void leave(Tap tap) {
        TAPS.remove(tap);
    }

    private static void run() {
        while (true) {
            int facts = 0;
            for (Tap tap : TAPS) {
                facts += tap.drain();
            }
            if (facts == 0) {
                LockSupport.parkNanos(NAP_NANOS);
            }
        }
    }
}
