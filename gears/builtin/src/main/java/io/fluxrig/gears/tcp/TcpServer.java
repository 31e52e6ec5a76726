package io.fluxrig.gears.tcp;

import io.fluxrig.gear.GearCommand;
import io.fluxrig.gear.GearError;
import io.fluxrig.gear.GearSetup;
import io.fluxrig.gear.Intake;
import io.fluxrig.gear.Outcome;
import io.fluxrig.gear.Signal;
import io.fluxrig.signal.Bytes;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/** The actor of a listening port: hands replies to sessions. Everything that reads stands on the network threads. */
final class TcpServer extends AbstractBehavior<GearCommand> {
    private final ListeningPort port;
    private final Sessions.Terms terms;
    private final GearSetup setup;

    private TcpServer(ActorContext<GearCommand> context, ListeningPort port, Sessions.Terms terms, GearSetup setup) {
        super(context);
        this.port = port;
        this.terms = terms;
        this.setup = setup;
    }

    /** The port is taken when this returns; connections are accepted once the behaviour runs, or go on where another gear had it. */
    static Behavior<GearCommand> create(TcpServerSettings settings, GearSetup setup, Intake intake) {
        Sessions.Terms terms = Sessions.Terms.of(settings, setup, intake);
        ListeningPort port = setup.exclusive(
                TcpServerType.resource(settings),
                ListeningPort.class,
                () -> ListeningPort.bind(Address.parse(settings.listen()).orElseThrow(), terms));
        if (!port.take(terms)) {
            setup.ready(true);
        }
        return Behaviors.setup(context -> {
            port.start();
            setup.ready(true);
            return new TcpServer(context, port, terms, setup);
        });
    }

    @Override
    public Receive<GearCommand> createReceive() {
        return newReceiveBuilder()
                .onMessage(GearCommand.class, this::on)
                .onSignal(PostStop.class, signal -> stopped())
                .build();
    }

    private Behavior<GearCommand> on(GearCommand command) {
        return switch (command) {
            case GearCommand.Deliver deliver -> {
                deliver(deliver.signal(), deliver.delivery());
                yield this;
            }
            case GearCommand.Drain drain -> {
                port.drain(terms);
                yield this;
            }
            case GearCommand.Private nothing -> Behaviors.unhandled();
        };
    }

    private void deliver(Signal signal, GearCommand.Delivery delivery) {
        Bytes raw = signal.msg().raw();
        if (raw.isEmpty() || raw.length() > terms.framing().maxMessage()) {
            delivery.answer(Outcome.fail(
                    GearError.ENCODE,
                    "a message has 1 to " + terms.framing().maxMessage() + " bytes, this would have " + raw.length()));
            return;
        }
        Session session = port.sessions().find(signal.msg().meta().getOrDefault(Session.META, ""));
        if (session == null) {
            delivery.answer(Outcome.fail(GearError.SENDER_GONE, "its connection is closed"));
            return;
        }
        if (!session.answers().mayBeWritten(signal.msg().refId())) {
            delivery.answer(Outcome.fail(GearError.ANSWERED, "its sender was told before that it had failed"));
            return;
        }
        session.send(raw, signal.msg().meta(), fate -> delivery.answer(outcomeOf(fate)));
    }

    private static Outcome outcomeOf(Sending.Fate fate) {
        return switch (fate) {
            case WRITTEN -> Outcome.sent();
            case CONGESTED -> Outcome.fail(GearError.LINK_CONGESTED, "the sender does not read its replies");
            case CLOSED -> Outcome.fail(GearError.SENDER_GONE, "its connection was closed before anything was written");
            case LOST -> Outcome.fail(GearError.LINK_LOST, "its connection broke in the middle of the reply");
        };
    }

    private Behavior<GearCommand> stopped() {
        setup.ready(false);
        port.letGo(terms);
        return this;
    }
}
