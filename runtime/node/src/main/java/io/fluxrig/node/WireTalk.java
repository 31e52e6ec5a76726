package io.fluxrig.node;

import io.fluxrig.gear.Intake.SignalClass;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What the two ends of a wire between Racks say to each other. A session begins with both showing that they hold the key of their passport; within one, signals come
 * in the order of the sender's leaves, each named with the one before it.
 */
interface WireTalk {
    sealed interface ToReceiver extends WireTalk, WireReceiver.Command {}

    sealed interface ToSender extends WireTalk, WireSender.Command {}

    /** @param nonce fresh */
    record Hello(String wire, String scenario, Bytes passport, Bytes nonce, ActorRef<ToSender> replyTo)
            implements ToReceiver {}

    record Welcome(Bytes nonce, Bytes session, Bytes passport, Bytes pledge) implements ToSender {}

    /** Nothing is taken for now, and why; {@code about} is the nonce or the session. */
    record NotNow(Bytes about, FluxException why) implements ToSender {}

    record Begin(Bytes session, Bytes pledge, ActorRef<ToSender> replyTo) implements ToReceiver {}

    /**
     * From here on nothing of an earlier session is taken, so this is how far the wire is.
     *
     * @param accepted the sender's highest leaf that is here, perhaps not yet durable; -1 for none
     * @param durable the highest that is durable here
     */
    record Begun(Bytes session, long accepted, long durable) implements ToSender {}

    /** @param after the leaf of the signal before the first of these; -1 where there was none */
    record Hands(Bytes session, long after, List<Hand> hands, ActorRef<ToSender> replyTo) implements ToReceiver {}

    /**
     * @param leaf index of the egress leaf in the sender's log
     * @param expiresAt unix nanoseconds, 0 for never
     * @param spec names the spec that the message follows; empty for none
     * @param msg the encoded fluxMsg
     */
    record Hand(long leaf, SignalClass signalClass, long expiresAt, Bytes spec, Bytes msg) {}

    /** Everything up to this leaf is durable. */
    record Taken(Bytes session, long upTo) implements ToSender {}

    /** There is no such session, or something is missing in it: begin anew. */
    record Gone(Bytes session) implements ToSender {}
}
