package io.fluxrig.vault;

import com.typesafe.config.Config;
import io.fluxrig.signal.SigningKey;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * A Rack's log of every signal, open for appending. Leaves that are appended by one call are durable together or not at
 * all, and leaves are stored in the order of the calls. Safe for use from any thread; never blocks.
 */
public final class Vault {
    /**
     * Where the vault's groups and snapshots go.
     *
     * @param id of the journal plugin
     * @param snapshotsId of the snapshot plugin
     * @param config defines both
     * @param snapshotBytes after so many bytes of leaves a snapshot is taken: a start reads hardly more than that
     * @param covered told the sequence number up to which no start needs events any more, and a number of leaves that they hold at most
     */
    public record Journal(String id, String snapshotsId, Config config, long snapshotBytes, Covered covered) {
        /** Takes what a start does not need any more. */
        public interface Covered {
            void accept(long sequenceNr, long leaves);
        }

        /** Where the journal's segments are. */
        Path directory() {
            return Path.of(config.getString(id + ".dir"));
        }

        /** A snapshot every 64 MiB. */
        public static final long SNAPSHOT_BYTES = 64L << 20;
    }

    /** What the vault is made of. */
    public record Settings(
            String origin,
            SigningKey rackKey,
            DataKeys dataKeys,
            Path checkpoints,
            Journal journal,
            SecureRandom random,
            int maxGroupBytes,
            int maxGroupLeaves,
            int maxQueuedLeaves,
            Duration checkpointEvery,
            int checkpointLeaves,
            Committed committed) {

        /** Told of each group that is durable, on the vault's thread; must be quick. */
        public interface Committed {
            void group(int leaves, long nanos);
        }

        /** Groups of at most 1 MiB and 4,096 leaves; a checkpoint every second or 1,000 leaves (FORMATS section 7). */
        public static Settings of(
                String origin, SigningKey rackKey, DataKeys dataKeys, Path checkpoints, Journal journal) {
            return new Settings(
                    origin,
                    rackKey,
                    dataKeys,
                    checkpoints,
                    journal,
                    new SecureRandom(),
                    1 << 20,
                    4096,
                    262_144,
                    Duration.ofSeconds(1),
                    1000,
                    (leaves, nanos) -> {});
        }

        /** The same, with somebody who looks at the groups. */
        public Settings watchedBy(Committed watcher) {
            return new Settings(
                    origin,
                    rackKey,
                    dataKeys,
                    checkpoints,
                    journal,
                    random,
                    maxGroupBytes,
                    maxGroupLeaves,
                    maxQueuedLeaves,
                    checkpointEvery,
                    checkpointLeaves,
                    watcher);
        }
    }

    /** How opening ended, and later whether the vault died. */
    public sealed interface Event {}

    /**
     * The vault is open.
     *
     * @param open the signals that a crash left without an end, oldest first
     * @param arrivals how far other Racks have handed signals over
     */
    public record Opened(Vault vault, long size, long lastAt, List<OpenSignal> open, Map<Arrivals.Way, Long> arrivals)
            implements Event {}

    /** The vault cannot be opened, or cannot go on; nothing more is acknowledged. */
    public record Fault(Throwable cause) implements Event {}

    private final ActorRef<VaultFront.Command> front;
    private final Stats stats;

    Vault(ActorRef<VaultFront.Command> front, Stats stats) {
        this.front = front;
        this.stats = stats;
    }

    /**
     * Spawns the actor that opens and runs a vault. It tells {@code owner} once {@link Opened} or {@link Fault}, and {@link Fault} later
     * if it dies.
     */
    public static ActorRef<?> spawn(ActorContext<?> context, Settings settings, ActorRef<Event> owner) {
        return context.spawn(VaultFront.create(settings, owner), "vault");
    }

    /** Appends these leaves as one unit. */
    public void append(List<LeafDraft> leaves) {
        front.tell(new VaultFront.Append(leaves));
    }

    public void append(LeafDraft leaf) {
        front.tell(new VaultFront.Append(List.of(leaf)));
    }

    /** Completes when everything appended before is durable and under a signed checkpoint. */
    public CompletionStage<Long> checkpoint() {
        CompletableFuture<Long> done = new CompletableFuture<>();
        front.tell(new VaultFront.Seal(done));
        return done;
    }

    public Stats stats() {
        return stats;
    }

    /** Figures for people and metrics; each is exact by itself, together they are a moment's blur. */
    public static final class Stats {
        final AtomicLong appended = new AtomicLong();
        final AtomicLong durable = new AtomicLong();
        final AtomicLong sealed = new AtomicLong();
        final AtomicLong groups = new AtomicLong();
        final AtomicLong bytes = new AtomicLong();

        /** Leaves that have an index. */
        public long appended() {
            return appended.get();
        }

        /** Leaves whose group was forced to disk. */
        public long durable() {
            return durable.get();
        }

        /** Leaves under the last signed checkpoint. */
        public long sealed() {
            return sealed.get();
        }

        public long groups() {
            return groups.get();
        }

        /** Bytes of durable leaves. */
        public long bytes() {
            return bytes.get();
        }
    }
}
