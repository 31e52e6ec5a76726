package io.fluxrig.node;

import io.fluxrig.scenario.DataDir;
import io.fluxrig.scenario.Passport;
import io.fluxrig.scenario.Trust;
import io.fluxrig.scenario.VerifiedScenario;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import io.fluxrig.vault.Arrivals;
import io.fluxrig.vault.DataKeys;
import io.fluxrig.vault.OpenSignal;
import io.fluxrig.vault.Vault;
import io.fluxrig.vault.VaultReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * A Rack's wires to and from other Racks. They belong to the Rack, not to what it runs: a change of scenario leaves what waits on a wire where it is. Far ends are
 * made on the Rack's actor; the rest is safe for use from any thread.
 */
final class HandOver implements Wiring.FarEnds {
    /** Names of wires come from scenarios, so there are not many; each costs an actor. */
    private static final int MAX_WIRES = 1_000;

    /**
     * Who this Rack is, and how it knows others.
     *
     * @param movable whether other nodes may host it
     */
    record Party(
            String rack,
            RackIdentity identity,
            Bytes passport,
            Trust trust,
            Allegiance mixers,
            DataDir data,
            boolean movable) {
        static Party of(RackSettings settings, RackIdentity identity, Allegiance mixers) {
            DataDir data = settings.data();
            try {
                byte[] passport = Files.readAllBytes(data.passportFile(settings.name()));
                return new Party(
                        settings.name(),
                        identity,
                        Bytes.wrap(passport),
                        settings.trust(),
                        mixers,
                        data,
                        settings.isMovable());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        String site() {
            return identity.passport().site();
        }

        /** @throws FluxException WIRE_STRANGER where an operator has stopped that Rack */
        void mustNotBeStopped(Passport other) {
            if (mixers.isStopped(other)) {
                throw new FluxException(NodeError.WIRE_STRANGER, "'" + other.name() + "' is suspended, or removed");
            }
        }

        VaultReader vault() {
            return VaultReader.at(data.rackWal(rack));
        }

        DataKeys keys() {
            return DataKeys.readOnly(data.rackDataKeys(rack), data.kekFile(rack));
        }
    }

    private final ActorContext<?> context;
    private final Party party;
    private final RackBoard board;
    private final Vault vault;
    private final long size;
    private final LongSupplier clock;
    private final Map<Arrivals.Way, Long> arrivals;
    private final Map<String, FarEnd> ends = new ConcurrentSkipListMap<>();
    private final Set<Long> lives = ConcurrentHashMap.newKeySet();
    private ActorRef<WireReceiver.Command> receiver;
    private int limit = 1;
    private volatile boolean halted;

    HandOver(ActorContext<?> context, Party party, RackBoard board, Vault.Opened opened, LongSupplier clock) {
        this.context = context;
        this.party = party;
        this.board = board;
        this.vault = opened.vault();
        this.size = opened.size();
        this.clock = clock;
        this.arrivals = opened.arrivals();
    }

    /** The Rack whose wires they are. */
    String rack() {
        return party.rack();
    }

    /** What runs from now on says how many signals may wait on a wire. */
    void follow(VerifiedScenario scenario) {
        int now = scenario.scenario().limits().wireBacklog();
        limit = now;
        ends.values().forEach(end -> end.limit(now));
    }

    @Override
    public FarEnd of(String wire, String rack) {
        FarEnd known = ends.get(wire + " " + rack);
        if (known != null) {
            return known;
        }
        if (ends.size() >= MAX_WIRES) {
            throw new FluxException(NodeError.START, "more than " + MAX_WIRES + " wires lead to other Racks");
        }
        FarEnd end = new FarEnd(wire, rack, limit);
        ActorRef<WireSender.Command> sender = context.spawn(
                WireSender.create(party, end, this::scenario, size, clock, board.tap()), "wire-" + (ends.size() + 1));
        // Without it signals would wait for nobody: the Rack stops, and the vault has them.
        context.watch(sender);
        end.servedBy(parcel -> sender.tell(new WireSender.Offer(parcel)));
        ends.put(wire + " " + rack, end);
        return end;
    }

    /** What leaves a movable Rack before it is durable, a host that was replaced could send as well. */
    @Override
    public boolean guaranteeAll() {
        return party.movable();
    }

    /** The name of the scenario that runs; empty where nothing runs, or nothing is handed over any more. */
    private String scenario() {
        return halted
                ? ""
                : board.activation().map(a -> a.scenario().scenario().name()).orElse("");
    }

    /** Other Racks may hand over from now on, where the scenario has wires from them. */
    void runs(Activation activation) {
        if (receiver == null && activation.pipeline().wiring().hasArrivals()) {
            receiver = context.spawn(WireReceiver.create(party, this, board, arrivals), "wires-in");
            context.watch(receiver);
        }
    }

    /**
     * Takes up again what waited on wires when the process before this one ended. Comes before anything new leaves by them: order on a wire is the order of leaves.
     *
     * @param open signals without an end
     * @return ids of the signals that end when another Rack has taken them
     */
    Set<Long> goOn(List<OpenSignal> open) {
        WireBacklog backlog = WireBacklog.read(party.vault(), open, size);
        backlog.offer(this, vault, clock, board.tap());
        return backlog.ids();
    }

    /** It entered by a wire, or waits on one: another Rack may hand over a signal of the same id. */
    void lives(long id) {
        lives.add(id);
    }

    /** It has ended, if ever it was known here. */
    void over(long id) {
        lives.remove(id);
    }

    /** An operator or the Mixer wants nothing more to leave or to come. */
    void halt() {
        halted = true;
    }

    boolean isHalted() {
        return halted;
    }

    /** Whether a signal of this id has not ended here: what comes back waits until then. */
    boolean isHere(long id) {
        return lives.contains(id);
    }

    /** Whether nothing is on its way to a Rack that takes it. */
    boolean isQuiet() {
        return ends.values().stream().allMatch(end -> end.backlog() == 0 || end.state() != FarEnd.State.OPEN);
    }

    Collection<FarEnd> ends() {
        return ends.values();
    }
}
