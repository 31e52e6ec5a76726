package io.fluxrig.wal;

import com.typesafe.config.Config;
import io.fluxrig.signal.FluxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.journal.japi.AsyncWriteJournal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.concurrent.Future;
import scala.jdk.javaapi.CollectionConverters;
import scala.jdk.javaapi.FutureConverters;

/**
 * The journal plugin {@code persistence.wal}. Takes everything from the block that it is given (reference.conf tells the keys), so that
 * each log can have a plugin id of its own.
 *
 * <p>A log that refuses to open does not stop the plugin: every call then fails with the refusal, a {@link FluxException} of category
 * HELD, which the persistent actor sees as its recovery's failure.
 */
public final class WalJournal extends AsyncWriteJournal {
    private static final Logger LOG = LoggerFactory.getLogger(WalJournal.class);

    private final EventCodec codec;
    private final Wal wal;
    private final FluxException refusal;
    private final Executor replays;

    public WalJournal(Config config) {
        ExtendedActorSystem system = (ExtendedActorSystem) context().system();
        codec = new EventCodec(system);
        replays = system.dispatchers().lookup(config.getString("replay-dispatcher"));
        Wal opened = null;
        FluxException refused = null;
        try {
            opened = Wal.open(WalSettings.of(config));
        } catch (FluxException e) {
            refused = e;
            LOG.error("the log does not open: {}", e.line());
        }
        wal = opened;
        refusal = refused;
    }

    @Override
    public void postStop() throws Exception {
        if (wal != null) {
            wal.close();
        }
        super.postStop();
    }

    @Override
    public Future<Iterable<Optional<Exception>>> doAsyncWriteMessages(Iterable<AtomicWrite> messages) {
        if (wal == null) {
            return refused();
        }
        List<Optional<Exception>> answers = new ArrayList<>();
        List<CompletableFuture<Void>> writes = new ArrayList<>();
        for (AtomicWrite message : messages) {
            List<WalWrite> events;
            try {
                events = codec.encode(CollectionConverters.asJava(message.payload()));
                FluxException tooLarge = wal.refusal(new Unit.Events(message.persistenceId(), events));
                if (tooLarge != null) {
                    throw tooLarge;
                }
            } catch (Exception e) {
                // Not only of type RuntimeException: Scala throws NotSerializableException undeclared.
                answers.add(Optional.of(e));
                continue;
            }
            answers.add(Optional.empty());
            writes.add(wal.append(events).toCompletableFuture());
        }
        CompletableFuture<Void> all = CompletableFuture.allOf(writes.toArray(CompletableFuture[]::new));
        return scala(all.thenApply(durable -> answers));
    }

    @Override
    public Future<Void> doAsyncDeleteMessagesTo(String persistenceId, long toSequenceNr) {
        return wal == null ? refused() : scala(wal.deleteTo(persistenceId, toSequenceNr));
    }

    @Override
    public Future<Void> doAsyncReplayMessages(
            String persistenceId, long from, long to, long max, Consumer<PersistentRepr> replayCallback) {
        if (wal == null) {
            return refused();
        }
        return scala(CompletableFuture.runAsync(
                () -> wal.replay(persistenceId, from, to, max, stored -> replayCallback.accept(codec.decode(stored))),
                replays));
    }

    /** After what is in flight has settled: an actor that restarted meanwhile must not overlook its own last write. */
    @Override
    public Future<Long> doAsyncReadHighestSequenceNr(String persistenceId, long fromSequenceNr) {
        return wal == null
                ? refused()
                : scala(wal.settled().thenApply(settled -> wal.highestSequenceNr(persistenceId)));
    }

    private <T> Future<T> refused() {
        return scala(CompletableFuture.failedFuture(refusal));
    }

    /** Unwraps the exception, so that callers see the numbered refusal itself. */
    private static <T> Future<T> scala(CompletionStage<? extends T> stage) {
        CompletableFuture<T> plain = new CompletableFuture<>();
        stage.whenComplete((value, problem) -> {
            if (problem == null) {
                plain.complete(value);
            } else {
                plain.completeExceptionally(
                        problem instanceof CompletionException c && c.getCause() != null ? c.getCause() : problem);
            }
        });
        return FutureConverters.asScala(plain);
    }
}
