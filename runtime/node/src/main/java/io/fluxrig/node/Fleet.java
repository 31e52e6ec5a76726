package io.fluxrig.node;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.pekko.actor.typed.ActorRef;

/** The Racks that have said that they are here, and the waves in which they are asked for something. */
final class Fleet {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Map<String, Mixer.Here> racks = new TreeMap<>();

    /** Whether that is news. */
    boolean heard(Mixer.Here here) {
        return !here.equals(racks.put(here.rack(), here));
    }

    /** It has stopped, or its node is no member any more. */
    void left(Mixer.Gone gone) {
        racks.computeIfPresent(gone.rack(), (name, here) -> here.ref().equals(gone.ref()) ? null : here);
    }

    /** What it says next is news. */
    Optional<Mixer.Here> forget(String rack) {
        return Optional.ofNullable(racks.remove(rack));
    }

    Map<String, Mixer.Here> all() {
        return Map.copyOf(racks);
    }

    Rollout.Wave check(Bytes roster, Bytes file) {
        return new Rollout.Wave(refs(rack -> true), ref -> new Rack.Check(roster, file, ref), PATIENCE);
    }

    Rollout.Wave govern(Bytes roster, Bytes file) {
        return new Rollout.Wave(refs(rack -> true), ref -> new Rack.Govern(roster, file, ref), PATIENCE);
    }

    /** One Rack alone, which missed it. */
    static Rollout.Wave catchUp(Bytes roster, Bytes file, Mixer.Here late) {
        return activate(roster, file, Map.of(late.rack(), late.ref()), Optional.empty());
    }

    /** Everybody, the canary first. */
    List<Rollout.Wave> activate(Bytes roster, Bytes file, Optional<Mixer.Canary> canary) {
        List<Rollout.Wave> waves = new ArrayList<>();
        canary.ifPresent(first -> {
            if (!racks.containsKey(first.rack())) {
                throw new FluxException(NodeError.NOT_ENROLLED, "no Rack '" + first.rack() + "' is here");
            }
            waves.add(activate(roster, file, refs(first.rack()::equals), Optional.of(first.quiet())));
        });
        Predicate<String> others =
                rack -> canary.isEmpty() || !canary.get().rack().equals(rack);
        waves.add(activate(roster, file, refs(others), Optional.empty()));
        return waves;
    }

    private static Rollout.Wave activate(
            Bytes roster, Bytes file, Map<String, ActorRef<Rack.Command>> which, Optional<Duration> trial) {
        return new Rollout.Wave(
                which, ref -> new Rack.Activate(roster, file, trial, ref), PATIENCE.plus(trial.orElse(Duration.ZERO)));
    }

    private Map<String, ActorRef<Rack.Command>> refs(Predicate<String> which) {
        Map<String, ActorRef<Rack.Command>> refs = new TreeMap<>();
        racks.forEach((name, here) -> {
            if (which.test(name)) {
                refs.put(name, here.ref());
            }
        });
        return refs;
    }
}
