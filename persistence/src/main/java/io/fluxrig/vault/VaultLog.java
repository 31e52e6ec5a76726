package io.fluxrig.vault;

import com.typesafe.config.Config;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.RecoveryFailed;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;

/** The event-sourced heart of the vault: persists one group after the other and tells the front. */
final class VaultLog extends EventSourcedBehavior<VaultLog.Store, LeafGroup, VaultState> {
    static final PersistenceId PERSISTENCE_ID = PersistenceId.ofUniqueId("vault");

    /** Persist this group. */
    record Store(LeafGroup group) {}

    private final String journalId;
    private final Config journal;
    private final long watchedSize;
    private final ActorRef<VaultFront.Command> front;

    private VaultLog(String journalId, Config journal, long watchedSize, ActorRef<VaultFront.Command> front) {
        super(PERSISTENCE_ID);
        this.journalId = journalId;
        this.journal = journal;
        this.watchedSize = watchedSize;
        this.front = front;
    }

    static Behavior<Store> create(
            String journalId, Config journal, long watchedSize, ActorRef<VaultFront.Command> front) {
        return Behaviors.setup(context -> new VaultLog(journalId, journal, watchedSize, front));
    }

    @Override
    public String journalPluginId() {
        return journalId;
    }

    @Override
    public Optional<Config> journalPluginConfig() {
        return Optional.of(journal);
    }

    @Override
    public VaultState emptyState() {
        return new VaultState(watchedSize);
    }

    @Override
    public CommandHandler<Store, LeafGroup, VaultState> commandHandler() {
        return newCommandHandlerBuilder()
                .forAnyState()
                .onCommand(
                        Store.class,
                        (state, store) -> Effect()
                                .persist(store.group())
                                .thenRun(durable -> front.tell(new VaultFront.Durable(durable.tree()))))
                .build();
    }

    private boolean recovering = true;

    @Override
    public EventHandler<VaultState, LeafGroup> eventHandler() {
        return newEventHandlerBuilder().forAnyState().onAnyEvent((state, group) -> state.append(group, recovering));
    }

    @Override
    public SignalHandler<VaultState> signalHandler() {
        return newSignalHandlerBuilder()
                .onSignal(RecoveryCompleted.instance(), state -> {
                    recovering = false;
                    front.tell(new VaultFront.Recovered(
                            state.tree(),
                            state.lastAt(),
                            Optional.ofNullable(state.rootAtWatchedSize()),
                            List.copyOf(state.open().values())));
                    state.open().clear();
                })
                .onSignal(
                        RecoveryFailed.class,
                        (state, failed) -> front.tell(new VaultFront.RecoveryStopped(failed.getFailure())))
                .build();
    }
}
