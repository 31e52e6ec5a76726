package io.fluxrig.wal;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A thread that can rest between pieces of work, which costs nothing, and be asked to end at any of them. */
final class Background {
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean closing;

    Background(String name, Runnable work) {
        thread = Thread.ofVirtual().name(name).unstarted(work);
    }

    void start() {
        thread.start();
    }

    /** @return false when it is time to end */
    boolean pause(Duration time) {
        lock.lock();
        try {
            long left = time.toNanos();
            while (left > 0 && !closing) {
                left = changed.awaitNanos(left);
            }
            return !closing;
        } catch (InterruptedException e) {
            // The thread is private: an interrupt can only mean the end.
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Returns when the thread has ended. */
    void close() {
        lock.lock();
        try {
            closing = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
