package io.fluxrig.wal;

import io.fluxrig.signal.FluxException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A write-ahead log in one directory. Safe for any number of callers; one thread of its own does all writing, and whatever was offered
 * while the disk was busy goes out with the next fsync.
 *
 * <p>What a completed append promises: the events are on the disk and every later read sees them. What a failed one means: the outcome is
 * not known until the log is opened again, except for TOO_LARGE, QUEUE_FULL and SECOND_WRITER, of which nothing was written.
 */
public final class Wal implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Wal.class);
    private static final Map<Path, Wal> RUNNING = new ConcurrentHashMap<>();

    private final FileSys fs;
    private final WalSettings settings;
    private final WalIndex index;
    private final WalStats stats;
    private final WriterThread writer;
    private final ExecutorService chores;
    private final Scrub scrub;
    private final Retire retire;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Wal(FileSys fs, WalSettings settings, Consumer<String> notices) throws IOException {
        this.fs = fs;
        this.settings = settings;
        this.index = new WalIndex();
        this.stats = new WalStats();
        this.chores = Executors.newSingleThreadExecutor(
                Thread.ofVirtual().name("wal-chores").factory());
        WalLog log;
        try (Opening opening = Opening.of(settings.dir())) {
            log = WalLog.open(fs, settings, index, chores, stats, opening, notices);
        } catch (IOException | RuntimeException e) {
            chores.shutdown();
            throw e;
        }
        this.writer = new WriterThread(log, index, settings);
        this.scrub = new Scrub(fs, settings.upkeep(), log, writer::stop);
        this.retire = new Retire(fs, settings, log, index);
    }

    /**
     * Opens the log, or makes it where the directory is empty or missing. Checks it first: every byte, or of a large log every byte since its
     * last sealed segment ({@link WalSettings.Upkeep#checkAtStart}).
     *
     * @throws FluxException with a {@link WalError}; category HELD where somebody has to act first. Nothing was changed then
     */
    public static Wal open(WalSettings settings) {
        try {
            Files.createDirectories(settings.dir());
        } catch (IOException e) {
            throw new FluxException(
                    WalError.UNREADABLE, "'" + settings.dir() + "' cannot be made: " + e.getMessage(), e);
        }
        return open(
                MirroredFileSys.of(settings.dir()),
                settings,
                notice -> LOG.warn("log '{}': {}", settings.dir(), notice));
    }

    static Wal open(FileSys fs, WalSettings settings, Consumer<String> notices) {
        try {
            Wal wal = new Wal(fs, settings, notices);
            RUNNING.put(known(settings.dir()), wal);
            wal.writer.start();
            wal.scrub.start();
            wal.retire.start();
            return wal;
        } catch (IOException e) {
            throw new FluxException(
                    WalError.UNREADABLE, "'" + settings.dir() + "' cannot be opened: " + e.getMessage(), e);
        }
    }

    /** Whether some process has the log open for writing. */
    public static boolean isInUse(Path dir) {
        if (!Files.isRegularFile(dir.resolve(Format.LOCK))) {
            return false;
        }
        try {
            Optional<Closeable> lock = new NioFileSys(dir).lock(Format.LOCK);
            if (lock.isPresent()) {
                lock.get().close();
            }
            return lock.isEmpty();
        } catch (IOException unreadable) {
            return false;
        }
    }

    /** All logs that are open in this process. */
    public static Collection<Wal> running() {
        return List.copyOf(RUNNING.values());
    }

    public Path dir() {
        return settings.dir();
    }

    public String owner() {
        return settings.owner();
    }

    public WalState state() {
        return writer.state();
    }

    public WalStats stats() {
        return stats;
    }

    /** Why nothing more is written, where the state is FAILED. */
    public Optional<FluxException> failure() {
        return writer.failure();
    }

    /** How far the background check of sealed segments is. */
    public Scrub.Progress scrub() {
        return scrub.progress();
    }

    /** The log that is open in this process over this directory. */
    public static Optional<Wal> over(Path dir) {
        return Optional.ofNullable(RUNNING.get(known(dir)));
    }

    private static Path known(Path dir) {
        return dir.toAbsolutePath().normalize();
    }

    /** Nobody needs the events up to this one to recover any more: their segments may be moved to the archive. */
    public void confirm(String persistenceId, long sequenceNr) {
        retire.confirm(persistenceId, sequenceNr);
    }

    /** Why nothing is archived although the policy asks for it; empty where nothing is wrong. */
    public String archiveTrouble() {
        return retire.trouble();
    }

    /** Bytes that wait for the disk. */
    public long queuedBytes() {
        return writer.queuedBytes();
    }

    /**
     * Appends events of one persistence id, all or none. Never blocks.
     *
     * @return completes when they are durable, on the log's own thread: continue elsewhere. Fails with a FluxException
     */
    public CompletionStage<Void> append(List<WalWrite> atomic) {
        if (atomic.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        Unit.Events unit = new Unit.Events(atomic.get(0).persistenceId(), List.copyOf(atomic));
        FluxException refused = refusal(unit);
        return refused != null ? CompletableFuture.failedFuture(refused) : writer.offer(unit);
    }

    /** Null where the write can be taken. Called by the journal before it offers anything, so that a rejection stands alone. */
    FluxException refusal(Unit.Events unit) {
        if (unit.bound() > settings.maxWriteBytes()) {
            return new FluxException(
                    WalError.TOO_LARGE, unit.bound() + " bytes in one write, at most " + settings.maxWriteBytes());
        }
        for (WalWrite write : unit.writes()) {
            boolean fits = write.persistenceId().equals(unit.persistenceId())
                    && short16(write.persistenceId())
                    && short16(write.manifest())
                    && short16(write.eventManifest())
                    && short16(write.writerUuid())
                    && write.tags().size() <= Format.MAX_TAGS
                    && write.tags().stream().allMatch(Wal::short16)
                    && write.metadata().map(m -> short16(m.manifest())).orElse(true);
            if (!fits) {
                return new FluxException(
                        WalError.TOO_LARGE, "a name, manifest or tag of more than 65535 bytes, or more than 255 tags");
            }
        }
        return null;
    }

    private static boolean short16(String text) {
        return text.length() <= Format.MAX_NAME / 3 || text.getBytes(StandardCharsets.UTF_8).length <= Format.MAX_NAME;
    }

    /** Deletes logically: the events are not replayed any more, the highest sequence number stays. */
    public CompletionStage<Void> deleteTo(String persistenceId, long toSequenceNr) {
        return settled().thenCompose(done -> {
            long to = Math.min(toSequenceNr, index.highest(persistenceId));
            return to <= index.deletedTo(persistenceId)
                    ? CompletableFuture.completedFuture(null)
                    : writer.offer(new Unit.Delete(persistenceId, to));
        });
    }

    /** Completes when everything that was offered before is durable or has failed. */
    public CompletionStage<Void> settled() {
        return writer.barrier();
    }

    /** The highest sequence number that is durable, deleted ones too; 0 where there is none. */
    public long highestSequenceNr(String persistenceId) {
        return index.highest(persistenceId);
    }

    /** Sorted; everything that ever had an event. */
    public List<String> persistenceIds() {
        return index.persistenceIds();
    }

    /**
     * Reads durable events in order, on the caller's thread and in flat memory.
     *
     * @param from first sequence number, inclusive
     * @param to last sequence number, inclusive
     * @param max how many at most
     * @throws FluxException DAMAGED where a record changed on disk since the log was opened
     */
    public void replay(String persistenceId, long from, long to, long max, Consumer<WalRecord> sink) {
        try (Replay replay = reader(persistenceId, from, to)) {
            for (long left = max; left > 0; left--) {
                WalRecord next = replay.next();
                if (next == null) {
                    return;
                }
                sink.accept(next);
            }
        }
    }

    /** The same, pulled one by one. */
    Replay reader(String persistenceId, long from, long to) {
        return new Replay(fs, index, writer.durable(), persistenceId, from, to);
    }

    /** Writes what is queued, then closes. What cannot be written fails with CLOSED. May be called again. */
    @Override
    public void close() {
        RUNNING.remove(known(settings.dir()), this);
        if (closed.compareAndSet(false, true)) {
            scrub.close();
            retire.close();
            writer.close();
            chores.shutdown();
        }
    }
}
