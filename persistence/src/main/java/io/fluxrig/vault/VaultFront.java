package io.fluxrig.vault;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.Checkpoint;
import io.fluxrig.signal.CompactRange;
import io.fluxrig.signal.FluxException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Collects appends while a write is in flight, so that a group is one persist and one fsync. Gives each leaf its index, seals what is
 * classified, hashes, and signs checkpoints over what is durable.
 */
final class VaultFront extends AbstractBehavior<VaultFront.Command> {

    sealed interface Command {}

    record Append(List<LeafDraft> leaves) implements Command {}

    record Seal(CompletableFuture<Long> done) implements Command {}

    record Recovered(
            CompactRange tree,
            long lastAt,
            Optional<Bytes> rootAtCheckpoint,
            List<OpenSignal> open,
            Map<Arrivals.Way, Long> arrivals)
            implements Command {}

    record RecoveryStopped(Throwable cause) implements Command {}

    /** The group in flight is durable. */
    record Durable(CompactRange tree) implements Command {}

    /** The log ends before its snapshot does: it has to be read from the beginning. */
    enum SnapshotAhead implements Command {
        INSTANCE
    }

    private record LogStopped(ActorRef<VaultLog.Store> log) implements Command {}

    private record CheckpointWritten(long size, Throwable problem) implements Command {}

    private enum Tick implements Command {
        INSTANCE
    }

    private static final int THIN_EVERY = 256;

    private final Vault.Settings settings;
    private final ActorRef<Vault.Event> owner;
    private ActorRef<VaultLog.Store> log;
    private final Optional<Checkpoint> lastCheckpoint;
    private final Vault.Stats stats = new Vault.Stats();
    private final CheckpointFiles checkpointFiles;
    private final ExecutorService signer = Executors.newSingleThreadExecutor(
            Thread.ofVirtual().name("vault-checkpoints").factory());

    private final Deque<LeafDraft> waiting = new ArrayDeque<>();
    private final Deque<List<byte[]>> units = new ArrayDeque<>();
    private final Deque<CompletableFuture<Long>> seals = new ArrayDeque<>();
    private List<LeafDraft> inFlight = List.of();
    private CompactRange durable = CompactRange.empty();
    private long writingSince;
    private long next;
    private boolean open;
    private boolean signing;
    /** Touched by the signer's thread alone. */
    private long checkpointsWritten;

    private boolean faulted;
    private boolean readsAll;
    private DataKey key;
    private LocalDate keyDay;

    private VaultFront(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Vault.Settings settings,
            ActorRef<Vault.Event> owner,
            Optional<Checkpoint> lastCheckpoint) {
        super(context);
        this.settings = settings;
        this.owner = owner;
        this.lastCheckpoint = lastCheckpoint;
        this.checkpointFiles = new CheckpointFiles(settings.checkpoints());
        startLog(true);
        timers.startTimerWithFixedDelay(Tick.INSTANCE, settings.checkpointEvery());
    }

    private void startLog(boolean fromSnapshot) {
        readsAll = !fromSnapshot;
        long watched = lastCheckpoint.map(Checkpoint::size).orElse(0L);
        log = getContext()
                .spawn(
                        VaultLog.create(
                                settings.journal(),
                                watched,
                                fromSnapshot,
                                getContext().getSelf()),
                        fromSnapshot ? "log" : "log-from-the-beginning");
        getContext().watchWith(log, new LogStopped(log));
    }

    static Behavior<Command> create(Vault.Settings settings, ActorRef<Vault.Event> owner) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            try {
                return new VaultFront(context, timers, settings, owner, readLastCheckpoint(settings));
            } catch (FluxException refused) {
                owner.tell(new Vault.Fault(refused));
                return Behaviors.stopped();
            }
        }));
    }

    private static Optional<Checkpoint> readLastCheckpoint(Vault.Settings settings) {
        Optional<Path> last = new CheckpointFiles(settings.checkpoints()).last();
        return last.map(file ->
                CheckpointFiles.read(file, settings.origin(), settings.rackKey().publicKey()));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onAnyMessage(this::handle)
                .onSignal(PostStop.class, stopped -> {
                    signer.shutdown();
                    return this;
                })
                .build();
    }

    private Behavior<Command> handle(Command command) {
        return switch (command) {
            case Append append -> append(append.leaves());
            case Durable group -> groupIsDurable(group.tree());
            case Recovered recovered -> recovered(recovered);
            case RecoveryStopped stopped -> fault(stopped.cause());
            case SnapshotAhead ahead -> {
                getContext().stop(log);
                yield this;
            }
            case LogStopped stopped -> logStopped(stopped.log());
            case Seal seal -> {
                seals.add(seal.done());
                yield signIfDue();
            }
            case CheckpointWritten written -> checkpointWritten(written);
            case Tick tick -> {
                sign(durable.size() > stats.sealed());
                yield this;
            }
        };
    }

    private Behavior<Command> recovered(Recovered recovered) {
        if (lastCheckpoint.isPresent()) {
            Checkpoint last = lastCheckpoint.get();
            if (last.size() > recovered.tree().size()) {
                return fault(new FluxException(
                        VaultError.CHECKPOINT_AHEAD,
                        "the last checkpoint covers " + last.size() + " leaves, the log holds "
                                + recovered.tree().size()));
            }
            if (recovered.rootAtCheckpoint().isEmpty() && !readsAll) {
                // The snapshot is younger than the last checkpoint and did not know of it: the log itself tells.
                getContext().stop(log);
                return this;
            }
            if (!recovered.rootAtCheckpoint().equals(Optional.of(last.root()))) {
                return fault(new FluxException(
                        VaultError.TREE, "the root over " + last.size() + " leaves differs from the signed one"));
            }
            stats.sealed.set(last.size());
        }
        durable = recovered.tree();
        next = durable.size();
        stats.appended.set(next);
        stats.durable.set(next);
        open = true;
        owner.tell(new Vault.Opened(
                new Vault(getContext().getSelf(), stats),
                next,
                recovered.lastAt(),
                recovered.open(),
                recovered.arrivals()));
        return this;
    }

    private Behavior<Command> logStopped(ActorRef<VaultLog.Store> stopped) {
        if (!open && !readsAll && !faulted) {
            startLog(false);
            return this;
        }
        return stopped.equals(log) ? fault(new FluxException(VaultError.FAILED, "the journal stopped")) : this;
    }

    private Behavior<Command> append(List<LeafDraft> leaves) {
        if (!open || faulted) {
            return this;
        }
        List<byte[]> unit = new ArrayList<>(leaves.size());
        for (LeafDraft draft : leaves) {
            draft.n = next++;
            draft.place().is(draft.n);
            unit.add(LeafForm.encode(draft, keyFor(draft)));
            waiting.add(draft);
        }
        units.add(unit);
        stats.appended.set(next);
        if (waiting.size() > settings.maxQueuedLeaves()) {
            return fault(new FluxException(
                    VaultError.FAILED, "more than " + settings.maxQueuedLeaves() + " leaves wait for the disk"));
        }
        writeNext();
        return this;
    }

    /** A key is made fresh at every start and every day: a pair (key, index) never comes twice. */
    private DataKey keyFor(LeafDraft draft) {
        if (draft.message == null || !draft.message.classified()) {
            return null;
        }
        LocalDate today = LocalDate.ofEpochDay(Math.floorDiv(draft.at, 86_400_000_000_000L));
        if (key == null || today.isAfter(keyDay)) {
            key = settings.dataKeys().fresh();
            keyDay = today;
        }
        return key;
    }

    private void writeNext() {
        if (!inFlight.isEmpty() || units.isEmpty()) {
            return;
        }
        List<byte[]> leaves = new ArrayList<>();
        int bytes = 0;
        while (!units.isEmpty()
                && (leaves.isEmpty()
                        || leaves.size() < settings.maxGroupLeaves() && bytes < settings.maxGroupBytes())) {
            for (byte[] leaf : units.poll()) {
                leaves.add(leaf);
                bytes += leaf.length;
            }
        }
        List<LeafDraft> drafts = new ArrayList<>(leaves.size());
        for (int i = 0; i < leaves.size(); i++) {
            drafts.add(waiting.poll());
        }
        inFlight = drafts;
        writingSince = System.nanoTime();
        stats.bytes.addAndGet(bytes);
        log.tell(new VaultLog.Store(new LeafGroup(leaves, drafts), stats.sealed()));
    }

    private Behavior<Command> groupIsDurable(CompactRange tree) {
        List<LeafDraft> group = inFlight;
        inFlight = List.of();
        durable = tree;
        stats.durable.set(tree.size());
        stats.groups.incrementAndGet();
        settings.committed().group(group.size(), System.nanoTime() - writingSince);
        writeNext();
        for (LeafDraft draft : group) {
            if (draft.onDurable != null) {
                draft.onDurable.accept(new VaultEntry(draft.n));
            }
        }
        return signIfDue();
    }

    private Behavior<Command> signIfDue() {
        boolean asked = !seals.isEmpty() && durable.size() == next;
        if (asked && stats.sealed() == next && !signing) {
            completeSeals();
        } else {
            sign(asked || durable.size() - stats.sealed() >= settings.checkpointLeaves());
        }
        return this;
    }

    private void sign(boolean due) {
        if (!due || signing || !open || faulted) {
            return;
        }
        signing = true;
        CompactRange tree = durable;
        ActorRef<Command> self = getContext().getSelf();
        signer.execute(() -> {
            Throwable problem = null;
            try {
                checkpointFiles.write(settings.origin(), tree, settings.rackKey());
                if (++checkpointsWritten % THIN_EVERY == 0) {
                    checkpointFiles.thin(CheckpointFiles.KEEP, CheckpointFiles.STRETCH);
                }
            } catch (IOException | RuntimeException e) {
                problem = e;
            }
            self.tell(new CheckpointWritten(tree.size(), problem));
        });
    }

    private Behavior<Command> checkpointWritten(CheckpointWritten written) {
        signing = false;
        if (written.problem() != null) {
            // The log itself is safe; the next tick tries again, and the growing lag is a metric.
            getContext()
                    .getLog()
                    .warn(
                            "checkpoint over {} leaves could not be written: {}",
                            written.size(),
                            written.problem().toString());
            return this;
        }
        stats.sealed.set(written.size());
        return signIfDue();
    }

    private void completeSeals() {
        while (!seals.isEmpty()) {
            seals.poll().complete(durable.size());
        }
    }

    private Behavior<Command> fault(Throwable cause) {
        if (!faulted) {
            faulted = true;
            seals.forEach(seal -> seal.completeExceptionally(cause));
            seals.clear();
            owner.tell(new Vault.Fault(cause));
        }
        return this;
    }
}
