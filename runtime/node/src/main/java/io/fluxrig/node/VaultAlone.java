package io.fluxrig.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.fluxrig.config.Profile;
import io.fluxrig.scenario.DataDir;
import io.fluxrig.scenario.Trust;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.vault.DataKeys;
import io.fluxrig.vault.LeafDraft;
import io.fluxrig.vault.LeafKind;
import io.fluxrig.vault.Vault;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** The vault of a Rack that does not run, opened for what an operator does to it: each act is a control leaf. */
public final class VaultAlone {
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private VaultAlone() {}

    /**
     * Appends one control leaf and signs a checkpoint over it; returns when both are on disk.
     *
     * @throws FluxException where the Rack runs, was never enrolled, or its vault cannot be opened
     */
    public static void note(DataDir data, String rack, Trust trust, Clock clock, FluxMap note) {
        RackIdentity identity = RackIdentity.stored(data, rack, trust)
                .orElseThrow(() -> new FluxException(NodeError.NOT_ENROLLED, "'" + rack + "' has no passport yet"));
        Config config = ConfigFactory.parseString("pekko.actor.provider = local, pekko.loglevel = WARNING")
                .withFallback(Profile.single());
        Vault.Settings settings = Vault.Settings.of(
                identity.origin(),
                identity.key(),
                DataKeys.open(data.rackDataKeys(rack), data.kekFile(rack), new SecureRandom()),
                data.rackCheckpoints(rack),
                Journals.at(data.rackWal(rack), data.rackSnapshots(rack), rack, config));
        CompletableFuture<Void> done = new CompletableFuture<>();
        ActorSystem<Vault.Event> system = ActorSystem.create(once(settings, clock, note, done), "vault-alone", config);
        try {
            done.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException refused) {
            throw NodeError.VAULT_STOPPED.from(refused.getCause());
        } catch (TimeoutException slow) {
            throw new FluxException(
                    NodeError.VAULT_STOPPED, "nothing was written for " + PATIENCE.toMinutes() + " minutes");
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new FluxException(NodeError.VAULT_STOPPED, "interrupted", stopped);
        } finally {
            system.terminate();
            system.getWhenTerminated().toCompletableFuture().join();
        }
    }

    private static Behavior<Vault.Event> once(
            Vault.Settings settings, Clock clock, FluxMap note, CompletableFuture<Void> done) {
        return Behaviors.setup(context -> {
            ActorRef<Vault.Event> self = context.getSelf();
            Vault.spawn(context, settings, self);
            return Behaviors.receiveMessage(event -> {
                switch (event) {
                    case Vault.Fault fault -> done.completeExceptionally(fault.cause());
                    case Vault.Opened opened -> {
                        Instant now = clock.instant();
                        opened.vault()
                                .append(LeafDraft.of(
                                                LeafKind.CONTROL, now.getEpochSecond() * 1_000_000_000L + now.getNano())
                                        .note(note)
                                        .build());
                        opened.vault().checkpoint().whenComplete((size, problem) -> {
                            if (problem == null) {
                                done.complete(null);
                            } else {
                                done.completeExceptionally(problem);
                            }
                        });
                    }
                }
                return Behaviors.same();
            });
        });
    }
}
