package io.fluxrig.gears.tcp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The outgoing side of a connection: a bounded queue that the peer empties. Safe for use from any thread. */
final class Sending {
    /** What became of a frame. */
    enum Fate {
        /** Handed to the network whole. */
        WRITTEN,
        /** The queue was full: nothing was written. */
        CONGESTED,
        /** The connection was, or went, away: nothing was written. */
        CLOSED,
        /** The connection went away while the frame was being written: the peer may have it. */
        LOST
    }

    private record Frame(ByteBuffer wire, Consumer<Fate> told, long since) {}

    private record Told(Consumer<Fate> who, Fate what) {}

    private final SocketChannel channel;
    private final int maxQueued;
    private final ArrayDeque<Frame> queue = new ArrayDeque<>();
    private SelectionKey key;
    private NetLoop loop;
    private boolean closed;
    private long lastWrite = System.nanoTime();

    Sending(SocketChannel channel, int maxQueued) {
        this.channel = channel;
        this.maxQueued = maxQueued;
    }

    synchronized void start(SelectionKey registered, NetLoop its) {
        key = registered;
        loop = its;
    }

    /** False where the connection proved to be broken and must be closed. */
    boolean send(byte[] wire, Consumer<Fate> told) {
        Fate fate;
        boolean sound = true;
        synchronized (this) {
            if (closed || key == null) {
                fate = Fate.CLOSED;
            } else if (queue.size() >= maxQueued) {
                fate = Fate.CONGESTED;
            } else {
                Frame frame = new Frame(ByteBuffer.wrap(wire), told, System.nanoTime());
                try {
                    fate = writeOrQueue(frame);
                } catch (IOException broken) {
                    // The system does not say how much of it went out.
                    fate = Fate.LOST;
                    sound = false;
                }
            }
        }
        if (fate != null) {
            told.accept(fate);
        }
        return sound;
    }

    /** Null where the frame has to wait. */
    private Fate writeOrQueue(Frame frame) throws IOException {
        if (queue.isEmpty()) {
            channel.write(frame.wire);
            lastWrite = System.nanoTime();
            if (!frame.wire.hasRemaining()) {
                return Fate.WRITTEN;
            }
        }
        queue.add(frame);
        key.interestOpsOr(SelectionKey.OP_WRITE);
        loop.wakeup();
        return null;
    }

    /** Writes what the peer takes. False where the connection proved to be broken and must be closed. */
    boolean flush() {
        List<Told> news = new ArrayList<>();
        boolean sound = true;
        synchronized (this) {
            try {
                while (!queue.isEmpty()) {
                    Frame head = queue.peek();
                    if (channel.write(head.wire) > 0) {
                        lastWrite = System.nanoTime();
                    }
                    if (head.wire.hasRemaining()) {
                        break;
                    }
                    news.add(new Told(queue.poll().told, Fate.WRITTEN));
                }
                if (queue.isEmpty() && !closed) {
                    key.interestOpsAnd(~SelectionKey.OP_WRITE);
                }
            } catch (IOException broken) {
                sound = false;
            }
        }
        news.forEach(n -> n.who.accept(n.what));
        return sound;
    }

    /** Everything that waits has its fate when this returns. */
    void close() {
        List<Told> news = new ArrayList<>();
        synchronized (this) {
            closed = true;
            for (Frame frame : queue) {
                news.add(new Told(frame.told, frame.wire.position() > 0 ? Fate.LOST : Fate.CLOSED));
            }
            queue.clear();
        }
        news.forEach(n -> n.who.accept(n.what));
    }

    /** Nanoseconds for which the oldest frame has waited; 0 where none waits. A peer that takes a byte now and then gains nothing. */
    synchronized long stalledFor(long now) {
        return queue.isEmpty() ? 0 : now - queue.peek().since;
    }

    synchronized long lastWrite() {
        return lastWrite;
    }
}
