package io.fluxrig.benchmarks.wal;

import com.typesafe.config.ConfigFactory;
import io.fluxrig.vault.Vault;
import io.fluxrig.wal.Wal;
import io.fluxrig.wal.WalScan;
import io.fluxrig.wal.WalSettings;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** Everything in one run, one after the other, on one disk. Arguments: directory, seconds for each part, JDBC URL or "none". */
public final class WalBenchmark {
    private static final PrintStream OUT = System.out;
    private static final int BARE_GROUP = 64 << 10;
    private static final double SOAK_RATE = 20_000;

    private WalBenchmark() {}

    public static void main(String[] args) throws Exception {
        Path dir = Path.of(args[0]);
        double seconds = Double.parseDouble(args[1]);
        Locale.setDefault(Locale.ROOT);
        if (args.length > 3) {
            soak(dir, seconds);
            return;
        }
        BareLoop.run(fresh(dir, "warm-bare"), BARE_GROUP, 1);
        try (VaultRun warm = vault(fresh(dir, "warm"))) {
            warm.throughput(seconds, true);
        }
        VaultRun.Figures figures;
        Path walDir = fresh(dir, "vault");
        // A signal that never ends stays in the vault's memory and in each snapshot: this part is without snapshots,
        // the next with all that a node does.
        try (VaultRun run = new VaultRun(walDir, "bench", Long.MAX_VALUE, VaultRun.wal(walDir))) {
            run.throughput(3, false);
            figures = run.throughput(seconds, false);
        }
        int group = (int) (figures.walBytes() / Math.max(1, figures.groups()));
        BareLoop.Figures bare = BareLoop.run(fresh(dir, "bare"), group, seconds);
        OUT.printf(
                "vault        %,10.0f signals/s  %6.1f MB/s to disk  groups of %,d bytes, force %,.0f us, %.3f bytes on disk for each byte of leaf%n",
                figures.perSecond(),
                figures.bytesPerSecond() / 1e6,
                group,
                figures.fsyncMicros(),
                (double) figures.walBytes() / figures.leafBytes());
        OUT.printf(
                "bare loop    %6.1f MB/s in groups of that size, force p50 %d us: the vault reaches %.0f %%%n",
                bare.bytesPerSecond() / 1e6,
                bare.forceMicros().getValueAtPercentile(50),
                100 * figures.bytesPerSecond() / bare.bytesPerSecond());
        VaultRun.Figures life;
        try (VaultRun run = vault(fresh(dir, "life"))) {
            run.throughput(2, true);
            life = run.throughput(seconds, true);
            OUT.printf(
                    "whole life   %,10.0f signals/s, each with its end: two leaves, snapshots as in a node; %.1f MB/s to disk%n",
                    life.perSecond(), life.bytesPerSecond() / 1e6);
        }
        try (VaultRun run = vault(fresh(dir, "latency"))) {
            run.throughput(3, true);
            double half = life.perSecond() / 2;
            Histogram micros = run.latency(half, seconds);
            BareLoop.Figures beside = BareLoop.run(fresh(dir, "bare2"), 4096, 2);
            OUT.printf(
                    "latency      at %,.0f a second: p50 %,d us, p99 %,d us, p99.9 %,d us; a bare force of 4 KiB: p50 %,d us, p99 %,d us%n",
                    half,
                    micros.getValueAtPercentile(50),
                    micros.getValueAtPercentile(99),
                    micros.getValueAtPercentile(99.9),
                    beside.forceMicros().getValueAtPercentile(50),
                    beside.forceMicros().getValueAtPercentile(99));
        }
        replay(walDir.resolve("wal"));
        double chronicle = ChronicleRun.perSecond(fresh(dir, "chronicle"), seconds);
        OUT.printf(
                "chronicle    %,10.0f messages/s, plain, forced in groups of 512: the vault reaches %.2f x%n",
                chronicle, figures.perSecond() / chronicle);
        if (!args[2].equals("none")) {
            double jdbc = JdbcRun.perSecond(fresh(dir, "jdbc"), args[2], seconds);
            OUT.printf(
                    "postgresql   %,10.0f signals/s, one event each: the vault reaches %.0f x%n",
                    jdbc, figures.perSecond() / jdbc);
        }
    }

    private static VaultRun vault(Path dir) throws Exception {
        return new VaultRun(dir, "bench", Vault.Journal.SNAPSHOT_BYTES, VaultRun.wal(dir));
    }

    private static Path fresh(Path dir, String name) throws Exception {
        return Files.createDirectories(dir.resolve(name));
    }

    private static void replay(Path wal) {
        long[] records = new long[1];
        long begin = System.nanoTime();
        WalScan.Report report = WalScan.read(wal, record -> records[0]++);
        double scan = (System.nanoTime() - begin) / 1e9;
        long before = System.nanoTime();
        long[] replayed = new long[1];
        try (Wal open = Wal.open(WalSettings.of(ConfigFactory.parseMap(Map.of("dir", wal.toString()))
                .withFallback(ConfigFactory.load().getConfig("persistence.wal"))))) {
            double opened = (System.nanoTime() - before) / 1e9;
            long start = System.nanoTime();
            long[] leaves = new long[1];
            open.replay("vault", 1, Long.MAX_VALUE, Long.MAX_VALUE, record -> {
                replayed[0]++;
                leaves[0] += record.payload().length;
            });
            double took = (System.nanoTime() - start) / 1e9;
            OUT.printf(
                    "replay       %,d groups with %,d bytes of leaves in %.2f s (%.0f MB/s); opening %.2f s for %.2f GiB; a full check %.2f s%n",
                    replayed[0], leaves[0], took, leaves[0] / took / 1e6, opened, report.bytes() / 1073741824.0, scan);
        }
    }

    private static void soak(Path dir, double seconds) throws Exception {
        try (VaultRun run = vault(fresh(dir, "soak"))) {
            long end = System.nanoTime() + (long) (seconds * 1e9);
            while (System.nanoTime() < end) {
                Histogram micros = run.latency(SOAK_RATE, Math.min(30, seconds));
                System.gc();
                Runtime runtime = Runtime.getRuntime();
                OUT.printf(
                        "%,.0f signals/s: p50 %,d us, p99 %,d us; heap after a collection %,d MiB%n",
                        SOAK_RATE,
                        micros.getValueAtPercentile(50),
                        micros.getValueAtPercentile(99),
                        (runtime.totalMemory() - runtime.freeMemory()) >> 20);
            }
        }
    }
}
