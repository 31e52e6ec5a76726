package io.fluxrig.gears.tcp;

import io.fluxrig.gear.GearCommand;
import io.fluxrig.gear.GearError;
import io.fluxrig.gear.GearSetup;
import io.fluxrig.gear.Intake;
import io.fluxrig.gear.Intake.SignalClass;
import io.fluxrig.gear.Outcome;
import io.fluxrig.signal.Bytes;
import io.fluxrig.spec.Spec;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/** The actor of a link: hands signals to its connections in turn. Everything that reads stands on the network threads. */
final class TcpClient extends AbstractBehavior<GearCommand> {
    private final List<Link> links;
    private final Framing framing;
    private int turn;

    private TcpClient(ActorContext<GearCommand> context, List<Link> links, Framing framing) {
        super(context);
        this.links = links;
        this.framing = framing;
    }

    static Behavior<GearCommand> create(TcpClientSettings settings, GearSetup setup, Intake intake) {
        Framing framing =
                new Framing(settings.framing(), settings.spec().map(setup::spec).flatMap(Spec::header));
        Inbound inbound =
                new Inbound(settings.spec().map(setup::spec), settings.validation(), setup::count, SignalClass.REPLY);
        return Behaviors.setup(context -> {
            Readiness readiness = new Readiness(setup);
            List<Link> links = new ArrayList<>();
            for (int i = 0; i < settings.connections(); i++) {
                links.add(new Link(setup.name() + "#" + i, settings, framing, inbound, intake, readiness));
            }
            links.forEach(Link::start);
            return new TcpClient(context, links, framing);
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
                deliver(deliver.signal().msg().raw(), deliver.delivery());
                yield this;
            }
            // Replies to what is under way still have to come in.
            case GearCommand.Drain drain -> this;
            case GearCommand.Private nothing -> Behaviors.unhandled();
        };
    }

    private void deliver(Bytes raw, GearCommand.Delivery delivery) {
        if (raw.isEmpty() || raw.length() > framing.maxMessage()) {
            delivery.answer(Outcome.fail(
                    GearError.ENCODE,
                    "a message has 1 to " + framing.maxMessage() + " bytes, this would have " + raw.length()));
            return;
        }
        byte[] wire = framing.opening(raw);
        for (int i = 0; i < links.size(); i++) {
            turn = (turn + 1) % links.size();
            if (links.get(turn).send(wire, fate -> delivery.answer(outcomeOf(fate)))) {
                return;
            }
        }
        delivery.answer(Outcome.fail(GearError.LINK_DOWN, "no connection to the peer"));
    }

    private static Outcome outcomeOf(Sending.Fate fate) {
        return switch (fate) {
            case WRITTEN -> Outcome.sent();
            case CONGESTED -> Outcome.fail(GearError.LINK_CONGESTED, "the peer does not read");
            case CLOSED -> Outcome.fail(GearError.LINK_DOWN, "the connection closed before anything was written");
            case LOST -> Outcome.fail(GearError.LINK_LOST, "the connection broke in the middle of the message");
        };
    }

    private Behavior<GearCommand> stopped() {
        links.forEach(Link::stop);
        return this;
    }
}
