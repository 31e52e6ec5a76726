package io.fluxrig.vault;

import com.typesafe.config.Config;
import io.fluxrig.wal.Wal;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.RecoveryFailed;
import org.apache.pekko.persistence.typed.SnapshotAdapter;
import org.apache.pekko.persistence.typed.SnapshotCompleted;
import org.apache.pekko.persistence.typed.SnapshotSelectionCriteria;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.Recovery;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;

/** The event-sourced heart of the vault: persists one group after the other and tells the front. */
final class VaultLog extends EventSourcedBehavior<VaultLog.Store, LeafGroup, VaultState> {
    static final PersistenceId PERSISTENCE_ID = PersistenceId.ofUniqueId("vault");

    /** Persist this group. */
    record Store(LeafGroup group, long sealed) {}

    /** A snapshot on disk: the last event in it, and how many leaves the log had at least by then. */
    private record Snapshot(long sequenceNr, long size) {}

    private final Vault.Journal journal;
    private final long watchedSize;
    private final boolean fromSnapshot;
    private final ActorRef<VaultFront.Command> front;
    private final ActorContext<Store> context;
    private Snapshot latest;
    private long sealed;

    private VaultLog(
            ActorContext<Store> context,
            Vault.Journal journal,
            long watchedSize,
            boolean fromSnapshot,
            ActorRef<VaultFront.Command> front) {
        super(PERSISTENCE_ID);
        this.context = context;
        this.journal = journal;
        this.watchedSize = watchedSize;
        this.fromSnapshot = fromSnapshot;
        this.front = front;
    }

    /**
     * @param watchedSize the size of the last checkpoint, whose root recovery has to tell
     * @param fromSnapshot false: recovery reads the whole log
     */
    static Behavior<Store> create(
            Vault.Journal journal, long watchedSize, boolean fromSnapshot, ActorRef<VaultFront.Command> front) {
        return Behaviors.setup(context -> new VaultLog(context, journal, watchedSize, fromSnapshot, front));
    }

    @Override
    public String journalPluginId() {
        return journal.id();
    }

    @Override
    public Optional<Config> journalPluginConfig() {
        return Optional.of(journal.config());
    }

    @Override
    public String snapshotPluginId() {
        return journal.snapshotsId();
    }

    @Override
    public Optional<Config> snapshotPluginConfig() {
        return Optional.of(journal.config());
    }

    @Override
    public Recovery recovery() {
        return Recovery.withSnapshotSelectionCriteria(
                fromSnapshot ? SnapshotSelectionCriteria.latest() : SnapshotSelectionCriteria.none());
    }

    @Override
    public boolean shouldSnapshot(VaultState state, LeafGroup group, long sequenceNr) {
        return state.grownBy(journal.snapshotBytes());
    }

    /** The state goes on changing while the snapshot is being written, so a copy is what is stored. */
    @Override
    public SnapshotAdapter<VaultState> snapshotAdapter() {
        return new SnapshotAdapter<>() {
            @Override
            public Object toJournal(VaultState state) {
                return state.snapshot();
            }

            @Override
            public VaultState fromJournal(Object stored) {
                return VaultState.of((VaultSnapshot) stored, watchedSize);
            }
        };
    }

    @Override
    public VaultState emptyState() {
        return new VaultState(watchedSize);
    }

    @Override
    public CommandHandler<Store, LeafGroup, VaultState> commandHandler() {
        return newCommandHandlerBuilder()
                .forAnyState()
                .onCommand(Store.class, (state, store) -> {
                    sealed = store.sealed();
                    state.sealed(sealed);
                    return Effect()
                            .persist(store.group())
                            .thenRun(durable -> front.tell(new VaultFront.Durable(durable.tree())));
                })
                .build();
    }

    @Override
    public EventHandler<VaultState, LeafGroup> eventHandler() {
        return newEventHandlerBuilder().forAnyState().onAnyEvent((state, group) -> state.append(group));
    }

    /** A log that was put back from an older copy beside newer snapshots: only the log counts. */
    private boolean isAheadOfTheLog() {
        long recovered = lastSequenceNumber(context);
        return Wal.over(journal.directory())
                .map(wal -> wal.highestSequenceNr(PERSISTENCE_ID.id()) < recovered)
                .orElse(false);
    }

    /**
     * Two snapshots are kept. What lies before the older one is needed by no start any more: its segments may go to the archive, once a checkpoint on
     * disk covers them and the hashes of their leaves are kept where proofs find them.
     */
    private void snapshotTaken(SnapshotCompleted taken, long size) {
        Snapshot older = latest;
        latest = new Snapshot(taken.metadata().sequenceNr(), size);
        if (older != null && older.size() <= sealed) {
            journal.covered().accept(older.sequenceNr(), older.size());
        }
    }

    @Override
    public SignalHandler<VaultState> signalHandler() {
        return newSignalHandlerBuilder()
                .onSignal(
                        RecoveryCompleted.instance(),
                        state -> front.tell(
                                isAheadOfTheLog()
                                        ? VaultFront.SnapshotAhead.INSTANCE
                                        : new VaultFront.Recovered(
                                                state.tree(),
                                                state.lastAt(),
                                                state.rootAtWatchedSize(),
                                                state.open(),
                                                state.arrivals())))
                .onSignal(
                        SnapshotCompleted.class,
                        (state, taken) -> snapshotTaken(taken, state.tree().size()))
                .onSignal(
                        RecoveryFailed.class,
                        (state, failed) -> front.tell(new VaultFront.RecoveryStopped(failed.getFailure())))
                .build();
    }
}
