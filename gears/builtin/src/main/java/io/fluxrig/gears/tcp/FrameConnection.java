package io.fluxrig.gears.tcp;

import io.fluxrig.signal.FluxException;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.function.Consumer;

/** One TCP connection: frames in, frames out. Reads on its loop's thread; {@link #send} may be called on any. */
final class FrameConnection implements NetLoop.Handler {
    /** What became of a frame that was offered to the owner. */
    enum Taken {
        YES,
        /** Taken, but no more for now. */
        AND_PAUSE,
        /** Not taken: offered again after {@link FrameConnection#resume}. */
        NOT_NOW
    }

    /** Why a connection ended. */
    enum End {
        BY_PEER,
        MID_FRAME,
        BROKEN,
        BAD_FRAMING,
        KEEP_ALIVE_FLOOD,
        SLOW_FRAME,
        IDLE,
        NOT_READING,
        BY_US
    }

    /** Called on the loop's thread. */
    interface Owner {
        Taken frame(byte[] frame);

        /** Once, after every frame that waited has got its {@link Sending.Fate}. */
        void closed(End why);
    }

    private static final int READS_IN_A_ROW = 4;
    private static final long MINUTE = 60_000_000_000L;

    private final NetLoop loop;
    private final SocketChannel channel;
    private final FrameReader reader;
    private final ConnectionLimits limits;
    private final Owner owner;
    private final Sending sending;

    private SelectionKey key;
    private boolean paused;
    private boolean stopped;
    private byte[] heldFrame;
    private byte[] heldBytes = new byte[0];
    private long frameSince;
    private boolean inFrame;
    private long lastRead = System.nanoTime();
    private int keepAlives;
    private long keepAlivesSince = lastRead;
    private boolean closed;

    FrameConnection(NetLoop loop, SocketChannel channel, Framing framing, ConnectionLimits limits, Owner owner) {
        this.loop = loop;
        this.channel = channel;
        this.reader = framing.reader();
        this.limits = limits;
        this.owner = owner;
        this.sending = new Sending(channel, limits.maxQueuedWrites());
    }

    /** Begins to read. On the loop's thread, with a connected channel. */
    void start() throws IOException {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        key = loop.register(channel, SelectionKey.OP_READ, this);
        sending.start(key, loop);
    }

    /** Writes framed bytes, now or as the peer takes them; {@code told} hears once, on any thread, what became of them. */
    void send(byte[] wire, Consumer<Sending.Fate> told) {
        if (!sending.send(wire, told)) {
            loop.execute(() -> close(End.BROKEN));
        }
    }

    /** Reading goes on after a pause. On any thread. */
    void resume() {
        loop.execute(this::resumeNow);
    }

    /** Reads nothing more; what is to be written still is. On any thread. */
    void stopReading() {
        loop.execute(() -> {
            stopped = true;
            pause();
        });
    }

    /** On any thread. */
    void shutdown() {
        loop.execute(() -> close(End.BY_US));
    }

    private void pause() {
        paused = true;
        if (!closed && key.isValid()) {
            key.interestOpsAnd(~SelectionKey.OP_READ);
        }
    }

    private void resumeNow() {
        if (closed || stopped || !paused) {
            return;
        }
        paused = false;
        // While we did not read, the peer's clock did not run.
        lastRead = System.nanoTime();
        frameSince = lastRead;
        if (heldFrame != null) {
            byte[] frame = heldFrame;
            heldFrame = null;
            offer(frame);
        }
        byte[] bytes = heldBytes;
        heldBytes = new byte[0];
        feed(bytes, bytes.length);
        if (!paused && !closed) {
            key.interestOpsOr(SelectionKey.OP_READ);
        }
    }

    @Override
    public void ready(SelectionKey ready) throws IOException {
        if (ready.isWritable() && !sending.flush()) {
            close(End.BROKEN);
            return;
        }
        if (ready.isValid() && ready.isReadable()) {
            for (int i = 0; i < READS_IN_A_ROW && !paused && !closed && read(); i++) {
                // One connection must not keep the others waiting: the rest comes with the next turn.
            }
        }
    }

    /** Whether there may be more to read. */
    private boolean read() throws IOException {
        ByteBuffer buffer = loop.readBuffer();
        int count = channel.read(buffer);
        if (count < 0) {
            close(inFrame ? End.MID_FRAME : End.BY_PEER);
            return false;
        }
        if (count > 0) {
            lastRead = System.nanoTime();
            feed(buffer.array(), count);
        }
        return count == buffer.capacity();
    }

    private void feed(byte[] in, int to) {
        int at = 0;
        try {
            while (at < to && !closed) {
                if (paused) {
                    heldBytes = heldBytes.length == 0 ? Arrays.copyOfRange(in, at, to) : join(heldBytes, in, at, to);
                    return;
                }
                if (!inFrame) {
                    inFrame = true;
                    frameSince = System.nanoTime();
                }
                at += reader.read(in, at, to);
                inFrame = reader.midFrame();
                byte[] frame = reader.frame();
                if (frame != null) {
                    offer(frame);
                }
            }
        } catch (FluxException badFraming) {
            close(End.BAD_FRAMING);
        }
    }

    private static byte[] join(byte[] first, byte[] in, int from, int to) {
        byte[] both = Arrays.copyOf(first, first.length + to - from);
        System.arraycopy(in, from, both, first.length, to - from);
        return both;
    }

    private void offer(byte[] frame) {
        if (frame.length == 0) {
            keepAlive();
            return;
        }
        switch (owner.frame(frame)) {
            case YES -> {}
            case AND_PAUSE -> pause();
            case NOT_NOW -> {
                heldFrame = frame;
                pause();
            }
        }
    }

    private void keepAlive() {
        long now = System.nanoTime();
        if (now - keepAlivesSince > MINUTE) {
            keepAlivesSince = now;
            keepAlives = 0;
        }
        if (++keepAlives > limits.maxKeepAlives()) {
            close(End.KEEP_ALIVE_FLOOD);
        }
    }

    @Override
    public void tick(long now) {
        if (sending.stalledFor(now) > limits.writeTimeout().toNanos()) {
            close(End.NOT_READING);
        } else if (inFrame
                && !paused
                && now - frameSince > limits.frameTimeout().toNanos()) {
            close(End.SLOW_FRAME);
        } else if (!paused
                && Math.min(now - lastRead, now - sending.lastWrite())
                        > limits.idleTimeout().toNanos()) {
            close(End.IDLE);
        }
    }

    @Override
    public void broken(Throwable why) {
        close(inFrame ? End.MID_FRAME : End.BROKEN);
    }

    private void close(End why) {
        if (closed) {
            return;
        }
        closed = true;
        heldFrame = null;
        heldBytes = new byte[0];
        sending.close();
        try {
            channel.close();
        } catch (IOException alreadyGone) {
            // Closing is all that was wanted.
        }
        owner.closed(why);
    }
}
