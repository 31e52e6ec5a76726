package io.fluxrig.gears.tcp;

import io.fluxrig.gear.Intake;
import io.fluxrig.gear.Intake.SignalClass;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection to a peer, made anew whenever it is lost. Its state changes on its loop's thread alone. */
final class Link implements FrameConnection.Owner {
    private static final Logger LOG = LoggerFactory.getLogger(Link.class);
    private static final Consumer<Sending.Fate> UNHEARD = fate -> {};

    private final String name;
    private final TcpClientSettings settings;
    private final Framing framing;
    private final Inbound inbound;
    private final Intake intake;
    private final Readiness readiness;
    private final Address address;
    private final BackOff backOff;
    private final NetLoop loop = NetLoop.next();
    private final Pause pause;

    private volatile FrameConnection connection;
    private boolean hasRead;
    private boolean stopped;
    private boolean toldDown;

    Link(
            String name,
            TcpClientSettings settings,
            Framing framing,
            Inbound inbound,
            Intake intake,
            Readiness readiness) {
        this.name = name;
        this.settings = settings;
        this.framing = framing;
        this.inbound = inbound;
        this.intake = intake;
        this.readiness = readiness;
        this.address = Address.parse(settings.connect()).orElseThrow();
        this.backOff = new BackOff(settings.reconnectMin(), settings.reconnectMax(), name.hashCode());
        this.pause = new Pause(() -> intake, loop, this::resume);
    }

    /** Keeps trying from now on. */
    void start() {
        // A name server may take its time, and the loop serves others too.
        Thread.ofVirtual().name("fluxrig-resolve").start(() -> {
            InetSocketAddress peer = address.resolve();
            loop.execute(() -> connect(peer));
        });
    }

    void stop() {
        loop.execute(() -> {
            stopped = true;
            if (connection != null) {
                connection.shutdown();
            }
        });
    }

    /** False where the link is down; {@code told} then hears nothing. On any thread. */
    boolean send(byte[] wire, Consumer<Sending.Fate> told) {
        FrameConnection up = connection;
        if (up == null) {
            return false;
        }
        up.send(wire, told);
        return true;
    }

    private void resume() {
        FrameConnection up = connection;
        if (up != null) {
            up.resume();
        }
    }

    private void connect(InetSocketAddress peer) {
        if (stopped) {
            return;
        }
        if (peer.isUnresolved()) {
            again("the name is not known");
            return;
        }
        SocketChannel channel = null;
        try {
            channel = SocketChannel.open();
            channel.configureBlocking(false);
            boolean atOnce = channel.connect(peer);
            Connecting connecting = new Connecting(channel, System.nanoTime());
            loop.register(channel, SelectionKey.OP_CONNECT, connecting);
            if (atOnce) {
                up(channel);
            }
        } catch (IOException refused) {
            close(channel);
            again(refused.getMessage());
        }
    }

    /** A connection that is not up yet. */
    private final class Connecting implements NetLoop.Handler {
        private final SocketChannel channel;
        private final long since;
        private boolean over;

        Connecting(SocketChannel channel, long since) {
            this.channel = channel;
            this.since = since;
        }

        @Override
        public void ready(SelectionKey key) throws IOException {
            if (channel.finishConnect()) {
                over = true;
                up(channel);
            }
        }

        @Override
        public void tick(long now) {
            if (now - since > settings.connectTimeout().toNanos()) {
                failed("no answer within " + settings.connectTimeout().toMillis() + " ms");
            }
        }

        @Override
        public void broken(Throwable why) {
            failed(String.valueOf(why.getMessage()));
        }

        private void failed(String why) {
            if (!over) {
                over = true;
                close(channel);
                again(why);
            }
        }
    }

    private void up(SocketChannel channel) {
        FrameConnection made = new FrameConnection(loop, channel, framing, settings.limits(), this);
        if (stopped) {
            close(channel);
            return;
        }
        try {
            made.start();
        } catch (IOException lostAtOnce) {
            close(channel);
            again(lostAtOnce.getMessage());
            return;
        }
        hasRead = false;
        toldDown = false;
        connection = made;
        readiness.up();
        LOG.info("link {} to {} is up", name, address);
        settings.keepAlive().ifPresent(every -> loop.after(every, () -> keepAlive(made, every)));
    }

    private void keepAlive(FrameConnection on, Duration every) {
        if (connection == on) {
            on.send(framing.wrap(new byte[0]), UNHEARD);
            loop.after(every, () -> keepAlive(on, every));
        }
    }

    @Override
    public FrameConnection.Taken frame(byte[] frame) {
        if (!hasRead) {
            // A peer that only accepts and hangs up has not earned a quick next attempt.
            hasRead = true;
            backOff.reset();
        }
        return switch (inbound.read(frame, Map.of())) {
            case Inbound.Read.Good good ->
                offered(good.signalClass(), intake.offer("out", good.signalClass(), good.draft(), 0, end -> {}));
            case Inbound.Read.Refused refused ->
                offered(
                        refused.signalClass(),
                        intake.offer("error", refused.signalClass(), refused.draft(), 0, end -> {}));
            case Inbound.Read.Bad bad ->
                offered(SignalClass.REPLY, intake.offer("error", SignalClass.REPLY, bad.told(), 0, end -> {}));
        };
    }

    private FrameConnection.Taken offered(SignalClass signalClass, Intake.Admission admission) {
        return switch (admission) {
            case Intake.Accepted accepted -> FrameConnection.Taken.YES;
            case Intake.Refused refused -> {
                pause.until(signalClass, refused);
                yield FrameConnection.Taken.NOT_NOW;
            }
        };
    }

    @Override
    public void closed(FrameConnection.End why) {
        if (connection != null) {
            connection = null;
            readiness.down();
        }
        again(why.name());
    }

    private void again(String why) {
        if (stopped) {
            return;
        }
        if (!toldDown) {
            toldDown = true;
            LOG.warn("link {} to {} is down: {}", name, address, why);
        }
        loop.after(backOff.next(), this::start);
    }

    private static void close(SocketChannel channel) {
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
