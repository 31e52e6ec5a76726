package io.fluxrig.node;

import io.fluxrig.gear.GearError;
import io.fluxrig.gear.Intake;
import io.fluxrig.scenario.Passport;
import io.fluxrig.scenario.Scenario;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.FluxMsg;
import io.fluxrig.signal.Value;
import io.fluxrig.spec.Spec;
import io.fluxrig.vault.Arrivals;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.apache.pekko.actor.typed.receptionist.ServiceKey;

/**
 * Takes in what other Racks hand over: only by wires that the scenario of this Rack has from them, in the order of their leaves, each leaf once. What is taken is
 * acknowledged when its {@code ingress} leaf is durable; without credit it waits, and so does what comes behind it on its wire.
 */
final class WireReceiver extends AbstractBehavior<WireReceiver.Command> {

    sealed interface Command permits Durable, Again, Tell, WireTalk.ToReceiver {}

    /** The leaf of this arrival is durable. */
    private record Durable(Inbox inbox, long leaf) implements Command {}

    /** What was held may go on. */
    private record Again(Inbox inbox) implements Command {}

    /** Behind everything that became durable meanwhile. */
    private record Tell(Inbox inbox) implements Command {}

    private static final Duration HELD_FOR = Duration.ofMillis(20);

    private final HandOver.Party party;
    private final HandOver handOver;
    private final RackBoard board;
    private final TimerScheduler<Command> timers;
    private final SecureRandom random = new SecureRandom();
    private final Map<Arrivals.Way, Inbox> inboxes = new HashMap<>();
    private final Map<Arrivals.Way, Long> positions;

    private WireReceiver(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            HandOver.Party party,
            HandOver handOver,
            RackBoard board,
            Map<Arrivals.Way, Long> positions) {
        super(context);
        this.timers = timers;
        this.party = party;
        this.handOver = handOver;
        this.board = board;
        this.positions = positions;
        context.getSystem()
                .receptionist()
                .tell(Receptionist.register(key(party.rack()), context.getSelf().narrow()));
    }

    /** @param positions how far each wire is, as the vault tells */
    static Behavior<Command> create(
            HandOver.Party party, HandOver handOver, RackBoard board, Map<Arrivals.Way, Long> positions) {
        return Behaviors.setup(context ->
                Behaviors.withTimers(timers -> new WireReceiver(context, timers, party, handOver, board, positions)));
    }

    /** Under which a Rack is found, wherever it runs and without the Mixer. */
    static ServiceKey<WireTalk.ToReceiver> key(String rack) {
        return ServiceKey.create(WireTalk.ToReceiver.class, "wires-to-" + rack);
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder().onAnyMessage(this::on).build();
    }

    private Behavior<Command> on(Command command) {
        switch (command) {
            case WireTalk.Hello hello -> greeted(hello);
            case WireTalk.Begin begin -> begun(begin);
            case WireTalk.Hands hands -> handed(hands);
            case Durable durable -> durable(durable);
            case Again again -> takeIn(again.inbox());
            case Tell tell -> tell(tell.inbox());
        }
        return this;
    }

    private void greeted(WireTalk.Hello hello) {
        try {
            Passport passport = passportIn(hello);
            mustLeadHere(hello, passport);
            Arrivals.Way way = new Arrivals.Way(passport.origin(), hello.wire());
            Inbox inbox = inboxes.computeIfAbsent(way, w -> new Inbox(w, positions.getOrDefault(w, -1L)));
            Bytes session = fresh();
            WirePledge pledge =
                    new WirePledge(way.from(), party.identity().origin(), way.wire(), hello.nonce(), session);
            inbox.expects(passport, pledge);
            hello.replyTo()
                    .tell(new WireTalk.Welcome(
                            hello.nonce(),
                            session,
                            party.passport(),
                            pledge.sign(WirePledge.By.RECEIVER, party.identity().key())));
        } catch (FluxException no) {
            getContext().getLog().info("a wire '{}' is not taken: {}", printable(hello.wire()), no.line());
            hello.replyTo().tell(new WireTalk.NotNow(hello.nonce(), no));
        }
    }

    private Passport passportIn(WireTalk.Hello hello) {
        try {
            return Passport.verify(hello.passport().toArray(), party.trust().root());
        } catch (RuntimeException forged) {
            throw new FluxException(NodeError.WIRE_STRANGER, "no root key has signed who greets", forged);
        }
    }

    private static String printable(String text) {
        return text.matches("[A-Za-z0-9_.>-]{1,300}") ? text : "?";
    }

    private Bytes fresh() {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        return Bytes.wrap(bytes);
    }

    /** The scenario that runs here decides, whatever the sender runs. */
    private void mustLeadHere(WireTalk.Hello hello, Passport sender) {
        if (handOver.isHalted()) {
            throw new FluxException(NodeError.WIRE_UNKNOWN, "'" + party.rack() + "' takes nothing more");
        }
        if (!sender.site().equals(party.site())) {
            throw new FluxException(NodeError.WIRE_STRANGER, "'" + sender.name() + "' is of another site");
        }
        party.mustNotBeStopped(sender);
        mustBeItsNewestLog(sender);
        Scenario scenario = board.activation()
                .orElseThrow(() -> new FluxException(NodeError.WIRE_UNKNOWN, "nothing runs here yet"))
                .scenario()
                .scenario();
        Optional<Wiring.Arrival> arrival = arrival(hello.wire());
        if (!scenario.name().equals(hello.scenario())
                || arrival.isEmpty()
                || sender.name().equals(party.rack())
                || !scenario.mayBeginAt(arrival.get().wire(), sender.name())) {
            throw new FluxException(
                    NodeError.WIRE_UNKNOWN,
                    "what runs on " + party.rack() + " has no such wire from '" + sender.name() + "'");
        }
    }

    /** A copy of a disk from before its Rack was renewed speaks for a log that has ended. */
    private void mustBeItsNewestLog(Passport sender) {
        String logs = sender.origin().substring(0, sender.origin().lastIndexOf('/') + 1);
        long newest = Stream.concat(positions.keySet().stream(), inboxes.keySet().stream())
                .filter(way -> way.from().startsWith(logs))
                .mapToLong(way -> Long.parseLong(way.from().substring(logs.length())))
                .max()
                .orElse(0);
        if (sender.generation() < newest) {
            throw new FluxException(
                    NodeError.WIRE_STRANGER,
                    "'" + sender.name() + "' shows generation " + sender.generation() + " of its log, and generation "
                            + newest + " has been here");
        }
    }

    private Optional<Wiring.Arrival> arrival(String wire) {
        return board.activation().flatMap(a -> a.pipeline().wiring().arrival(wire));
    }

    private void begun(WireTalk.Begin begin) {
        for (Inbox inbox : inboxes.values()) {
            if (inbox.expects(begin.session())) {
                try {
                    inbox.begin(begin);
                    inbox.tell(new WireTalk.Begun(inbox.session(), inbox.accepted(), inbox.durable()));
                } catch (FluxException stranger) {
                    getContext().getLog().warn("the wire {}: {}", inbox.way().wire(), stranger.line());
                    begin.replyTo().tell(new WireTalk.NotNow(begin.session(), stranger));
                }
                return;
            }
        }
        begin.replyTo().tell(new WireTalk.Gone(begin.session()));
    }

    private void handed(WireTalk.Hands hands) {
        if (handOver.isHalted()) {
            hands.replyTo().tell(new WireTalk.Gone(hands.session()));
            return;
        }
        Optional<Inbox> open =
                inboxes.values().stream().filter(i -> i.isIn(hands.session())).findFirst();
        if (open.isEmpty() || !isHeardOn(open.get()) || !open.get().hold(hands)) {
            open.ifPresent(Inbox::close);
            hands.replyTo().tell(new WireTalk.Gone(hands.session()));
            return;
        }
        takeIn(open.get());
    }

    private boolean isHeardOn(Inbox inbox) {
        return inbox.owner().filter(party.mixers()::isStopped).isEmpty();
    }

    /** Takes in as much as there is credit for. */
    private void takeIn(Inbox inbox) {
        while (!inbox.isEmpty()) {
            WireTalk.Hand hand = inbox.next();
            switch (inbox.judge()) {
                case DUPLICATE -> inbox.drop();
                case GAP -> {
                    inbox.tell(new WireTalk.Gone(inbox.session()));
                    inbox.close();
                }
                case NEXT -> {
                    if (!takeIn(inbox, hand)) {
                        return;
                    }
                }
            }
        }
        askToTell(inbox);
    }

    /** False where it has to wait, or is refused. */
    private boolean takeIn(Inbox inbox, WireTalk.Hand hand) {
        try {
            Optional<Wiring.Arrival> arrival = arrival(inbox.way().wire());
            FluxMsg msg = messageIn(hand);
            if (arrival.isEmpty() || handOver.isHere(msg.id())) {
                later(inbox);
                return false;
            }
            ActorRef<Command> self = getContext().getSelf();
            Arrived arrived = new Arrived(msg, specOf(hand), hand.signalClass(), hand.expiresAt(), note(inbox, hand));
            Intake.Admission admission =
                    Pipeline.arrive(arrival.get(), arrived, entry -> self.tell(new Durable(inbox, hand.leaf())));
            if (admission instanceof Intake.Refused refused) {
                waitFor(inbox, arrival.get(), hand, refused);
                return false;
            }
            inbox.accept();
            return true;
        } catch (FluxException unusable) {
            getContext().getLog().warn("the wire {}: {}", inbox.way().wire(), unusable.line());
            inbox.tell(new WireTalk.NotNow(inbox.session(), unusable));
            inbox.close();
            return false;
        }
    }

    /** Whose leaf it was, and until when somebody waits: after a crash nobody else knows. */
    private static FluxMap note(Inbox inbox, WireTalk.Hand hand) {
        FluxMap note = FluxMap.EMPTY.with(Arrivals.FROM, inbox.way().from()).with(Arrivals.LEAF, Value.of(hand.leaf()));
        return hand.expiresAt() == 0 ? note : note.with(FarEnd.EXPIRES, Value.of(hand.expiresAt()));
    }

    private static FluxMsg messageIn(WireTalk.Hand hand) {
        try {
            return FluxMsg.decode(hand.msg().toArray());
        } catch (RuntimeException malformed) {
            throw new FluxException(NodeError.WIRE_STRANGER, "what was handed over is no fluxMsg", malformed);
        }
    }

    /** The sender may run what this Rack does not run yet. */
    private Optional<Spec> specOf(WireTalk.Hand hand) {
        if (hand.spec().isEmpty()) {
            return Optional.empty();
        }
        Optional<Spec> spec = board.activation().flatMap(a -> a.specOf(hand.spec()));
        if (spec.isEmpty()) {
            throw new FluxException(
                    NodeError.WIRE_UNKNOWN,
                    "what runs on " + party.rack() + " does not know the spec "
                            + hand.spec().hex().substring(0, 16) + " of what comes");
        }
        return spec;
    }

    private void waitFor(Inbox inbox, Wiring.Arrival arrival, WireTalk.Hand hand, Intake.Refused refused) {
        if (refused.code() != GearError.BUSY) {
            later(inbox);
            return;
        }
        ActorRef<Command> self = getContext().getSelf();
        if (inbox.registersForCredit()) {
            arrival.target().gear().pipeline().credits().whenFree(hand.signalClass(), () -> {
                inbox.registered(false);
                self.tell(new Again(inbox));
            });
        }
        later(inbox);
    }

    private void later(Inbox inbox) {
        timers.startSingleTimer(inbox, new Again(inbox), HELD_FOR);
    }

    private void durable(Durable durable) {
        durable.inbox().durable(durable.leaf());
        askToTell(durable.inbox());
    }

    private void askToTell(Inbox inbox) {
        if (inbox.asksToTell()) {
            getContext().getSelf().tell(new Tell(inbox));
        }
    }

    private void tell(Inbox inbox) {
        inbox.toldNow();
        if (inbox.isOpen()) {
            inbox.tell(new WireTalk.Taken(inbox.session(), inbox.durable()));
        }
    }
}
