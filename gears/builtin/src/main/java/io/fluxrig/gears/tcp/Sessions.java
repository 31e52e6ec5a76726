package io.fluxrig.gears.tcp;

import io.fluxrig.gear.GearSetup;
import io.fluxrig.gear.Intake;
import io.fluxrig.gear.Intake.SignalClass;
import io.fluxrig.signal.ErrorCode;
import io.fluxrig.spec.Spec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.security.SecureRandom;
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

    /** What a gear that holds the port lays down for its connections. */
    record Terms(String gear, TcpServerSettings settings, Intake intake, Framing framing, Inbound inbound) {
        static Terms of(TcpServerSettings settings, GearSetup setup, Intake intake) {
            Inbound inbound = new Inbound(
                    settings.spec().map(setup::spec), settings.validation(), setup::count, SignalClass.REQUEST);
            Framing framing = new Framing(
                    settings.framing(), settings.spec().map(setup::spec).flatMap(Spec::header));
            return new Terms(setup.name(), settings, intake, framing, inbound);
        }
    }

    private volatile Terms terms;
    /** A name of an earlier run, or a guess, must not lead to a connection of this one. */
    private final String run;

    private final AtomicLong counter = new AtomicLong();
    private final AtomicInteger size = new AtomicInteger();
    private final Map<String, Session> byName = new ConcurrentHashMap<>();
    private final Map<InetAddress, Integer> byPeer = new ConcurrentHashMap<>();
    private final Answered answers = new Answered();
    private volatile boolean reading = true;
    private volatile boolean closed;

    Sessions(Terms terms) {
        this.terms = terms;
        byte[] random = new byte[8];
        new SecureRandom().nextBytes(random);
        this.run = HexFormat.of().formatHex(random);
    }

    /** From now on what comes in goes this way, on connections that are open already too; those keep their framing. */
    void under(Terms now) {
        terms = now;
    }

    /** Takes a connection over, or closes it where there are too many. */
    void accept(SocketChannel channel) throws IOException {
        TcpServerSettings settings = terms.settings();
        InetAddress peer = ((InetSocketAddress) channel.getRemoteAddress()).getAddress();
        int ofPeer = byPeer.merge(peer, 1, Integer::sum);
        if (size.incrementAndGet() > settings.maxConnections() || ofPeer > settings.maxConnectionsPerPeer()) {
            forget(peer);
            LOG.debug("'{}' has too many connections: one more was closed", terms.gear());
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

    Answered answers() {
        return answers;
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
            case BY_PEER, BY_US, IDLE -> LOG.debug("'{}' session {} ended: {}", terms.gear(), session.name(), why);
            case MID_FRAME, BROKEN, BAD_FRAMING, KEEP_ALIVE_FLOOD, SLOW_FRAME, NOT_READING ->
                LOG.info("'{}' session {} ended: {}", terms.gear(), session.name(), why);
        }
    }

    void unanswerable(Session session, ErrorCode why) {
        LOG.warn("'{}' session {}: an answer does not fit the spec ({})", terms.gear(), session.name(), why.code());
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

    Terms terms() {
        return terms;
    }
}
