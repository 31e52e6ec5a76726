package io.fluxrig.node;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fluxrig.audit.RackFiles;
import io.fluxrig.audit.Story;
import io.fluxrig.scenario.DataDir;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxId;
import io.fluxrig.spec.BlobStore;
import io.fluxrig.spec.Spec;
import io.fluxrig.spec.Specs;
import io.fluxrig.vault.DataKeys;
import io.fluxrig.vault.Leaf;
import io.fluxrig.vault.Vault;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows somebody what the vault of a running Rack holds of a signal, and not before a durable leaf says who sees it. On a thread of its own: a log is long.
 */
final class Disclosure implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Disclosure.class);
    private static final int QUEUE = 16;
    /** As much as goes to another node in one message. */
    private static final int MAX_BYTES = 2 << 20;

    private static final long SECONDS_TO_RECORD = 5;

    private final String rack;
    private final RackFiles files;
    private final Path kek;
    private final BlobStore blobs;
    private final Vault vault;
    private final ControlLeaves control;
    private final ThreadPoolExecutor thread = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(QUEUE),
            Thread.ofPlatform().daemon().name("disclosure").factory());

    Disclosure(String rack, DataDir data, Vault vault, ControlLeaves control) {
        this.rack = rack;
        this.files = new RackFiles(data.root(), rack);
        this.kek = data.kekFile(rack);
        this.blobs = data.blobs();
        this.vault = vault;
        this.control = control;
    }

    /** Answers as soon as it can, and at once where too many wait. */
    void answer(Rack.Disclose asked) {
        try {
            thread.execute(() -> asked.replyTo().tell(answered(asked)));
        } catch (RejectedExecutionException full) {
            asked.replyTo()
                    .tell(new Disclosed.No(new FluxException(
                            NodeError.DISCLOSURE, "more than " + QUEUE + " questions wait, or the Rack stops")));
        }
    }

    private Disclosed answered(Rack.Disclose asked) {
        try {
            // Anew each time: a key that was shredded meanwhile opens nothing more.
            DataKeys keys = DataKeys.readOnly(files.dataKeys(), kek);
            List<Leaf> leaves = Story.of(files, keys, asked.id(), indexed -> {});
            if (leaves.isEmpty()) {
                throw new FluxException(
                        NodeError.NOT_IN_VAULT, "'" + rack + "' has no leaf of " + FluxId.text(asked.id()));
            }
            Bytes story = story(asked, leaves, keys);
            record(asked);
            return new Disclosed.Story(story);
        } catch (FluxException refused) {
            return new Disclosed.No(refused);
        } catch (RuntimeException problem) {
            // Its text may hold what was read.
            LOG.error("a signal cannot be shown: {}", problem.getClass().getName());
            return new Disclosed.No(
                    new FluxException(NodeError.DISCLOSURE, problem.getClass().getSimpleName()));
        }
    }

    private Bytes story(Rack.Disclose asked, List<Leaf> leaves, DataKeys keys) {
        Map<Bytes, Optional<Spec>> specs = new HashMap<>();
        ObjectNode document = JsonNodeFactory.instance
                .objectNode()
                .put("id", FluxId.text(asked.id()))
                .put("rack", rack);
        ArrayNode all = document.putArray("leaves");
        for (Leaf leaf : leaves) {
            all.add(LeafJson.of(leaf, keys, specs.computeIfAbsent(leaf.spec(), this::spec), asked.clear()));
        }
        byte[] json = document.toString().getBytes(StandardCharsets.UTF_8);
        if (json.length > MAX_BYTES) {
            throw new FluxException(
                    NodeError.DISCLOSURE, "its story of " + leaves.size() + " leaves is longer than " + MAX_BYTES);
        }
        return Bytes.wrap(json);
    }

    private Optional<Spec> spec(Bytes sha256) {
        try {
            return blobs.has(sha256) ? Optional.of(Specs.open(blobs, sha256)) : Optional.empty();
        } catch (FluxException notASpec) {
            return Optional.empty();
        }
    }

    /** Returns once it is on disk who is about to see what. */
    private void record(Rack.Disclose asked) {
        control.reveal(asked);
        try {
            vault.checkpoint().toCompletableFuture().get(SECONDS_TO_RECORD, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException notDurable) {
            throw new FluxException(NodeError.DISCLOSURE, "the vault has not recorded in time who looks", notDurable);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new FluxException(NodeError.DISCLOSURE, "the Rack stops");
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
