package io.fluxrig.node;

import io.fluxrig.gear.GearError;
import io.fluxrig.gear.Outcome;
import io.fluxrig.scenario.Passport;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.actor.typed.receptionist.Receptionist;

/**
 * The near end of a wire to another Rack: sends what waits in the order of its leaves, a bounded part of it at once, and again until it is taken. When nothing moves,
 * the two greet each other anew and the receiver says how far it is; nothing else is ever assumed of what has been sent.
 */
final class WireSender extends AbstractBehavior<WireSender.Command> {

    sealed interface Command permits Offer, Seen, Loaded, Recorded, Tick, WireTalk.ToSender {}

    /** One more signal, in the order of leaves. */
    record Offer(Parcel parcel) implements Command {}

    private record Seen(Set<ActorRef<WireTalk.ToReceiver>> receivers) implements Command {}

    /** What the vault holds of these leaves. */
    private record Loaded(Map<Long, StoredHand> stored, Throwable problem) implements Command {}

    /** That this leaf was not handed over is durable. */
    private record Recorded(long leaf) implements Command {}

    private enum Tick implements Command {
        INSTANCE
    }

    /** At once on their way. */
    private static final int WINDOW = 1024;

    private static final int WINDOW_BYTES = 4 << 20;
    private static final int BATCH = 128;
    private static final int BATCH_BYTES = 64 << 10;
    /** What waits behind these is read from the vault when its turn comes. */
    private static final int IN_MEMORY = 8_192;

    private static final long IN_MEMORY_BYTES = 16 << 20;
    private static final int READ_AT_ONCE = 2_048;
    private static final Duration LOOK_EVERY = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Duration MOST_PATIENCE = Duration.ofSeconds(15);

    private final HandOver.Party party;
    private final FarEnd end;
    private final Supplier<String> scenario;
    private final LongSupplier clock;
    private final Tap tap;
    private final SecureRandom random = new SecureRandom();
    private final Deque<Parcel> underWay = new ArrayDeque<>();
    private final Deque<Parcel> waiting = new ArrayDeque<>();
    private List<ActorRef<WireTalk.ToReceiver>> receivers = List.of();
    private ActorRef<WireTalk.ToReceiver> receiver;
    private int turn;
    private Bytes nonce = Bytes.EMPTY;
    /** That the other has proposed, and we have agreed to. */
    private Bytes proposed = Bytes.EMPTY;

    private Bytes session = Bytes.EMPTY;
    /** The last leaf that was sent in this session. */
    private long after;

    private long taken = -1;
    private long offered = -1;
    /** The highest leaf that the receiver can have: of a run before this one, or sent by it. */
    private long reach;
    /** Failures that are not durable yet. */
    private final NavigableSet<Long> failing = new TreeSet<>();

    private int bytesUnderWay;
    private long bytesWaiting;
    private boolean loading;
    private long movedAt;
    private Duration patience = PATIENCE;

    private WireSender(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            HandOver.Party party,
            FarEnd end,
            Supplier<String> scenario,
            long size,
            LongSupplier clock,
            Tap tap) {
        super(context);
        this.party = party;
        this.end = end;
        this.scenario = scenario;
        this.reach = size - 1;
        this.clock = clock;
        this.tap = tap;
        timers.startTimerWithFixedDelay(Tick.INSTANCE, LOOK_EVERY);
        ActorRef<Receptionist.Listing> seen = context.messageAdapter(
                Receptionist.Listing.class,
                listing -> new Seen(listing.getServiceInstances(WireReceiver.key(end.rack()))));
        context.getSystem().receptionist().tell(Receptionist.subscribe(WireReceiver.key(end.rack()), seen));
    }

    /**
     * @param scenario the name of what runs
     * @param size leaves that the log had when this run began
     */
    static Behavior<Command> create(
            HandOver.Party party, FarEnd end, Supplier<String> scenario, long size, LongSupplier clock, Tap tap) {
        return Behaviors.setup(context -> Behaviors.withTimers(
                timers -> new WireSender(context, timers, party, end, scenario, size, clock, tap)));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder().onAnyMessage(this::on).build();
    }

    private Behavior<Command> on(Command command) {
        switch (command) {
            case Offer offer -> offered(offer.parcel());
            case Seen seen -> seen(seen.receivers());
            case Loaded loaded -> loaded(loaded);
            case Recorded recorded -> {
                failing.remove(recorded.leaf());
                send();
            }
            case Tick tick -> look();
            case WireTalk.Welcome welcome -> welcomed(welcome);
            case WireTalk.Begun begun -> begun(begun);
            case WireTalk.NotNow no -> notNow(no);
            case WireTalk.Taken moved -> taken(moved);
            case WireTalk.Gone gone -> {
                if (isOurs(gone.session())) {
                    partAndGreet();
                }
            }
        }
        Parcel oldest = underWay.isEmpty() ? waiting.peek() : underWay.peek();
        end.oldest(oldest == null ? 0 : oldest.record().at());
        return this;
    }

    /**
     * Whatever is not above what the receiver has counts as known to it, so a leaf out of order would be lost: better the wire stops, and its Rack with it.
     */
    private void offered(Parcel parcel) {
        if (parcel.leaf() <= offered) {
            throw new IllegalStateException(
                    "leaf " + parcel.leaf() + " comes after leaf " + offered + " on the wire " + end.wire());
        }
        offered = parcel.leaf();
        waiting.add(parcel);
        bytesWaiting += parcel.bytes();
        if (waiting.size() > IN_MEMORY || bytesWaiting > IN_MEMORY_BYTES) {
            bytesWaiting -= parcel.bytes();
            parcel.rest();
            bytesWaiting += parcel.bytes();
        }
        send();
    }

    private void seen(Set<ActorRef<WireTalk.ToReceiver>> now) {
        receivers = List.copyOf(now);
        if (receiver == null || !now.contains(receiver)) {
            patience = PATIENCE;
            partAndGreet();
        }
    }

    private boolean isOpen() {
        return !session.isEmpty();
    }

    private boolean isOurs(Bytes itsSession) {
        return !itsSession.isEmpty() && (itsSession.equals(session) || itsSession.equals(proposed));
    }

    /** Whatever is under way may have arrived or not. */
    private void part() {
        while (!underWay.isEmpty()) {
            Parcel parcel = underWay.pollLast();
            bytesWaiting += parcel.bytes();
            waiting.addFirst(parcel);
        }
        bytesUnderWay = 0;
        if (isOpen()) {
            tap.copy(new Fact.Link(end.wire(), false));
        }
        session = Bytes.EMPTY;
        proposed = Bytes.EMPTY;
        nonce = Bytes.EMPTY;
        receiver = null;
    }

    private void partAndGreet() {
        part();
        movedAt = System.nanoTime();
        if (receivers.isEmpty() || !runs()) {
            end.is(FarEnd.State.AWAY, "");
            return;
        }
        receiver = receivers.get(Math.floorMod(turn++, receivers.size()));
        nonce = fresh();
        if (end.state() != FarEnd.State.REFUSED) {
            end.is(FarEnd.State.GREETING, "");
        }
        receiver.tell(new WireTalk.Hello(
                end.wire(),
                scenario.get(),
                party.passport(),
                nonce,
                getContext().getSelf().narrow()));
    }

    /** Before it does, no Rack can say whether it takes what comes of it; a Rack that is shut hands nothing over. */
    private boolean runs() {
        return !scenario.get().isEmpty();
    }

    private Bytes fresh() {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        return Bytes.wrap(bytes);
    }

    /** Nobody answers, or nothing moves: begin anew, ever more slowly. */
    private void look() {
        if (isOpen() && !runs()) {
            partAndGreet();
        }
        boolean nothingMoves = System.nanoTime() - movedAt > patience.toNanos();
        boolean waitsForAnswer = isOpen() ? !underWay.isEmpty() : !receivers.isEmpty();
        boolean mayBegin = end.state() == FarEnd.State.AWAY && !receivers.isEmpty() && runs();
        if (mayBegin) {
            partAndGreet();
        } else if (waitsForAnswer && nothingMoves) {
            patience = patience.multipliedBy(2).compareTo(MOST_PATIENCE) > 0 ? MOST_PATIENCE : patience.multipliedBy(2);
            partAndGreet();
        }
        closeWhatIsTooOld();
        send();
    }

    /** What may have arrived is for the receiver to judge. */
    private void closeWhatIsTooOld() {
        long now = clock.getAsLong();
        waiting.removeIf(parcel -> {
            boolean tooOld = !parcel.maybeThere() && parcel.expired(now);
            if (tooOld) {
                bytesWaiting -= parcel.bytes();
                fail(parcel, new Outcome.Failed(GearError.EXPIRED, "older than its sender waits"));
            }
            return tooOld;
        });
    }

    private void welcomed(WireTalk.Welcome welcome) {
        if (nonce.isEmpty() || !welcome.nonce().equals(nonce) || !proposed.isEmpty()) {
            return;
        }
        try {
            WirePledge pledge = mustBeTheOther(welcome);
            proposed = welcome.session();
            movedAt = System.nanoTime();
            receiver.tell(new WireTalk.Begin(
                    proposed,
                    pledge.sign(WirePledge.By.SENDER, party.identity().key()),
                    getContext().getSelf().narrow()));
        } catch (FluxException stranger) {
            refused(stranger);
        }
    }

    private void begun(WireTalk.Begun begun) {
        if (proposed.isEmpty() || isOpen() || !begun.session().equals(proposed)) {
            return;
        }
        try {
            mustNotBeAhead(begun.accepted());
        } catch (FluxException rolledBack) {
            refused(rolledBack);
            return;
        }
        session = proposed;
        movedAt = System.nanoTime();
        after = begun.accepted();
        if (begun.accepted() < taken) {
            getContext()
                    .getLog()
                    .warn(
                            "{} remembers less of the wire {} than it has acknowledged: its log was renewed or rolled back",
                            end.rack(),
                            end.wire());
        }
        end.is(FarEnd.State.OPEN, "");
        tap.copy(new Fact.Link(end.wire(), true));
        catchUp(begun);
        send();
    }

    /** @throws FluxException where who answers is not the Rack that the wire leads to */
    private WirePledge mustBeTheOther(WireTalk.Welcome welcome) {
        Passport passport =
                Passport.verify(welcome.passport().toArray(), party.trust().root());
        if (!passport.site().equals(party.site()) || !passport.name().equals(end.rack())) {
            throw new FluxException(NodeError.WIRE_STRANGER, "'" + passport.name() + "' answers for " + end.rack());
        }
        party.mustNotBeStopped(passport);
        WirePledge pledge =
                new WirePledge(party.identity().origin(), passport.origin(), end.wire(), nonce, welcome.session());
        pledge.mustBe(welcome.pledge(), WirePledge.By.RECEIVER, passport);
        return pledge;
    }

    /** A Rack that has more of this log than it can have been sent had it from another: this disk was rolled back, and new signals would be taken for old ones. */
    private void mustNotBeAhead(long accepted) {
        if (accepted > reach) {
            throw new FluxException(
                    NodeError.QUARANTINED,
                    end.rack() + " has leaf " + accepted + " of a log of which it was sent none beyond leaf " + reach);
        }
    }

    /** What the receiver has is taken or will be; what it has not is certainly not there. */
    private void catchUp(WireTalk.Begun begun) {
        while (!waiting.isEmpty() && waiting.peek().leaf() <= begun.accepted()) {
            Parcel parcel = waiting.poll();
            bytesWaiting -= parcel.bytes();
            if (parcel.leaf() <= begun.durable()) {
                isTaken(parcel);
            } else {
                parcel.maybeThere(true);
                bytesUnderWay += parcel.bytes();
                underWay.add(parcel);
            }
        }
        waiting.forEach(parcel -> parcel.maybeThere(false));
    }

    /**
     * Nothing above it leaves before that is durable: after a crash whatever is not above what the receiver has counts as handed over.
     */
    private void fail(Parcel parcel, Outcome.Failed why) {
        failing.add(parcel.leaf());
        ActorRef<Command> self = getContext().getSelf();
        parcel.failed(why, () -> self.tell(new Recorded(parcel.leaf())));
    }

    private void isTaken(Parcel parcel) {
        taken = Math.max(taken, parcel.leaf());
        parcel.taken();
    }

    private void taken(WireTalk.Taken moved) {
        if (!moved.session().equals(session) || !isOpen()) {
            return;
        }
        movedAt = System.nanoTime();
        patience = PATIENCE;
        while (!underWay.isEmpty() && underWay.peek().leaf() <= moved.upTo()) {
            Parcel parcel = underWay.poll();
            bytesUnderWay -= parcel.bytes();
            isTaken(parcel);
        }
        send();
    }

    private void notNow(WireTalk.NotNow no) {
        if (no.about().equals(nonce) || isOurs(no.about())) {
            refused(no.why());
        }
    }

    /** Greeted again after a while. */
    private void refused(FluxException why) {
        if (!end.why().equals(why.line())) {
            getContext().getLog().warn("the wire {} to {}: {}", end.wire(), end.rack(), why.line());
        }
        part();
        end.is(FarEnd.State.REFUSED, why.line());
        movedAt = System.nanoTime();
    }

    private void send() {
        while (isOpen() && underWay.size() < WINDOW && bytesUnderWay < WINDOW_BYTES && !waiting.isEmpty()) {
            long before = after;
            List<WireTalk.Hand> hands = batch();
            if (hands.isEmpty()) {
                return;
            }
            if (underWay.size() == hands.size()) {
                movedAt = System.nanoTime();
            }
            receiver.tell(new WireTalk.Hands(
                    session, before, hands, getContext().getSelf().narrow()));
        }
    }

    private List<WireTalk.Hand> batch() {
        List<WireTalk.Hand> hands = new ArrayList<>();
        int bytes = 0;
        long now = clock.getAsLong();
        while (hands.size() < BATCH && bytes < BATCH_BYTES && underWay.size() < WINDOW && !waiting.isEmpty()) {
            Parcel parcel = waiting.peek();
            if (parcel.expired(now)) {
                waiting.poll();
                bytesWaiting -= parcel.bytes();
                fail(parcel, new Outcome.Failed(GearError.EXPIRED, "older than its sender waits"));
                continue;
            }
            if (!failing.isEmpty() && failing.first() < parcel.leaf()) {
                break;
            }
            if (parcel.hand().isEmpty()) {
                load();
                break;
            }
            waiting.poll();
            bytesWaiting -= parcel.bytes();
            parcel.maybeThere(true);
            underWay.add(parcel);
            bytesUnderWay += parcel.bytes();
            bytes += parcel.bytes();
            after = parcel.leaf();
            reach = Math.max(reach, after);
            hands.add(parcel.hand().get());
        }
        return hands;
    }

    /** Reads the next ones from the vault, on a thread that may wait. */
    private void load() {
        if (loading) {
            return;
        }
        loading = true;
        Set<Long> wanted = new HashSet<>();
        for (Parcel parcel : waiting) {
            if (wanted.size() >= READ_AT_ONCE) {
                break;
            }
            if (parcel.hand().isEmpty()) {
                wanted.add(parcel.leaf());
            }
        }
        getContext().pipeToSelf(CompletableFuture.supplyAsync(() -> StoredHand.read(party, wanted)), Loaded::new);
    }

    private void loaded(Loaded loaded) {
        loading = false;
        if (loaded.problem() != null) {
            getContext().getLog().warn("the backlog of the wire {} cannot be read", end.wire(), loaded.problem());
            return;
        }
        Map<Long, StoredHand> stored = loaded.stored();
        waiting.removeIf(parcel -> {
            StoredHand its = stored.get(parcel.leaf());
            if (its == null || parcel.hand().isPresent()) {
                return false;
            }
            if (its.failure().isPresent() && !parcel.maybeThere()) {
                fail(parcel, its.failure().get());
                return true;
            }
            if (its.failure().isEmpty()) {
                parcel.read(its.spec(), its.msg());
                bytesWaiting += parcel.bytes();
            }
            return false;
        });
        // Nothing where there should be something: the next look tries again.
        if (!stored.isEmpty()) {
            send();
        }
    }
}
