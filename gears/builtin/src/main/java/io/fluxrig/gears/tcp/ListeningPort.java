package io.fluxrig.gears.tcp;

import java.nio.channels.Channel;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A listening socket with its connections, as it passes from gear to gear. It goes by the terms of the gear that took it last; where that one lets go,
 * by those of the gear before. Safe for use from any thread.
 */
final class ListeningPort implements Channel {
    private final Listener listener;
    private final Sessions sessions;
    private final Deque<Sessions.Terms> holders = new ArrayDeque<>();
    private boolean started;
    private boolean closed;

    private ListeningPort(Listener listener, Sessions sessions) {
        this.listener = listener;
        this.sessions = sessions;
    }

    /** @throws io.fluxrig.signal.FluxException PORT_IN_USE */
    static ListeningPort bind(Address address, Sessions.Terms terms) {
        Sessions sessions = new Sessions(terms);
        return new ListeningPort(Listener.bind(address, sessions), sessions);
    }

    Sessions sessions() {
        return sessions;
    }

    /** False where a gear before had it already. */
    synchronized boolean take(Sessions.Terms terms) {
        boolean first = holders.isEmpty();
        holders.push(terms);
        sessions.under(terms);
        return first;
    }

    synchronized void start() {
        if (!started) {
            started = true;
            listener.start();
        }
    }

    /** Nothing more comes in, unless a successor has taken over. */
    synchronized void drain(Sessions.Terms terms) {
        if (holders.peek() == terms) {
            closed = true;
            listener.close();
            sessions.stopReading();
        }
    }

    /** Closes everything when nobody is left. */
    synchronized void letGo(Sessions.Terms terms) {
        holders.removeIf(held -> held == terms);
        if (holders.isEmpty()) {
            close();
        } else {
            sessions.under(holders.peek());
        }
    }

    @Override
    public synchronized boolean isOpen() {
        return !closed;
    }

    @Override
    public synchronized void close() {
        closed = true;
        listener.close();
        sessions.close();
    }
}
