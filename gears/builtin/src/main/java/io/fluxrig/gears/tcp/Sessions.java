package io.fluxrig.gears.tcp;

import io.fluxrig.gear.GearSetup;
import io.fluxrig.gear.Intake;
import io.fluxrig.gear.Intake.SignalClass;
import io.fluxrig.signal.ErrorCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connections of one listening port. Safe for use from any thread. */
final class Sessions {
    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);

    private final TcpServerSettings settings;
    private final String gear;
    private final Intake intake;
    private final Framing framing;
    private final Inbound inbound;
    /** A name of an earlier run, or a guess, must not lead to a connection of this one. */
    private final String run;

    private final AtomicLong counter = new AtomicLong();
    private final AtomicInteger size = new AtomicInteger();
    private final Map<String, Session> byName = new ConcurrentHashMap<>();
    private final Map<InetAddress, Integer> byPeer = new ConcurrentHashMap<>();
    private volatile boolean reading = true;
    private volatile boolean closed;

    Sessions(TcpServerSettings settings, GearSetup setup, Intake intake, Framing framing) {
        this.settings = settings;
        this.gear = setup.name();
        this.intake = intake;
        this.framing = framing;
        this.inbound =
                new Inbound(settings.spec().map(setup::spec), settings.validation(), setup::count, SignalClass.REQUEST);
        byte[] random = new byte[8];
        new SecureRandom().nextBytes(random);
        this.run = HexFormat.of().formatHex(random);
    }

    /** Takes a connection over, or closes it where there are too many. */
    void accept(SocketChannel channel) throws IOException {
        InetAddress peer = ((InetSocketAddress) channel.getRemoteAddress()).getAddress();
        int ofPeer = byPeer.merge(peer, 1, Integer::sum);
        if (size.incrementAndGet() > settings.maxConnections() || ofPeer > settings.maxConnectionsPerPeer()) {
            forget(peer);
            LOG.debug("'{}' has too many connections: one more was closed", gear);
            channel.close();
            return;
        }
        Session session = new Session(this, run + "." + Long.toString(counter.incrementAndGet(), 36), peer, channel);
        byName.put(session.name(), session);
        session.start();
        // Both flags are set before the sessions are walked, so a session that comes meanwhile is met here or there.
        if (!reading) {
            session.stopReading();
        }
        if (closed) {
            session.shutdown();
        }
    }

    Session find(String name) {
        return byName.get(name);
    }

    int size() {
        return size.get();
    }

    void closed(Session session, FrameConnection.End why) {
        byName.remove(session.name());
        forget(session.peer());
        switch (why) {
            case BY_PEER, BY_US, IDLE -> LOG.debug("'{}' session {} ended: {}", gear, session.name(), why);
            case MID_FRAME, BROKEN, BAD_FRAMING, KEEP_ALIVE_FLOOD, SLOW_FRAME, NOT_READING ->
                LOG.info("'{}' session {} ended: {}", gear, session.name(), why);
        }
    }

    void unanswerable(Session session, ErrorCode why) {
        LOG.warn("'{}' session {}: an answer does not fit the spec ({})", gear, session.name(), why.code());
    }

    private void forget(InetAddress peer) {
        size.decrementAndGet();
        byPeer.computeIfPresent(peer, (p, count) -> count == 1 ? null : count - 1);
    }

    void stopReading() {
        reading = false;
        byName.values().forEach(Session::stopReading);
    }

    void close() {
        closed = true;
        byName.values().forEach(Session::shutdown);
    }

    Intake intake() {
        return intake;
    }

    Inbound inbound() {
        return inbound;
    }

    ConnectionLimits limits() {
        return settings.limits();
    }

    Framing framing() {
        return framing;
    }

    Duration senderTimeout() {
        return settings.senderTimeout();
    }
}
