package io.fluxrig.gear;

import io.fluxrig.signal.ErrorCode;

/** Trouble that gears meet. */
public enum GearError implements ErrorCode {
    CRASHED(
            3001,
            Category.EXTERNAL,
            "A gear threw an exception while it handled a signal",
            "look up the exception's type in the log and mend the gear; the signal was closed"),
    SETTINGS(3002, Category.FINDINGS, "A gear's settings are wrong", "see 'fluxrig gears doc TYPE' for what it takes"),
    UNREADABLE(
            3003,
            Category.EXTERNAL,
            "A frame cannot be read by the port's spec",
            "compare the frame with the spec at the named field and offset"),
    BUSY(
            3004,
            Category.EXHAUSTED,
            "No credit is left for another signal of this class",
            "wait; raise limits if the Rack has room"),
    EXPIRED(
            3005,
            Category.EXTERNAL,
            "The sender no longer waits for this request",
            "look for what holds signals up: disk, link or gear"),
    LINK_DOWN(
            3006,
            Category.EXTERNAL,
            "The link to the peer is down; nothing was written",
            "bring the peer or the network back; the gear reconnects by itself"),
    LINK_CONGESTED(
            3007,
            Category.EXHAUSTED,
            "The peer does not read; nothing was written",
            "look at the peer; signals are refused until it reads again"),
    LINK_LOST(
            3008,
            Category.EXTERNAL,
            "The link broke while the signal was being written; the peer may have it",
            "clear it up with the peer; it is never sent again by itself"),
    SENDER_GONE(
            3009,
            Category.EXTERNAL,
            "The connection that asked is gone, so the answer could not be delivered",
            "the sender will ask about it; 'audit list --in-doubt' names it"),
    NO_ROUTE(
            3010, Category.EXTERNAL, "No route takes this signal", "add the route, or wire the port for what has none"),
    NO_FIELD(3011, Category.EXTERNAL, "A field that the gear needs is missing", "compare the message with the spec"),
    GEAR_STOPPED(
            3012,
            Category.EXTERNAL,
            "The gear was stopped because it kept failing",
            "mend its cause and activate the scenario again"),
    ENCODE(
            3013,
            Category.EXTERNAL,
            "A message does not fit its spec and could not be encoded",
            "compare the fields with the spec"),
    PORT_IN_USE(
            3014,
            Category.EXTERNAL,
            "A port cannot be listened on",
            "stop the program that holds it, or choose another port"),
    FRAME(
            3015,
            Category.EXTERNAL,
            "A peer breaks the framing of the port",
            "look at the peer's length header; the connection was closed"),
    DUPLICATE_KEY(
            3016,
            Category.EXTERNAL,
            "A request with the same key is still open",
            "the sender must use a new trace number"),
    NO_ANSWER(
            3017,
            Category.EXTERNAL,
            "The peer did not answer in time",
            "look at the peer; the outcome there is in doubt"),
    DRAINING(
            3018,
            Category.EXHAUSTED,
            "The Rack is shutting down and takes no new signals",
            "send it to another Rack, or again later"),
    ANSWERED(
            3019,
            Category.EXTERNAL,
            "A second answer to a request; it was not sent",
            "look at what the first one said; the leaf names the request"),
    VIOLATION(
            3030,
            Category.EXTERNAL,
            "A message breaks the rules of its spec and the port enforces them",
            "the note of its leaf names each element and rule; compare the sender with the spec");

    private final int number;
    private final Category category;
    private final String summary;
    private final String advice;

    GearError(int number, Category category, String summary, String advice) {
        this.number = number;
        this.category = category;
        this.summary = summary;
        this.advice = advice;
    }

    @Override
    public int number() {
        return number;
    }

    @Override
    public Category category() {
        return category;
    }

    @Override
    public String summary() {
        return summary;
    }

    @Override
    public String advice() {
        return advice;
    }
}
