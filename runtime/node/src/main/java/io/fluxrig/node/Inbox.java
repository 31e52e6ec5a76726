package io.fluxrig.node;

import io.fluxrig.scenario.Passport;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import io.fluxrig.vault.Arrivals;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.actor.typed.ActorRef;

/** How far one wire from one Rack is, and who may say more on it. Belongs to the receiver. */
final class Inbox {
    /** More than an honest sender has under way. */
    static final int MAX_HELD = 4_096;

    /** What a signal is to this wire. */
    enum Judgement {
        NEXT,
        DUPLICATE,
        /** Something is missing before it. */
        GAP
    }

    /** @param after the leaf of the signal before it */
    private record Held(long after, WireTalk.Hand hand) {}

    private final Arrivals.Way way;
    private final Deque<Held> held = new ArrayDeque<>();
    private final AtomicBoolean registered = new AtomicBoolean();
    private Passport expected;
    private Passport owner;
    private WirePledge pledge;
    private Bytes session = Bytes.EMPTY;
    private ActorRef<WireTalk.ToSender> sender;
    private long accepted;
    private long durable;
    private boolean tells;

    /** @param position the highest leaf of the sender that is here; -1 for none */
    Inbox(Arrivals.Way way, long position) {
        this.way = way;
        this.accepted = position;
        this.durable = position;
    }

    Arrivals.Way way() {
        return way;
    }

    /** Somebody with this passport was greeted; whoever was before goes on until it is proven. */
    void expects(Passport passport, WirePledge its) {
        expected = passport;
        pledge = its;
    }

    boolean expects(Bytes itsSession) {
        return pledge != null && pledge.session().equals(itsSession);
    }

    /** @throws FluxException STRANGER where it is not the Rack of that passport */
    void begin(WireTalk.Begin begin) {
        WirePledge its = pledge;
        pledge = null;
        its.mustBe(begin.pledge(), WirePledge.By.SENDER, expected);
        held.clear();
        owner = expected;
        session = its.session();
        sender = begin.replyTo();
    }

    boolean isOpen() {
        return !session.isEmpty();
    }

    boolean isIn(Bytes itsSession) {
        return isOpen() && session.equals(itsSession);
    }

    Bytes session() {
        return session;
    }

    /** Whose session it is; empty before the first. */
    Optional<Passport> owner() {
        return Optional.ofNullable(owner);
    }

    void close() {
        session = Bytes.EMPTY;
        held.clear();
    }

    /** False where that is more than anybody may have under way. */
    boolean hold(WireTalk.Hands hands) {
        if (held.size() + hands.hands().size() > MAX_HELD) {
            return false;
        }
        long before = hands.after();
        for (WireTalk.Hand hand : hands.hands()) {
            held.add(new Held(before, hand));
            before = hand.leaf();
        }
        return true;
    }

    boolean isEmpty() {
        return held.isEmpty();
    }

    WireTalk.Hand next() {
        return held.peek().hand();
    }

    Judgement judge() {
        Held next = held.peek();
        if (next.hand().leaf() <= accepted) {
            return Judgement.DUPLICATE;
        }
        return next.after() == accepted ? Judgement.NEXT : Judgement.GAP;
    }

    void drop() {
        held.poll();
    }

    /** The next one is on its way into the vault. */
    void accept() {
        accepted = held.poll().hand().leaf();
    }

    void durable(long leaf) {
        durable = Math.max(durable, leaf);
    }

    long accepted() {
        return accepted;
    }

    long durable() {
        return durable;
    }

    void tell(WireTalk.ToSender what) {
        if (sender != null) {
            sender.tell(what);
        }
    }

    /** True where nobody has asked yet to tell the sender how far it is. */
    boolean asksToTell() {
        boolean first = !tells;
        tells = true;
        return first;
    }

    void toldNow() {
        tells = false;
    }

    /** True where it does not wait for credit yet. */
    boolean registersForCredit() {
        return registered.compareAndSet(false, true);
    }

    void registered(boolean now) {
        registered.set(now);
    }
}
