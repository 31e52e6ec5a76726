package io.fluxrig.gear.testkit;

import io.fluxrig.gear.ActorGearType;
import io.fluxrig.gear.Draft;
import io.fluxrig.gear.GearCommand;
import io.fluxrig.gear.GearError;
import io.fluxrig.gear.GearSetup;
import io.fluxrig.gear.Intake;
import io.fluxrig.signal.FluxEntityId;
import io.fluxrig.spec.Spec;
import java.nio.channels.Channel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorSystem;

/** Two gears of one kind and the same settings beside each other, as they stand for a moment in every change of a scenario. */
final class TwinTrial<S extends Record> {
    /** A gear that waits for a peer is never ready, and that is fine. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final ActorGearType<S> type;
    private final S settings;
    private final TrialSetup specs;
    private final Map<String, Channel> held = new HashMap<>();
    private final Set<String> asked = new HashSet<>();
    private final List<ActorSystem<GearCommand>> running = new ArrayList<>();

    private TwinTrial(ActorGearType<S> type, S settings, Map<String, Spec> specs) {
        this.type = type;
        this.settings = settings;
        this.specs = new TrialSetup(specs);
    }

    static <S extends Record> List<String> findings(ActorGearType<S> type, S settings, Map<String, Spec> specs) {
        TwinTrial<S> trial = new TwinTrial<>(type, settings, specs);
        try {
            return trial.run();
        } finally {
            trial.running.forEach(ActorSystem::terminate);
        }
    }

    private List<String> run() {
        List<String> findings = new ArrayList<>();
        Optional<String> alone = start("first");
        if (alone.isPresent()) {
            return List.of("it does not start with these settings: " + alone.get());
        }
        Set<String> declared = type.exclusive(settings);
        if (!asked.equals(declared)) {
            findings.add("it names " + declared + " as exclusive and asks GearSetup.exclusive for " + asked
                    + ": a change of scenario plans by the one and hands over by the other");
        }
        start("second")
                .ifPresent(why -> findings.add("a second one with the same settings does not start beside the first ("
                        + why + "), so no change of scenario can replace it: what there is only one of is named by"
                        + " GearType.exclusive and taken from GearSetup.exclusive"));
        return findings;
    }

    /** What stopped it, if anything did. */
    private Optional<String> start(String which) {
        CompletableFuture<Void> ready = new CompletableFuture<>();
        try {
            ActorSystem<GearCommand> gear =
                    ActorSystem.create(type.create(settings, new Setup(ready), new Closed()), which);
            running.add(gear);
            CompletableFuture<?> ended = gear.getWhenTerminated().toCompletableFuture();
            CompletableFuture.anyOf(ready, ended).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            return ended.isDone() ? Optional.of("its actor stopped") : Optional.empty();
        } catch (TimeoutException stillWaiting) {
            return Optional.empty();
        } catch (ExecutionException | RuntimeException refused) {
            return Optional.of(refused.getClass().getSimpleName());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private final class Setup implements GearSetup {
        private final CompletableFuture<Void> ready;

        Setup(CompletableFuture<Void> ready) {
            this.ready = ready;
        }

        @Override
        public String name() {
            return specs.name();
        }

        @Override
        public FluxEntityId id() {
            return specs.id();
        }

        @Override
        public Spec spec(String reference) {
            return specs.spec(reference);
        }

        @Override
        public <T extends Channel> T exclusive(String resource, Class<T> kind, Supplier<T> open) {
            synchronized (held) {
                asked.add(resource);
                if (!kind.isInstance(held.get(resource))) {
                    held.put(resource, open.get());
                }
                return kind.cast(held.get(resource));
            }
        }

        @Override
        public void ready(boolean now) {
            if (now) {
                ready.complete(null);
            }
        }
    }

    /** Nothing comes in here. */
    private static final class Closed implements Intake {
        @Override
        public Admission offer(String port, SignalClass signalClass, Draft draft, long expiresAt, Consumer<End> ended) {
            return new Refused(GearError.DRAINING);
        }

        @Override
        public Admission answer(String inPort, Draft draft) {
            return new Refused(GearError.DRAINING);
        }

        @Override
        public void whenCredit(SignalClass signalClass, Runnable then) {
            // There never is any.
        }
    }
}
