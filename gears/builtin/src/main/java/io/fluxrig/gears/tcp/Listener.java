package io.fluxrig.gears.tcp;

import io.fluxrig.gear.GearError;
import io.fluxrig.signal.FluxException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A listening socket. */
final class Listener implements NetLoop.Handler {
    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);
    private static final int BACKLOG = 1024;
    private static final int ACCEPTS_IN_A_ROW = 64;
    private static final Duration BREATH = Duration.ofMillis(100);

    private final NetLoop loop = NetLoop.next();
    private final ServerSocketChannel channel;
    private final Sessions sessions;
    private SelectionKey key;

    private Listener(ServerSocketChannel channel, Sessions sessions) {
        this.channel = channel;
        this.sessions = sessions;
    }

    /** @throws io.fluxrig.signal.FluxException PORT_IN_USE where the address cannot be listened on */
    static Listener bind(Address address, Sessions sessions) {
        ServerSocketChannel channel = null;
        try {
            InetSocketAddress resolved = address.resolve();
            if (resolved.isUnresolved()) {
                throw new FluxException(GearError.PORT_IN_USE, "the name in " + address + " is not known");
            }
            channel = ServerSocketChannel.open();
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(resolved, BACKLOG);
            return new Listener(channel, sessions);
        } catch (IOException | SecurityException refused) {
            close(channel);
            throw new FluxException(
                    GearError.PORT_IN_USE, address + " cannot be listened on: " + refused.getMessage(), refused);
        }
    }

    void start() {
        loop.execute(() -> {
            try {
                key = loop.register(channel, SelectionKey.OP_ACCEPT, this);
            } catch (IOException closedMeanwhile) {
                broken(closedMeanwhile);
            }
        });
    }

    @Override
    public void ready(SelectionKey ready) {
        try {
            for (int i = 0; i < ACCEPTS_IN_A_ROW; i++) {
                SocketChannel accepted = channel.accept();
                if (accepted == null) {
                    return;
                }
                sessions.accept(accepted);
            }
        } catch (IOException noDescriptors) {
            LOG.warn(
                    "a connection could not be accepted: {}",
                    noDescriptors.getClass().getSimpleName());
            key.interestOps(0);
            loop.after(BREATH, this::goOn);
        }
    }

    private void goOn() {
        if (key.isValid()) {
            key.interestOps(SelectionKey.OP_ACCEPT);
        }
    }

    @Override
    public void tick(long now) {
        // A listening socket has no deadline.
    }

    @Override
    public void broken(Throwable why) {
        LOG.error("the listening socket is closed: {}", why.getClass().getSimpleName());
        close();
    }

    /** Connections stay. On any thread. */
    void close() {
        loop.execute(() -> close(channel));
    }

    private static void close(ServerSocketChannel channel) {
        if (channel == null) {
            return;
        }
        try {
            channel.close();
        } catch (IOException alreadyGone) {
            // Closing is all that was wanted.
        }
    }
}
