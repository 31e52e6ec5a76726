package io.fluxrig.simulate;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Ctrl-C and SIGTERM end a simulator cleanly: its summary is still printed, and the process exits with 0. */
public final class UntilStopped implements AutoCloseable {
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch finished = new CountDownLatch(1);
    private final Thread hook;

    private UntilStopped() {
        hook = Thread.ofPlatform().name("simulate-stop").unstarted(() -> {
            asked.countDown();
            try {
                if (finished.await(20, TimeUnit.SECONDS)) {
                    // The JVM would report the signal as its exit code; a clean end is a success.
                    Runtime.getRuntime().halt(0);
                }
            } catch (InterruptedException hurried) {
                Thread.currentThread().interrupt();
            }
        });
    }

    public static UntilStopped arm() {
        UntilStopped stop = new UntilStopped();
        Runtime.getRuntime().addShutdownHook(stop.hook);
        return stop;
    }

    /** Whether somebody asked to stop within this time. */
    public boolean within(Duration time) throws InterruptedException {
        return asked.await(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Everything is printed, or nothing will be: the process may end. */
    @Override
    public void close() {
        finished.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException goingDown) {
            // The hook runs already, and has been told.
        }
    }
}
