package io.fluxrig.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.fluxrig.signal.FluxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.persistence.query.EventEnvelope;
import org.apache.pekko.persistence.query.PersistenceQuery;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryFailed;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The plugins as actors use them: typed, with a plugin id and a configuration of their own. */
@Timeout(60)
class WalActorsTest {
    @TempDir
    Path dir;

    private Config config() {
        return ConfigFactory.parseMap(Map.of(
                        "fluxrig.journal.rack-a.dir",
                        dir.resolve("wal").toString(),
                        "fluxrig.journal.rack-a.owner",
                        "rack-a",
                        "persistence.wal-query.dir",
                        dir.resolve("wal").toString(),
                        "persistence.wal-snapshots.dir",
                        dir.resolve("snapshots").toString(),
                        "persistence.wal-snapshots.keep",
                        2,
                        "pekko.loglevel",
                        "ERROR"))
                .withFallback(ConfigFactory.parseString("fluxrig.journal.rack-a = ${persistence.wal}"))
                .withFallback(ConfigFactory.defaultReference())
                .resolve();
    }

    record Add(String text, ActorRef<Done> replyTo) {}

    record Get(ActorRef<String> replyTo) {}

    /** Remembers texts, with a snapshot after every tenth. */
    static final class Notes extends EventSourcedBehavior<Object, String, String> {
        private final CompletableFuture<Throwable> failure;

        Notes(String id, CompletableFuture<Throwable> failure) {
            super(PersistenceId.ofUniqueId(id));
            this.failure = failure;
        }

        @Override
        public String journalPluginId() {
            return "fluxrig.journal.rack-a";
        }

        @Override
        public String snapshotPluginId() {
            return "persistence.wal-snapshots";
        }

        @Override
        public RetentionCriteria retentionCriteria() {
            return RetentionCriteria.snapshotEvery(10, 2);
        }

        @Override
        public String emptyState() {
            return "";
        }

        @Override
        public CommandHandler<Object, String, String> commandHandler() {
            return newCommandHandlerBuilder()
                    .forAnyState()
                    .onCommand(
                            Add.class,
                            (s, add) -> Effect().persist(add.text()).thenReply(add.replyTo(), x -> Done.done()))
                    .onCommand(Get.class, (s, get) -> Effect().reply(get.replyTo(), s))
                    .build();
        }

        @Override
        public EventHandler<String, String> eventHandler() {
            return (state, event) -> state + event;
        }

        @Override
        public SignalHandler<String> signalHandler() {
            return newSignalHandlerBuilder()
                    .onSignal(RecoveryFailed.class, (state, failed) -> failure.complete(failed.getFailure()))
                    .build();
        }
    }

    private static void add(ActorSystem<?> system, ActorRef<Object> notes, String text) throws Exception {
        AskPattern.<Object, Done>ask(notes, reply -> new Add(text, reply), Duration.ofSeconds(20), system.scheduler())
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }

    private static String get(ActorSystem<?> system, ActorRef<Object> notes) throws Exception {
        return AskPattern.<Object, String>ask(notes, Get::new, Duration.ofSeconds(20), system.scheduler())
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }

    private static Behavior<Object> notes(String id) {
        return new Notes(id, new CompletableFuture<>());
    }

    @Test
    void anActorFindsItsEventsAfterARestartAlsoWithoutAUsableSnapshot() throws Exception {
        StringBuilder expected = new StringBuilder();
        for (int start = 0; start < 3; start++) {
            ActorTestKit kit = ActorTestKit.create("notes" + start, config());
            try {
                ActorRef<Object> notes = kit.spawn(notes("n"));
                assertThat(get(kit.system(), notes)).isEqualTo(expected.toString());
                for (int i = 0; i < 25; i++) {
                    String text = start + "." + i + " ";
                    add(kit.system(), notes, text);
                    expected.append(text);
                }
            } finally {
                kit.shutdownTestKit();
            }
            if (start == 1) {
                damageSnapshots();
            }
        }
    }

    private void damageSnapshots() throws Exception {
        try (Stream<Path> files = Files.list(dir.resolve("snapshots"))) {
            for (Path file : files.toList()) {
                byte[] bytes = Files.readAllBytes(file);
                bytes[bytes.length / 2] ^= 1;
                Files.write(file, bytes);
            }
        }
    }

    @Test
    void queriesSeeEventsAsTheyComeAndEndWhereTheyShould() throws Exception {
        ActorTestKit kit = ActorTestKit.create("queries", config());
        try {
            ActorSystem<?> system = kit.system();
            ActorRef<Object> a = kit.spawn(notes("a"));
            for (int i = 1; i <= 5; i++) {
                add(system, a, "a" + i);
            }
            WalReadJournal journal =
                    PersistenceQuery.get(system).getReadJournalFor(WalReadJournal.class, WalReadJournal.IDENTIFIER);
            assertThat(run(journal.currentEventsByPersistenceId("a", 2, 4), system))
                    .extracting(EventEnvelope::event)
                    .containsExactly("a2", "a3", "a4");
            CompletableFuture<List<EventEnvelope>> live = journal.eventsByPersistenceId("a", 4, 7)
                    .runWith(Sink.seq(), system)
                    .toCompletableFuture();
            CompletableFuture<List<String>> ids =
                    journal.persistenceIds().take(2).runWith(Sink.seq(), system).toCompletableFuture();
            add(system, a, "a6");
            add(system, a, "a7");
            add(system, kit.spawn(notes("b")), "b1");
            assertThat(live.get(20, TimeUnit.SECONDS))
                    .extracting(EventEnvelope::sequenceNr)
                    .containsExactly(4L, 5L, 6L, 7L);
            assertThat(ids.get(20, TimeUnit.SECONDS)).containsExactly("a", "b");
            assertThat(run(journal.currentPersistenceIds(), system)).containsExactly("a", "b");
        } finally {
            kit.shutdownTestKit();
        }
    }

    private static <T> List<T> run(Source<T, ?> source, ActorSystem<?> system) throws Exception {
        return source.runWith(Sink.seq(), system).toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @Test
    void aRefusedLogFailsTheRecoveryWithItsReason() throws Exception {
        Logs.fill(dir.resolve("wal"), "x", 200, 500);
        Files.delete(Logs.segments(dir.resolve("wal")).get(1));
        ActorTestKit kit = ActorTestKit.create("refused", config());
        try {
            CompletableFuture<Throwable> failure = new CompletableFuture<>();
            kit.spawn(new Notes("x", failure));
            assertThat(failure.get(20, TimeUnit.SECONDS))
                    .isInstanceOfSatisfying(
                            FluxException.class, e -> assertThat(e.code()).isEqualTo(WalError.MISSING));
        } finally {
            kit.shutdownTestKit();
        }
    }

    @Test
    void settingsOutsideTheirBoundsAreRefused() {
        Config good = config().getConfig("fluxrig.journal.rack-a");
        assertThat(WalSettings.of(good)).isEqualTo(WalSettings.defaults(dir.resolve("wal"), "rack-a"));
        for (Map.Entry<String, Object> bad : Map.<String, Object>of(
                        "dir", " ",
                        "segment.initial", "1000",
                        "segment.max", "8 KiB",
                        "max-group-bytes", "1 KiB",
                        "max-write-bytes", "1 GiB",
                        "max-queued-bytes", "1 MiB",
                        "space-retry", "0 ms",
                        "owner", "x".repeat(257))
                .entrySet()) {
            Config config =
                    ConfigFactory.parseMap(Map.of(bad.getKey(), bad.getValue())).withFallback(good);
            assertThatThrownBy(() -> WalSettings.of(config))
                    .as(bad.getKey())
                    .isInstanceOfSatisfying(
                            FluxException.class, e -> assertThat(e.code()).isEqualTo(WalError.SETTINGS));
        }
        assertThat(Optional.of(good.getString("replay-filter.mode"))).contains("off");
    }
}
