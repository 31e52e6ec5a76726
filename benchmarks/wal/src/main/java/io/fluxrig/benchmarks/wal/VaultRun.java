package io.fluxrig.benchmarks.wal;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.fluxrig.signal.FluxMsg;
import io.fluxrig.signal.SigningKey;
import io.fluxrig.vault.DataKeys;
import io.fluxrig.vault.Vault;
import io.fluxrig.wal.Wal;
import io.fluxrig.wal.WalStats;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Signals through the real vault: encrypted, hashed into the tree, forced and acknowledged. */
final class VaultRun implements AutoCloseable {
    private static final int IN_FLIGHT = 512;

    /** What a run gave. */
    record Figures(long signals, double seconds, long walBytes, long leafBytes, long groups, double fsyncMicros) {
        double perSecond() {
            return signals / seconds;
        }

        double bytesPerSecond() {
            return walBytes / seconds;
        }
    }

    private final ActorSystem<Void> system;
    private final Vault vault;
    private final Signals signals;
    private final WalStats wal;

    VaultRun(Path dir, String name, long snapshotBytes, Config journal) throws Exception {
        this(dir, "bench/vault/" + name + "/1", SigningKey.generate(new SecureRandom()), snapshotBytes, journal);
    }

    /** @param key signs the checkpoints of {@code origin} */
    VaultRun(Path dir, String origin, SigningKey key, long snapshotBytes, Config journal) throws Exception {
        Config config = journal.withFallback(ConfigFactory.parseResources("benchmark.conf"))
                .withFallback(ConfigFactory.load())
                .resolve();
        CompletableFuture<Vault.Event> opened = new CompletableFuture<>();
        system = ActorSystem.create(
                Behaviors.<Void>setup(context -> {
                    ActorRef<Vault.Event> owner = context.spawn(
                            Behaviors.receiveMessage((Vault.Event event) -> {
                                if (!opened.complete(event)) {
                                    // A run that waits for what never comes says nothing.
                                    System.err.println("the vault stopped: " + event);
                                    Runtime.getRuntime().halt(1);
                                }
                                return Behaviors.same();
                            }),
                            "owner");
                    Vault.spawn(
                            context,
                            Vault.Settings.of(
                                    origin,
                                    key,
                                    DataKeys.open(dir.resolve("keys"), dir.resolve("kek"), new SecureRandom()),
                                    dir.resolve("checkpoints"),
                                    new Vault.Journal(
                                            "bench.journal",
                                            "bench.snapshots",
                                            config,
                                            snapshotBytes,
                                            (n, leaves) -> {})),
                            owner);
                    return Behaviors.empty();
                }),
                "bench",
                config);
        if (!(opened.get() instanceof Vault.Opened open)) {
            throw new IllegalStateException("the vault does not open: " + opened.get());
        }
        vault = open.vault();
        signals = new Signals(dir);
        wal = Wal.running().stream().findFirst().map(Wal::stats).orElse(null);
    }

    static Config wal(Path dir) {
        Config defaults = ConfigFactory.load();
        return ConfigFactory.parseMap(Map.of(
                        "bench.journal.dir", dir.resolve("wal").toString(),
                        "bench.journal.owner", "bench",
                        "bench.snapshots.dir", dir.resolve("snapshots").toString()))
                .withFallback(defaults.getConfig("persistence.wal").atPath("bench.journal"))
                .withFallback(defaults.getConfig("persistence.wal-snapshots").atPath("bench.snapshots"));
    }

    /** As many signals as go through with 512 in flight. */
    Figures throughput(double seconds, boolean wholeLife) throws InterruptedException {
        Semaphore credits = new Semaphore(IN_FLIGHT);
        AtomicLong ended = new AtomicLong();
        long groups = wal == null ? 0 : wal.groups();
        long bytes = wal == null ? 0 : wal.bytes();
        long nanos = wal == null ? 0 : wal.fsyncNanos();
        long leafBytes = vault.stats().bytes();
        long begin = System.nanoTime();
        long until = begin + (long) (seconds * 1e9);
        while (System.nanoTime() < until) {
            credits.acquire();
            FluxMsg message = signals.next();
            vault.append(signals.ingress(message, entry -> {
                ended.incrementAndGet();
                credits.release();
            }));
            if (wholeLife) {
                vault.append(signals.done(message.id()));
            }
        }
        credits.acquire(IN_FLIGHT);
        double took = (System.nanoTime() - begin) / 1e9;
        long forced = wal == null ? 0 : wal.groups() - groups;
        return new Figures(
                ended.get(),
                took,
                wal == null ? 0 : wal.bytes() - bytes,
                vault.stats().bytes() - leafBytes,
                forced,
                forced == 0 ? 0 : (wal.fsyncNanos() - nanos) / 1e3 / forced);
    }

    /** Microseconds from the moment at which a signal was due to its acknowledgement, at a steady rate: late sending counts as waiting. */
    Histogram latency(double perSecond, double seconds) {
        Histogram micros = new ConcurrentHistogram(60_000_000L, 3);
        long count = (long) (perSecond * seconds);
        AtomicLong open = new AtomicLong(count);
        long begin = System.nanoTime();
        double interval = 1e9 / perSecond;
        for (long i = 0; i < count; i++) {
            long due = begin + (long) (i * interval);
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(20_000);
            }
            FluxMsg message = signals.next();
            vault.append(signals.ingress(message, entry -> {
                micros.recordValue(Math.min(60_000_000L, (System.nanoTime() - due) / 1000));
                open.decrementAndGet();
            }));
            vault.append(signals.done(message.id()));
        }
        while (open.get() > 0) {
            LockSupport.parkNanos(1_000_000);
        }
        return micros;
    }

    /** Appends signals with their ends until the log has this many leaves, and signs a checkpoint over all. */
    double fill(long leaves) throws Exception {
        long begin = System.nanoTime();
        while (vault.stats().appended() < leaves) {
            throughput(1, true);
        }
        vault.checkpoint().toCompletableFuture().get();
        return (System.nanoTime() - begin) / 1e9;
    }

    double fsyncMicros() {
        return wal.fsyncNanos() / 1e3 / Math.max(1, wal.groups());
    }

    @Override
    public void close() {
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().join();
    }
}
