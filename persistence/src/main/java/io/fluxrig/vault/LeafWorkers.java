package io.fluxrig.vault;

import io.fluxrig.signal.FluxException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Reads and hashes groups of leaves on a thread for each core, and hands them over in the order in which they came, on the caller's thread. Holds a few batches at a time,
 * whatever the size of the log.
 */
final class LeafWorkers implements AutoCloseable {
    private static final int BATCH_BYTES = 1 << 18;
    private static final int CORES = Runtime.getRuntime().availableProcessors();

    private record Group(byte[] bytes, String where) {}

    private record Read(List<HashedLeaf> leaves, String where, VaultReader.Problem problem) {}

    private final ExecutorService threads = Executors.newFixedThreadPool(
            CORES, Thread.ofPlatform().daemon().name("leaves-", 0).factory());
    private final ArrayDeque<Future<List<Read>>> underWay = new ArrayDeque<>();
    private final VaultReader.HashedLeaves taker;
    private final List<VaultReader.Problem> problems;
    private List<Group> batch = new ArrayList<>();
    private int batchBytes;

    /** @param problems where what is no leaf is told */
    LeafWorkers(VaultReader.HashedLeaves taker, List<VaultReader.Problem> problems) {
        this.taker = taker;
        this.problems = problems;
    }

    void add(byte[] group, String where) {
        batch.add(new Group(group, where));
        batchBytes += group.length;
        if (batchBytes >= BATCH_BYTES) {
            submit();
        }
    }

    private void submit() {
        List<Group> due = batch;
        batch = new ArrayList<>();
        batchBytes = 0;
        underWay.add(threads.submit(() -> due.stream().map(LeafWorkers::read).toList()));
        if (underWay.size() > 2 * CORES) {
            take();
        }
    }

    /** Waits for everything that was added. */
    void finish() {
        submit();
        while (!underWay.isEmpty()) {
            take();
        }
    }

    private void take() {
        List<Read> done;
        try {
            done = underWay.remove().get();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new FluxException(VaultError.FAILED, "reading was interrupted", stopped);
        } catch (ExecutionException failed) {
            throw new IllegalStateException("a worker failed", failed.getCause());
        }
        for (Read read : done) {
            for (HashedLeaf leaf : read.leaves()) {
                taker.leaf(leaf, read.where());
            }
            if (read.problem() != null) {
                problems.add(read.problem());
            }
        }
    }

    /** Up to the first place that is no leaf. */
    private static Read read(Group group) {
        List<HashedLeaf> leaves = new ArrayList<>();
        try {
            HashedLeaf.Reader reader = new HashedLeaf.Reader(group.bytes());
            for (int at = 0; at < group.bytes().length; at = reader.end()) {
                leaves.add(reader.at(at));
            }
            return new Read(leaves, group.where(), null);
        } catch (FluxException bad) {
            return new Read(leaves, group.where(), new VaultReader.Problem(false, group.where(), bad.what()));
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
