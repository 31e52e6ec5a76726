package io.fluxrig.wal;

import io.fluxrig.signal.FluxException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread that writes. Nobody else ever holds it, so nobody can interrupt it and close the file under everybody. */
final class WriterThread {
    private static final Logger LOG = LoggerFactory.getLogger(WriterThread.class);
    private static final long IDLE_MILLIS = 5;
    private static final int GROUPS_PER_WATERMARK_FORCE = 256;

    private record Task(Unit unit, long bytes, CompletableFuture<Void> done) {}

    private final WalLog log;
    private final WalIndex index;
    private final WalSettings settings;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Task> queue = new ArrayDeque<>();
    private long queuedBytes;
    private boolean closing;
    private FluxException stopped;
    private volatile WalState state = WalState.SERVING;
    private volatile FluxException failure;
    private int groupsSinceForce;

    WriterThread(WalLog log, WalIndex index, WalSettings settings) {
        this.log = log;
        this.index = index;
        this.settings = settings;
        this.thread = Thread.ofPlatform()
                .daemon()
                .name("wal-" + settings.dir().getFileName())
                .unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    WalState state() {
        return state;
    }

    Optional<FluxException> failure() {
        return Optional.ofNullable(failure);
    }

    /** Ends writing for a reason that was found elsewhere; what is offered from now on fails with it. */
    void stop(FluxException reason) {
        lock.lock();
        try {
            stopped = reason;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    WalLog.Durable durable() {
        return log.durable();
    }

    long queuedBytes() {
        lock.lock();
        try {
            return queuedBytes;
        } finally {
            lock.unlock();
        }
    }

    CompletableFuture<Void> offer(Unit unit) {
        return offer(new Task(unit, unit.bound(), new CompletableFuture<>()));
    }

    CompletableFuture<Void> barrier() {
        return offer(new Task(null, 0, new CompletableFuture<>()));
    }

    private CompletableFuture<Void> offer(Task task) {
        lock.lock();
        try {
            if (failure != null) {
                return CompletableFuture.failedFuture(failure);
            }
            if (closing) {
                return CompletableFuture.failedFuture(closed());
            }
            if (task.bytes() > 0 && queuedBytes + task.bytes() > settings.maxQueuedBytes()) {
                return CompletableFuture.failedFuture(
                        new FluxException(WalError.QUEUE_FULL, queuedBytes + " bytes wait for the disk"));
            }
            queue.add(task);
            queuedBytes += task.bytes();
            changed.signal();
            return task.done();
        } finally {
            lock.unlock();
        }
    }

    private FluxException closed() {
        return new FluxException(WalError.CLOSED, "'" + settings.dir() + "' was closed");
    }

    private void run() {
        try {
            while (true) {
                List<Task> batch = take();
                if (batch == null) {
                    break;
                }
                if (batch.isEmpty()) {
                    log.forceWatermark();
                    groupsSinceForce = 0;
                } else {
                    write(batch);
                }
            }
            log.closeInOrder();
            state = WalState.CLOSED;
        } catch (IOException | RuntimeException | Error e) {
            fail(e);
        }
    }

    /** What one fsync shall carry; empty when it is time to force the watermark, null when the log is to be closed. */
    private List<Task> take() {
        lock.lock();
        try {
            while (queue.isEmpty() || stopped != null) {
                if (stopped != null) {
                    throw stopped;
                }
                if (closing) {
                    return null;
                }
                if (!log.watermarkDirty()) {
                    changed.awaitUninterruptibly();
                } else if (!awaitMillis(IDLE_MILLIS)) {
                    return List.of();
                }
            }
            List<Task> batch = new ArrayList<>();
            long bytes = 0;
            while (!queue.isEmpty() && (batch.isEmpty() || bytes + queue.peek().bytes() <= settings.maxGroupBytes())) {
                Task task = queue.poll();
                bytes += task.bytes();
                batch.add(task);
            }
            return batch;
        } finally {
            lock.unlock();
        }
    }

    /** @return false when the time has passed */
    private boolean awaitMillis(long millis) {
        try {
            return changed.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            // The thread is private: nobody means anything by this.
            return true;
        }
    }

    private void write(List<Task> batch) throws IOException {
        List<Task> good = new ArrayList<>(batch.size());
        List<Unit> units = new ArrayList<>(batch.size());
        sort(batch, good, units);
        try {
            if (!units.isEmpty()) {
                append(units);
            }
        } catch (IOException | RuntimeException | Error e) {
            FluxException failed = failed(e);
            release(batch);
            good.forEach(task -> task.done().completeExceptionally(failed));
            throw e;
        }
        release(batch);
        good.forEach(task -> task.done().complete(null));
        if (++groupsSinceForce >= GROUPS_PER_WATERMARK_FORCE && log.watermarkDirty()) {
            log.forceWatermark();
            groupsSinceForce = 0;
        }
    }

    /** Takes out what a second writer offered: a sequence number never comes twice. */
    private void sort(List<Task> batch, List<Task> good, List<Unit> units) {
        Map<String, Long> offered = new HashMap<>();
        for (Task task : batch) {
            if (task.unit() instanceof Unit.Events events) {
                long last = offered.computeIfAbsent(events.persistenceId(), index::highest);
                boolean rises = true;
                for (WalWrite write : events.writes()) {
                    rises &= write.sequenceNr() > last;
                    last = write.sequenceNr();
                }
                if (!rises) {
                    task.done()
                            .completeExceptionally(new FluxException(
                                    WalError.SECOND_WRITER,
                                    "sequence number " + events.writes().get(0).sequenceNr() + " of '"
                                            + events.persistenceId() + "' is not above "
                                            + offered.get(events.persistenceId())));
                    continue;
                }
                offered.put(events.persistenceId(), last);
            }
            good.add(task);
            if (task.unit() != null) {
                units.add(task.unit());
            }
        }
    }

    private void append(List<Unit> units) throws IOException {
        while (true) {
            try {
                log.append(units);
                if (state == WalState.WAITING_FOR_SPACE) {
                    state = WalState.SERVING;
                    LOG.info("log '{}': there is space again", settings.dir());
                }
                return;
            } catch (NoSpaceException e) {
                if (state == WalState.SERVING) {
                    state = WalState.WAITING_FOR_SPACE;
                    LOG.error("log '{}': {}; writes wait until there is space", settings.dir(), e.getMessage());
                }
                if (!waitForSpace()) {
                    throw e;
                }
            }
        }
    }

    /** @return false when the log is to be closed instead */
    private boolean waitForSpace() {
        lock.lock();
        try {
            long left = settings.spaceRetry().toNanos();
            while (left > 0 && !closing) {
                left = changed.awaitNanos(left);
            }
            return !closing;
        } catch (InterruptedException e) {
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void release(List<Task> batch) {
        lock.lock();
        try {
            for (Task task : batch) {
                queuedBytes -= task.bytes();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Known to everybody before the first future fails. */
    private FluxException failed(Throwable e) {
        if (failure == null) {
            state = e instanceof NoSpaceException ? WalState.CLOSED : WalState.FAILED;
            failure = switch (e) {
                case NoSpaceException full -> closed();
                case FluxException told -> told;
                default -> new FluxException(WalError.FAILED, "'" + settings.dir() + "': " + e.getMessage(), e);
            };
        }
        return failure;
    }

    private void fail(Throwable e) {
        FluxException failed = failed(e);
        LOG.error("log '{}' takes no more writes: {}", settings.dir(), failed.getMessage());
        List<Task> left;
        lock.lock();
        try {
            left = List.copyOf(queue);
            queue.clear();
            queuedBytes = 0;
        } finally {
            lock.unlock();
        }
        left.forEach(task -> task.done().completeExceptionally(failed));
        try {
            log.close();
        } catch (IOException suppressed) {
            LOG.warn("log '{}': {}", settings.dir(), suppressed.getMessage());
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
