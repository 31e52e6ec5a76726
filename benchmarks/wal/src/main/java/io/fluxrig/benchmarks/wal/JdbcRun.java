package io.fluxrig.benchmarks.wal;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.fluxrig.signal.FluxMsg;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;

/** The usual way: event-sourced actors over pekko-persistence-jdbc and PostgreSQL, one event for each signal, 512 actors at once. */
final class JdbcRun {
    private static final int ACTORS = 512;

    private JdbcRun() {}

    record Store(FluxMsg message, Runnable acknowledged) {}

    private static final class Actor extends EventSourcedBehavior<Store, FluxMsg, Integer> {
        private Actor(String id) {
            super(PersistenceId.ofUniqueId(id));
        }

        @Override
        public String journalPluginId() {
            return "jdbc-journal";
        }

        @Override
        public Integer emptyState() {
            return 0;
        }

        @Override
        public CommandHandler<Store, FluxMsg, Integer> commandHandler() {
            return (state, store) -> Effect()
                    .persist(store.message())
                    .thenRun(() -> store.acknowledged().run());
        }

        @Override
        public EventHandler<Integer, FluxMsg> eventHandler() {
            return (count, message) -> count + 1;
        }
    }

    static Config config(String url) {
        return ConfigFactory.parseMap(Map.of(
                        "jdbc-journal.slick.profile", "slick.jdbc.PostgresProfile$",
                        "jdbc-journal.slick.db.url", url,
                        "jdbc-journal.slick.db.user", "postgres",
                        "jdbc-journal.slick.db.password", "",
                        "jdbc-journal.slick.db.driver", "org.postgresql.Driver",
                        "jdbc-journal.slick.db.numThreads", 8,
                        "jdbc-journal.slick.db.maxConnections", 8))
                .withFallback(ConfigFactory.parseResources("benchmark.conf"))
                .withFallback(ConfigFactory.load())
                .resolve();
    }

    static double perSecond(Path dir, String url, double seconds) throws Exception {
        Signals signals = new Signals(dir);
        @SuppressWarnings({"unchecked", "rawtypes"})
        ActorRef<Store>[] actors = new ActorRef[ACTORS];
        CountDownLatch spawned = new CountDownLatch(1);
        Behavior<Void> root = Behaviors.setup(context -> {
            for (int i = 0; i < ACTORS; i++) {
                actors[i] = context.spawn(new Actor("bench-" + i), "bench-" + i);
            }
            spawned.countDown();
            return Behaviors.empty();
        });
        ActorSystem<Void> system = ActorSystem.create(root, "jdbc", config(url));
        try {
            spawned.await();
            AtomicLong ended = new AtomicLong();
            run(signals, actors, ended, 2);
            ended.set(0);
            long begin = System.nanoTime();
            run(signals, actors, ended, seconds);
            return ended.get() / ((System.nanoTime() - begin) / 1e9);
        } finally {
            system.terminate();
            system.getWhenTerminated().toCompletableFuture().get();
        }
    }

    private static void run(Signals signals, ActorRef<Store>[] actors, AtomicLong ended, double seconds)
            throws InterruptedException {
        Semaphore credits = new Semaphore(ACTORS);
        long until = System.nanoTime() + (long) (seconds * 1e9);
        for (int i = 0; System.nanoTime() < until; i = (i + 1) % ACTORS) {
            credits.acquire();
            actors[i].tell(new Store(signals.next(), () -> {
                ended.incrementAndGet();
                credits.release();
            }));
        }
        credits.acquire(ACTORS);
    }
}
