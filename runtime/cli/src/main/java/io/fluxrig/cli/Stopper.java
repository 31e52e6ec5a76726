package io.fluxrig.cli;

import io.fluxrig.node.Node;
import java.io.PrintWriter;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ctrl-C and SIGTERM: drains the node, and then ends the process with exit code 0. A fatal error, after which nobody can vouch for what is in memory, ends it at once with
 * 1: the next start recovers.
 */
final class Stopper {
    private final AtomicBoolean armed = new AtomicBoolean(true);
    private final CountDownLatch signalled = new CountDownLatch(1);

    private Stopper() {}

    static Stopper onShutdown(Node node, PrintWriter err) {
        Stopper stopper = new Stopper();
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("fluxrig-stop").unstarted(() -> {
                    // Before anybody is told: whoever waits for the signal goes on to disarm this.
                    boolean mine = stopper.armed.get();
                    if (mine && !isSignal()) {
                        Runtime.getRuntime().halt(1);
                    }
                    stopper.signalled.countDown();
                    if (mine) {
                        err.println("stopping: finishing what is under way");
                        err.flush();
                        node.close();
                        err.println("stopped cleanly");
                        err.flush();
                        // The JVM would report the signal as its exit code; a clean drain is a success.
                        Runtime.getRuntime().halt(0);
                    }
                }));
        return stopper;
    }

    /** The JVM runs its hooks from a thread named after the signal; an exit that the program asked for comes from elsewhere. */
    private static boolean isSignal() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .anyMatch(name -> name.startsWith("SIG") && name.endsWith(" handler"));
    }

    /** Leaves the process to end by itself. */
    void disarm() {
        armed.set(false);
    }

    void waitForSignal() throws InterruptedException {
        signalled.await();
    }
}
