package io.fluxrig.vault;

import com.typesafe.config.Config;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.RecoveryFailed;
import org.apache.pekko.persistence.typed.SnapshotAdapter;
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

    private final Vault.Journal journal;
    private final long watchedSize;
    private final boolean fromSnapshot;
    private final ActorRef<VaultFront.Command> front;

    private VaultLog(
            Vault.Journal journal, long watchedSize, boolean fromSnapshot, ActorRef<VaultFront.Command> front) {
        super(PERSISTENCE_ID);
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
        return Behaviors.setup(context -> new VaultLog(journal, watchedSize, fromSnapshot, front));
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
                    state.sealed(store.sealed());
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

    @Override
    public SignalHandler<VaultState> signalHandler() {
        return newSignalHandlerBuilder()
                .onSignal(
                        RecoveryCompleted.instance(),
                        state -> front.tell(new VaultFront.Recovered(
                                state.tree(), state.lastAt(), state.rootAtWatchedSize(), state.open())))
                .onSignal(
                        RecoveryFailed.class,
                        (state, failed) -> front.tell(new VaultFront.RecoveryStopped(failed.getFailure())))
                .build();
    }
}
