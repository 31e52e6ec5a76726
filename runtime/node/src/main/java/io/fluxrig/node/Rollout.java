package io.fluxrig.node;

import io.fluxrig.signal.FluxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/** Asks Racks, one wave after the other, and collects what they say. A wave in which one refuses is the last. */
final class Rollout extends AbstractBehavior<Rollout.Command> {

    sealed interface Command {}

    private record Answered(String rack, Report report) implements Command {}

    /** Racks that are asked at the same time, and what. */
    record Wave(
            Map<String, ActorRef<Rack.Command>> racks,
            Function<ActorRef<Report>, Rack.Command> question,
            Duration patience) {}

    private final List<Wave> waves;
    private final Consumer<Map<String, Report>> told;
    private final Map<String, Report> reports = new TreeMap<>();
    private int missing;

    private Rollout(ActorContext<Command> context, List<Wave> waves, Consumer<Map<String, Report>> told) {
        super(context);
        this.waves = new ArrayList<>(waves);
        this.told = told;
    }

    /** @param told what each Rack said; from this actor's thread */
    static Behavior<Command> create(List<Wave> waves, Consumer<Map<String, Report>> told) {
        return Behaviors.setup(context -> new Rollout(context, waves, told).next());
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder().onMessage(Answered.class, this::answered).build();
    }

    private Behavior<Command> next() {
        while (!waves.isEmpty()) {
            Wave wave = waves.removeFirst();
            missing = wave.racks().size();
            wave.racks()
                    .forEach((name, rack) -> getContext()
                            .ask(
                                    Report.class,
                                    rack,
                                    wave.patience(),
                                    replyTo -> wave.question().apply(replyTo),
                                    (report, silence) -> new Answered(name, report == null ? silent(name) : report)));
            if (missing > 0) {
                return this;
            }
        }
        told.accept(new LinkedHashMap<>(reports));
        return Behaviors.stopped();
    }

    private static Report silent(String rack) {
        return new Report.Refused(new FluxException(NodeError.SILENT, "'" + rack + "' has not answered in time"));
    }

    private Behavior<Command> answered(Answered answered) {
        reports.put(answered.rack(), answered.report());
        missing--;
        if (missing > 0) {
            return this;
        }
        if (reports.values().stream().anyMatch(Report.Refused.class::isInstance)) {
            waves.stream()
                    .flatMap(wave -> wave.racks().keySet().stream())
                    .forEach(rack -> reports.put(
                            rack,
                            new Report.Refused(
                                    new FluxException(NodeError.NOT_ASKED, "the first Rack has refused it"))));
            waves.clear();
        }
        return next();
    }
}
