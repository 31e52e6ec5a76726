package io.fluxrig.node;

import io.fluxrig.gear.Draft;
import io.fluxrig.gear.GearError;
import io.fluxrig.gear.GearTypes;
import io.fluxrig.gear.Outcome;
import io.fluxrig.node.OfflinePipeline.Waiting;
import io.fluxrig.scenario.Scenario;
import io.fluxrig.scenario.VerifiedScenario;
import io.fluxrig.signal.FluxEntityId;
import io.fluxrig.signal.FluxId;
import io.fluxrig.signal.FluxMsg;
import io.fluxrig.spec.Spec;
import io.fluxrig.vault.DataKey;
import io.fluxrig.vault.DataKeys;
import io.fluxrig.vault.Leaf;
import io.fluxrig.vault.LeafAgain;
import io.fluxrig.vault.LeafDraft;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A whole scenario played through in virtual time: the real gears inside, the outside simulated by whoever drives it. Nothing happens by itself, and each step is
 * over when it returns.
 */
public final class Rehearsal {
    private static final long START = 1_800_000_000_000_000_000L;
    private static final int IDS_PER_STEP = 256;

    /** A message that left the Rack by a gear. */
    public record Left(String gear, String port, FluxMsg message, Optional<Spec> spec) {}

    private record Timer(long due, long order, long gear, String name) {}

    private final VerifiedScenario scenario;
    private final VerifiedScenario.Prepared prepared;
    private final DataKeys keys;
    private final DataKey key;
    private final Map<String, FluxEntityId> ids = new HashMap<>();
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private final List<Timer> timers = new ArrayList<>();
    private final List<Leaf> recorded = new ArrayList<>();
    private final List<Left> left = new ArrayList<>();
    private final Set<String> down = new HashSet<>();
    private OfflinePipeline pipeline;
    private long now = START;
    private long sequence;
    private long order;

    /** @param keys encrypt what is recorded, as on a Rack */
    public Rehearsal(VerifiedScenario scenario, VerifiedScenario.Prepared prepared, DataKeys keys) {
        this.scenario = scenario;
        this.prepared = prepared;
        this.keys = keys;
        this.key = keys.fresh();
        for (Scenario.GearDef gear : scenario.scenario().gears()) {
            ids.put(gear.name(), FluxEntityId.of(FluxEntityId.Type.GEAR, 1, ids.size() + 1L));
        }
        this.pipeline = fresh();
    }

    private OfflinePipeline fresh() {
        return new OfflinePipeline(
                Optional.empty(),
                scenario.identity(),
                scenario.scenario(),
                Optional.empty(),
                prepared.specs(),
                prepared.types(),
                gear -> Optional.ofNullable(ids.get(gear)),
                new Watch());
    }

    private final class Watch implements OfflinePipeline.Watcher {
        @Override
        public void leaves(List<LeafDraft> unit) {
            unit.forEach(draft -> recorded.add(LeafAgain.recorded(draft, recorded.size(), key)));
        }

        @Override
        public void waiting(Waiting branch) {
            waiting.add(branch);
        }

        @Override
        public void timerStarted(long gear, String name, long due) {
            timerCancelled(gear, name);
            timers.add(new Timer(due, order++, gear, name));
        }

        @Override
        public void timerCancelled(long gear, String name) {
            timers.removeIf(t -> t.gear() == gear && t.name().equals(name));
        }
    }

    /** A message comes in from outside and goes as far as it goes. */
    public void send(String gear, String port, Draft draft) {
        pipeline.enter(ids.get(gear).value(), port, draft, nextId(), now);
        settle();
    }

    /** Time passes, and every timer that is due runs out in its order. */
    public void pass(Duration time) {
        long until = now + time.toNanos();
        while (true) {
            Optional<Timer> next = timers.stream()
                    .filter(t -> t.due() <= until)
                    .min(Comparator.comparingLong(Timer::due).thenComparingLong(Timer::order));
            if (next.isEmpty()) {
                now = until;
                return;
            }
            timers.remove(next.get());
            now = next.get().due();
            pipeline.timer(next.get().gear(), next.get().name(), now, freshIds());
            settle();
        }
    }

    /** The peer behind a gear is gone, or back. */
    public void peer(String gear, boolean up) {
        if (up) {
            down.remove(gear);
        } else {
            down.add(gear);
        }
    }

    /** The Rack is killed and comes back at once: gears know what was recorded, and nothing else. */
    public void restart() {
        timers.clear();
        waiting.clear();
        pipeline = fresh();
        Recall recall = new Recall(keys, now - pipeline.memory().toNanos(), pipeline.inPorts());
        recorded.forEach(recall::see);
        recall.past().stream()
                .filter(past -> pipeline.isInside(past.gear()))
                .forEach(past -> pipeline.recall(past, now));
    }

    /** What has left since the last call, in this order. */
    public List<Left> takeLeft() {
        List<Left> taken = List.copyOf(left);
        left.clear();
        return taken;
    }

    /** Unix nanoseconds of the virtual clock. */
    public long now() {
        return now;
    }

    /** The gear types in force, custom ones too. */
    public GearTypes types() {
        return prepared.types();
    }

    private void settle() {
        while (!waiting.isEmpty()) {
            Waiting branch = waiting.poll();
            if (!branch.reachesOutside()) {
                pipeline.handle(branch, now, freshIds());
            } else if (LeafAgain.kindOf(branch.leaf()).equals("egress")) {
                String gear = pipeline.nameOf(branch.gear()).orElseThrow();
                left.add(new Left(gear, branch.port(), branch.message(), branch.spec()));
                pipeline.outsideAnswered(branch, Outcome.sent(), now);
            } else {
                leaveOrFail(branch);
            }
        }
    }

    private void leaveOrFail(Waiting branch) {
        String gear = pipeline.nameOf(branch.gear()).orElseThrow();
        if (down.contains(gear)) {
            Outcome lost = Outcome.fail(GearError.LINK_DOWN, "the link of '" + gear + "' is down");
            pipeline.outsideAnswered(branch, lost, now);
        } else {
            pipeline.depart(branch, now);
        }
    }

    private List<Long> freshIds() {
        List<Long> fresh = new ArrayList<>();
        for (int i = 0; i < IDS_PER_STEP; i++) {
            fresh.add(nextId());
        }
        return fresh;
    }

    private long nextId() {
        sequence++;
        return FluxId.of(sequence / 256 + 1, (int) (sequence % 256), 1);
    }
}
