package io.fluxrig.benchmarks.rack;

import io.fluxrig.node.MovableRacks;
import io.fluxrig.node.Postgres;
import io.fluxrig.wal.Wal;
import io.fluxrig.wal.WalSettings;
import io.fluxrig.wal.WalWrite;
import java.io.Closeable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The log of a movable Rack beside the same log on a local disk, and beside a bare loop that inserts groups of the same size into a table, each committed, in one run.
 * Arguments: directory, JDBC URL, seconds for each part, rounds.
 */
public final class RackBenchmark {
    private static final int RECORD = 600;
    private static final int IN_FLIGHT = 512;

    private RackBenchmark() {}

    private record Run(double perSecond, double groupBytes) {}

    public static void main(String[] arguments) throws Exception {
        Locale.setDefault(Locale.ROOT);
        Path directory = Path.of(arguments[0]);
        Postgres postgres = new Postgres(arguments[1], "");
        double seconds = Double.parseDouble(arguments[2]);
        int rounds = Integer.parseInt(arguments[3]);
        double[] here = new double[rounds];
        double[] there = new double[rounds];
        double[] bare = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            here[i] = run(directory.resolve("local-" + i), seconds).perSecond();
            Path rack = Files.createDirectories(directory.resolve("racks/bench-" + i));
            Run mirrored;
            try (Closeable hosted = MovableRacks.in(postgres).host("bench-" + i, rack, why -> {})) {
                mirrored = run(rack.resolve("wal"), seconds);
            }
            there[i] = mirrored.perSecond();
            bare[i] = bareInserts(postgres, (int) mirrored.groupBytes(), seconds);
            System.out.printf(
                    "round %d: local %,.0f/s  movable %,.0f/s in groups of %,.0f bytes  bare inserts of that size %,.0f/s%n",
                    i, here[i], there[i], mirrored.groupBytes(), bare[i]);
        }
        System.out.printf(
                "median: local %,.0f/s  movable %,.0f/s (%.2f of it)  bare inserts %,.0f/s (movable %.2f of them)%n",
                median(here), median(there), median(there) / median(here), median(bare), median(there) / median(bare));
    }

    private static Run run(Path log, double seconds) throws Exception {
        byte[] payload = new byte[RECORD];
        new Random(1).nextBytes(payload);
        try (Wal wal = Wal.open(WalSettings.defaults(log, "bench"))) {
            Semaphore credits = new Semaphore(IN_FLIGHT);
            AtomicLong acknowledged = new AtomicLong();
            long sequence = append(wal, payload, 0, credits, acknowledged, 1);
            long groups = wal.stats().groups();
            long bytes = wal.stats().bytes();
            acknowledged.set(0);
            long begin = System.nanoTime();
            append(wal, payload, sequence, credits, acknowledged, seconds);
            double took = (System.nanoTime() - begin) / 1e9;
            return new Run(
                    acknowledged.get() / took,
                    (double) (wal.stats().bytes() - bytes) / (wal.stats().groups() - groups));
        }
    }

    private static long append(
            Wal wal, byte[] payload, long from, Semaphore credits, AtomicLong acknowledged, double seconds)
            throws InterruptedException {
        long sequence = from;
        long until = System.nanoTime() + (long) (seconds * 1e9);
        while (System.nanoTime() < until) {
            credits.acquire();
            wal.append(List.of(WalWrite.of("bench", ++sequence, 1, "m", payload)))
                    .whenComplete((done, problem) -> {
                        acknowledged.incrementAndGet();
                        credits.release();
                    });
        }
        credits.acquire(IN_FLIGHT);
        credits.release(IN_FLIGHT);
        return sequence;
    }

    /** Records a second that one connection could store at most, in groups of that size. */
    private static double bareInserts(Postgres postgres, int groupBytes, double seconds) throws Exception {
        byte[] group = new byte[groupBytes];
        new Random(2).nextBytes(group);
        try (Connection db = postgres.connect();
                Statement sql = db.createStatement()) {
            sql.execute("DROP TABLE IF EXISTS bare");
            sql.execute("CREATE TABLE bare (at BIGINT PRIMARY KEY, content BYTEA)");
            sql.execute("ALTER TABLE bare ALTER COLUMN content SET STORAGE EXTERNAL");
            try (PreparedStatement insert = db.prepareStatement("INSERT INTO bare VALUES (?, ?)")) {
                long begin = System.nanoTime();
                long count = 0;
                while (System.nanoTime() - begin < seconds * 1e9) {
                    insert.setLong(1, count++);
                    insert.setBytes(2, group);
                    insert.executeUpdate();
                }
                return count * (double) groupBytes / RECORD / ((System.nanoTime() - begin) / 1e9);
            }
        }
    }

    private static double median(double[] figures) {
        double[] sorted = figures.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
