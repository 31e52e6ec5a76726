package io.fluxrig.node;

import io.fluxrig.gear.Gear;
import io.fluxrig.gear.Recollection;
import io.fluxrig.scenario.DataDir;
import io.fluxrig.signal.FluxMsg;
import io.fluxrig.vault.DataKeys;
import io.fluxrig.vault.Leaf;
import io.fluxrig.vault.LeafForm;
import io.fluxrig.vault.VaultReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Tells gears at start what they did before, from the vault. Public so that a replay that begins at a restart tells them
 * the very same.
 */
public final class Recall {
    /** What a gear did in one handling: the recollection, and the leaf that recorded it. */
    public record Past(long gear, Recollection recollection, long leaf) {}

    private final DataKeys keys;
    private final long from;
    private final InPorts inPorts;
    private final Map<Long, Leaf> recent = new HashMap<>();
    private final Map<Long, Leaf> leftBy = new HashMap<>();
    private final List<Leaf> handled = new ArrayList<>();

    /**
     * @param from unix nanoseconds: what happened before is forgotten
     */
    public Recall(DataKeys keys, long from, InPorts inPorts) {
        this.keys = keys;
        this.from = from;
        this.inPorts = inPorts;
    }

    /** What the wires and gears of the scenario say about remembering. */
    public interface InPorts {
        /** Whether the gear of this entity id wants to know its past. */
        boolean remembers(long gear);

        /** The in-port of {@code toGear} behind that out-port, if they are wired. */
        Optional<String> behind(long fromGear, String fromPort, long toGear);
    }

    /** Tells the gears of {@code activation} what the first {@code size} leaves say; {@code lastAt} is the time of the last of them. */
    static CompletableFuture<Void> into(
            Activation activation,
            Map<String, ActorRef<SimpleCell.Command>> cells,
            DataDir data,
            String rack,
            long size,
            long lastAt) {
        Map<Long, ActorRef<SimpleCell.Command>> byId = new HashMap<>();
        Duration memory = Duration.ZERO;
        for (var cell : cells.entrySet()) {
            Gear gear = activation.gear(cell.getKey());
            if (!gear.memory().isZero()) {
                byId.put(activation.idOf(cell.getKey()), cell.getValue());
                memory = memory.compareTo(gear.memory()) > 0 ? memory : gear.memory();
            }
        }
        if (byId.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        long reach = memory.toNanos();
        return CompletableFuture.supplyAsync(() -> {
                    VaultReader vault = VaultReader.at(data.rackWal(rack));
                    Recall recall = new Recall(
                            DataKeys.readOnly(data.rackDataKeys(rack), data.kekFile(rack)),
                            lastAt - reach,
                            activation.inPorts(byId.keySet()));
                    vault.forEachSince(lastAt - reach, leaf -> {
                        if (leaf.n() < size) {
                            recall.see(leaf);
                        }
                    });
                    return recall.past();
                })
                .thenCompose(past -> tell(past, byId));
    }

    private static CompletableFuture<Void> tell(List<Past> past, Map<Long, ActorRef<SimpleCell.Command>> cells) {
        List<CompletableFuture<Void>> told = new ArrayList<>();
        cells.forEach((gear, actor) -> {
            List<SimpleCell.Recalled> own = past.stream()
                    .filter(p -> p.gear() == gear)
                    .map(p -> new SimpleCell.Recalled(p.recollection(), p.leaf()))
                    .toList();
            CompletableFuture<Void> done = new CompletableFuture<>();
            actor.tell(new SimpleCell.Recall(own, done));
            told.add(done);
        });
        return CompletableFuture.allOf(told.toArray(CompletableFuture[]::new));
    }

    /** Leaves in order. */
    public void see(Leaf leaf) {
        if (leaf.at() < from) {
            return;
        }
        recent.put(leaf.n(), leaf);
        switch (leaf.kind()) {
            case "egress" -> leftBehind(leaf);
            case "ingress", "emit", "done", "timer" -> {
                if (inPorts.remembers(leaf.gear())) {
                    handled.add(leaf);
                }
            }
            default -> {
                // nothing that a gear did
            }
        }
    }

    /** It left because of every leaf before it, whatever gears stand between. */
    private void leftBehind(Leaf egress) {
        for (Leaf at = recent.get(egress.in()); at != null && at.id() == egress.id(); at = recent.get(at.in())) {
            leftBy.putIfAbsent(at.n(), egress);
        }
    }

    /** What was seen, oldest first. */
    public List<Past> past() {
        Map<Long, String> timers = new HashMap<>();
        handled.stream()
                .filter(l -> l.kind().equals("timer"))
                .forEach(l -> timers.put(l.id(), l.note().text("name").orElse("")));
        List<Past> past = new ArrayList<>();
        for (Leaf leaf : handled) {
            switch (leaf.kind()) {
                case "emit" -> past.add(new Past(leaf.gear(), recollect(leaf, left(leaf), Optional.empty()), leaf.n()));
                case "ingress" ->
                    past.add(new Past(
                            leaf.gear(),
                            recollect(leaf, LeafForm.message(leaf, keys), Optional.ofNullable(timers.get(leaf.id()))),
                            leaf.n()));
                default -> {
                    // a timer is told with its birth; a plain end leaves nothing to remember
                }
            }
        }
        return past;
    }

    /** The message as it left behind this leaf. */
    private Optional<FluxMsg> left(Leaf leaf) {
        return Optional.ofNullable(leftBy.get(leaf.n())).flatMap(egress -> LeafForm.message(egress, keys));
    }

    private Recollection recollect(Leaf leaf, Optional<FluxMsg> emitted, Optional<String> timer) {
        Leaf cause = recent.get(leaf.in());
        Optional<String> in = cause == null || timer.isPresent()
                ? Optional.empty()
                : inPorts.behind(cause.gear(), cause.port(), leaf.gear());
        return new Recollection(leaf.at(), in, received(cause), Optional.of(leaf.port()), emitted, timer);
    }

    /** The signal as it entered: follows the causes back to the first leaf that holds a message. */
    private Optional<FluxMsg> received(Leaf leaf) {
        for (Leaf at = leaf; at != null; at = recent.get(at.in())) {
            if (at.holdsMessage()) {
                return LeafForm.message(at, keys);
            }
        }
        return Optional.empty();
    }
}
