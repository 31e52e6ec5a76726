package io.fluxrig.node;

import io.fluxrig.audit.Proofs;
import io.fluxrig.audit.RackFiles;
import io.fluxrig.audit.WitnessRequest;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import io.fluxrig.vault.CheckpointFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows a Rack's newest checkpoint to everybody who remembers its log, with a proof that it continues what they remember, and keeps their signatures
 * beside it. Works on a thread of its own: no signal waits for it, and nothing is lost where nobody answers.
 */
final class CheckpointCourier implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointCourier.class);

    private static final Duration LAST_PATIENCE = Duration.ofSeconds(2);

    private final RackFiles files;
    private final CheckpointFiles checkpoints;
    private final List<CheckpointOverseer> overseers;
    private final BiConsumer<CheckpointOverseer, String> denied;
    private final Map<CheckpointOverseer, Long> shown = new HashMap<>();
    private final Map<CheckpointOverseer, String> told = new HashMap<>();
    private final ScheduledExecutorService thread;

    private CheckpointCourier(
            RackFiles files, List<CheckpointOverseer> overseers, BiConsumer<CheckpointOverseer, String> denied) {
        this.files = files;
        this.checkpoints = new CheckpointFiles(files.checkpoints());
        this.overseers = List.copyOf(overseers);
        this.denied = denied;
        this.thread = Executors.newSingleThreadScheduledExecutor(
                Thread.ofVirtual().name("checkpoint-courier").factory());
    }

    /** @param denied told who says that this log is not the one it remembers, and why */
    static CheckpointCourier start(
            RackFiles files,
            List<CheckpointOverseer> overseers,
            Duration every,
            BiConsumer<CheckpointOverseer, String> denied) {
        CheckpointCourier courier = new CheckpointCourier(files, overseers, denied);
        courier.thread.scheduleWithFixedDelay(courier::showAll, 0, every.toMillis(), TimeUnit.MILLISECONDS);
        return courier;
    }

    private void showAll() {
        try {
            Optional<Path> newest = checkpoints.last();
            if (newest.isPresent()) {
                long size = CheckpointFiles.sizeOf(newest.get());
                byte[] note = Files.readAllBytes(newest.get());
                for (CheckpointOverseer overseer : overseers) {
                    if (shown.getOrDefault(overseer, -1L) < size) {
                        show(overseer, size, note);
                    }
                }
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("checkpoints of {} could not be shown: {}", files.rack(), e.toString());
        }
    }

    private void show(CheckpointOverseer overseer, long size, byte[] note) throws IOException {
        long from = Math.max(0, shown.getOrDefault(overseer, 0L));
        CheckpointOverseer.Seen seen = overseer.show(request(from, note));
        if (seen instanceof CheckpointOverseer.Remembers other && other.size() > 0 && other.size() < size) {
            seen = overseer.show(request(other.size(), note));
        }
        switch (seen) {
            case CheckpointOverseer.Cosigned cosigned -> {
                checkpoints.cosigned(size, note, cosigned.line());
                shown.put(overseer, size);
                told.remove(overseer);
            }
            case CheckpointOverseer.Remembers more ->
                deny(overseer, "it remembers " + more.size() + " leaves, the log has " + size);
            case CheckpointOverseer.Denied no -> deny(overseer, no.why());
            case CheckpointOverseer.NoAnswer none -> {
                if (isNews(overseer, none.why())) {
                    LOG.warn(
                            "{} does not countersign checkpoints of {}: {}", overseer.name(), files.rack(), none.why());
                }
            }
        }
    }

    private void deny(CheckpointOverseer overseer, String why) {
        if (isNews(overseer, why)) {
            LOG.error("{} says that the log of {} is not the one it knows: {}", overseer.name(), files.rack(), why);
        }
        denied.accept(overseer, why);
    }

    private boolean isNews(CheckpointOverseer overseer, String line) {
        return !line.equals(told.put(overseer, line));
    }

    /** With a proof where the overseer is known to remember something. */
    private WitnessRequest request(long from, byte[] note) {
        Bytes wrapped = Bytes.wrap(note);
        if (from == 0) {
            return new WitnessRequest(0, List.of(), wrapped);
        }
        try {
            return new WitnessRequest(from, Proofs.continuation(files, from, note), wrapped);
        } catch (FluxException notHere) {
            LOG.warn("no proof from {} leaves on: {}", from, notHere.line());
            return new WitnessRequest(from, List.of(), wrapped);
        }
    }

    /** Shows the last checkpoint before the Rack stops; whoever does not answer soon sees it at the next start. */
    CompletableFuture<Void> showLast() {
        return CompletableFuture.runAsync(this::showAll, thread)
                .completeOnTimeout(null, LAST_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
