package io.fluxrig.gears.tcp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that waits for many sockets. All TCP gears of a process share {@value #LOOPS} of them. What a handler does there must not block.
 */
final class NetLoop {
    private static final Logger LOG = LoggerFactory.getLogger(NetLoop.class);
    private static final int LOOPS = 2;
    private static final long TICK_MILLIS = 100;
    private static final int READ_BUFFER = 16 * 1024;
    private static final AtomicInteger TURN = new AtomicInteger();

    /** What stands behind a socket. Called on the loop's thread alone. */
    interface Handler {
        void ready(SelectionKey key) throws IOException;

        /** About every 100 ms, for deadlines; {@code now} is {@link System#nanoTime}. */
        void tick(long now);

        /** Nothing more comes from this handler's socket. */
        void broken(Throwable why);
    }

    private record Later(long at, Runnable task) {}

    private static final class Shared {
        private static final NetLoop[] ALL = {new NetLoop("fluxrig-net-0"), new NetLoop("fluxrig-net-1")};
    }

    private final Selector selector;
    private final Thread thread;
    private final Queue<Runnable> tasks = new LinkedBlockingQueue<>();
    private final PriorityQueue<Later> delayed = new PriorityQueue<>((a, b) -> Long.compare(a.at - b.at, 0));
    private final ByteBuffer readBuffer = ByteBuffer.allocate(READ_BUFFER);
    private long lastTick = System.nanoTime();

    private NetLoop(String name) {
        try {
            selector = Selector.open();
        } catch (IOException noSelector) {
            throw new UncheckedIOException(noSelector);
        }
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** The loops in turn. */
    static NetLoop next() {
        return Shared.ALL[Math.floorMod(TURN.getAndIncrement(), LOOPS)];
    }

    /** Runs a task on the loop's thread, never before this returns unless called from elsewhere. Callers bound what they hand over. */
    void execute(Runnable task) {
        tasks.add(task);
        if (Thread.currentThread() != thread) {
            selector.wakeup();
        }
    }

    void after(Duration delay, Runnable task) {
        long at = System.nanoTime() + delay.toNanos();
        execute(() -> delayed.add(new Later(at, task)));
    }

    /** Only on the loop's thread. */
    SelectionKey register(SelectableChannel channel, int interest, Handler handler) throws IOException {
        channel.configureBlocking(false);
        return channel.register(selector, interest, handler);
    }

    /** Makes a change of interest from another thread take effect. */
    void wakeup() {
        if (Thread.currentThread() != thread) {
            selector.wakeup();
        }
    }

    /** For use within one call of a handler. */
    ByteBuffer readBuffer() {
        return readBuffer.clear();
    }

    private void run() {
        try {
            while (selector.isOpen()) {
                selector.select(this::dispatch, waitMillis());
                runTasks();
                runDelayed();
                tick();
            }
        } catch (IOException | Error broken) {
            LOG.error(
                    "the network thread {} has died of {}: its connections are closed",
                    thread.getName(),
                    broken.getClass().getName());
            selector.keys()
                    .forEach(key ->
                            guarded((Handler) key.attachment(), () -> ((Handler) key.attachment()).broken(broken)));
        }
    }

    private long waitMillis() {
        if (!tasks.isEmpty()) {
            return 1;
        }
        long tick = selector.keys().isEmpty() ? 1000 : TICK_MILLIS;
        if (delayed.isEmpty()) {
            return tick;
        }
        long due = (delayed.peek().at - System.nanoTime() + 999_999) / 1_000_000;
        return Math.max(1, Math.min(tick, due));
    }

    private void dispatch(SelectionKey key) {
        Handler handler = (Handler) key.attachment();
        guarded(handler, () -> {
            if (key.isValid()) {
                handler.ready(key);
            }
        });
    }

    /** Those that are there now: what they add waits for its turn behind the sockets. */
    private void runTasks() {
        int turn = tasks.size();
        for (int i = 0; i < turn; i++) {
            guarded(null, tasks.poll()::run);
        }
    }

    private void runDelayed() {
        long now = System.nanoTime();
        while (!delayed.isEmpty() && delayed.peek().at - now <= 0) {
            guarded(null, delayed.poll().task::run);
        }
    }

    private void tick() {
        long now = System.nanoTime();
        if (now - lastTick < TICK_MILLIS * 1_000_000) {
            return;
        }
        lastTick = now;
        for (SelectionKey key : selector.keys().toArray(SelectionKey[]::new)) {
            Handler handler = (Handler) key.attachment();
            guarded(handler, () -> handler.tick(now));
        }
    }

    private interface Step {
        void run() throws IOException;
    }

    /** One socket's trouble is its own. */
    private static void guarded(Handler handler, Step step) {
        try {
            step.run();
        } catch (IOException | RuntimeException | StackOverflowError | LinkageError | AssertionError trouble) {
            if (!(trouble instanceof IOException)) {
                LOG.error("a connection's handler threw {}", trouble.getClass().getName());
            }
            if (handler != null) {
                handler.broken(trouble);
            }
        }
    }
}
