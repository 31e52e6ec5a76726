package io.fluxrig.gears.tcp;

import io.fluxrig.gear.GearCommand;
import io.fluxrig.gear.GearError;
import io.fluxrig.gear.GearSetup;
import io.fluxrig.gear.Intake;
import io.fluxrig.gear.Outcome;
import io.fluxrig.gear.Signal;
import io.fluxrig.signal.Bytes;
import io.fluxrig.spec.Spec;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/** The actor of a listening port: hands replies to sessions. Everything that reads stands on the network threads. */
final class TcpServer extends AbstractBehavior<GearCommand> {
    private final Sessions sessions;
    private final Listener listener;
    private final Framing framing;
    private final GearSetup setup;

    private TcpServer(
            ActorContext<GearCommand> context, Sessions sessions, Listener listener, Framing framing, GearSetup setup) {
        super(context);
        this.sessions = sessions;
        this.listener = listener;
        this.framing = framing;
        this.setup = setup;
    }

    /** The port is taken when this returns; connections are accepted once the behaviour runs. */
    static Behavior<GearCommand> create(TcpServerSettings settings, GearSetup setup, Intake intake) {
        Framing framing =
                new Framing(settings.framing(), settings.spec().map(setup::spec).flatMap(Spec::header));
        Sessions sessions = new Sessions(settings, setup, intake, framing);
        Listener listener = Listener.bind(Address.parse(settings.listen()).orElseThrow(), sessions);
        return Behaviors.setup(context -> {
            listener.start();
            setup.ready(true);
            return new TcpServer(context, sessions, listener, framing, setup);
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
                listener.close();
                sessions.stopReading();
                yield this;
            }
            case GearCommand.Private nothing -> Behaviors.unhandled();
        };
    }

    private void deliver(Signal signal, GearCommand.Delivery delivery) {
        Bytes raw = signal.msg().raw();
        if (raw.isEmpty() || raw.length() > framing.maxMessage()) {
            delivery.answer(Outcome.fail(
                    GearError.ENCODE,
                    "a message has 1 to " + framing.maxMessage() + " bytes, this would have " + raw.length()));
            return;
        }
        Session session = sessions.find(signal.msg().meta().getOrDefault(Session.META, ""));
        if (session == null) {
            delivery.answer(Outcome.fail(GearError.SENDER_GONE, "its connection is closed"));
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
        listener.close();
        sessions.close();
        return this;
    }
}
