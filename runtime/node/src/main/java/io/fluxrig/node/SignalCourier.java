package io.fluxrig.node;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.typesafe.config.Config;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.Mirror;
import io.fluxrig.vault.DataKeys;
import io.fluxrig.vault.Leaf;
import io.fluxrig.vault.VaultTail;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings facts about signals from a Rack's vault to the Mixer: in order, again until they are taken, and no faster than it may. The place up to which they were taken is
 * kept beside the log; a Mixer that has lost its book gets everything again. On a thread of its own: a signal never waits for it.
 */
final class SignalCourier implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SignalCourier.class);
    private static final int GROUPS = 64;
    private static final int LEAVES = 2_000;

    /** Takes facts; answers which leaf it wants next, or throws where it cannot be reached. */
    interface Receiver {
        long take(Bytes facts) throws InterruptedException;
    }

    /**
     * @param every how often the vault is looked at
     * @param leavesPerSecond how fast it is read at most
     */
    record Settings(Duration every, int leavesPerSecond) {
        static Settings of(Config config) {
            Config its = config.getConfig("fluxrig.metadata");
            return new Settings(its.getDuration("every"), Math.max(1, its.getInt("leaves-per-second")));
        }
    }

    /** Durable groups behind a sequence number, at most so many. */
    interface Log {
        List<VaultTail.Group> after(long sequenceNr, int most);
    }

    /** Whose log it is, and where the place in it is kept. */
    record Source(String rack, String origin, Log log, Path cursor, DataKeys keys) {}

    private record Cursor(long sequenceNr, long leaf) {}

    private final Settings settings;
    private final Source source;
    private final SignalFacts.Borders borders;
    private final Receiver mixer;
    private final ScheduledExecutorService thread;
    private volatile Cursor cursor;
    private volatile long oldestAt;
    private boolean told;
    private ScheduledFuture<?> round;

    private SignalCourier(Settings settings, Source source, SignalFacts.Borders borders, Receiver mixer) {
        this.settings = settings;
        this.source = source;
        this.borders = borders;
        this.mixer = mixer;
        this.cursor = read(source.cursor());
        this.thread = Executors.newSingleThreadScheduledExecutor(
                Thread.ofVirtual().name("signal-courier").factory());
    }

    /** @param first how long it leaves the machine to what is more urgent, unless it is told to go */
    static SignalCourier start(
            Settings settings, Source source, SignalFacts.Borders borders, Receiver mixer, Duration first) {
        SignalCourier courier = new SignalCourier(settings, source, borders, mixer);
        courier.after(first);
        return courier;
    }

    private void after(Duration first) {
        round = thread.scheduleWithFixedDelay(
                this::deliver, first.toMillis(), settings.every().toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Looks at once, and then again and again. */
    void go() {
        if (round.cancel(false)) {
            after(Duration.ZERO);
        }
    }

    private void deliver() {
        try {
            while (!thread.isShutdown() && deliverSome()) {
                // there is more
            }
            told = false;
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            if (!told) {
                told = true;
                LOG.warn(
                        "facts about signals of {} wait in the vault: {}",
                        source.rack(),
                        e instanceof FluxException refusal
                                ? refusal.line()
                                : e.getClass().getSimpleName());
            }
        }
    }

    private boolean deliverSome() throws InterruptedException, IOException {
        List<Leaf> leaves = new ArrayList<>();
        long behind = cursor.sequenceNr();
        for (VaultTail.Group group : source.log().after(behind, GROUPS)) {
            if (!leaves.isEmpty() && leaves.size() + group.leaves().size() > LEAVES) {
                break;
            }
            leaves.addAll(group.leaves());
            behind = group.sequenceNr();
        }
        if (leaves.isEmpty()) {
            oldestAt = 0;
            return false;
        }
        oldestAt = leaves.getFirst().at();
        SignalFacts facts = SignalFacts.of(source.rack(), source.origin(), leaves, source.keys(), borders);
        long next = mixer.take(facts.encode());
        if (next < facts.from()) {
            LOG.warn("the Mixer wants signals of {} from leaf {} on: they are brought again", source.rack(), next);
            move(new Cursor(0, 0));
        } else {
            move(new Cursor(behind, facts.to()));
        }
        TimeUnit.MICROSECONDS.sleep(leaves.size() * 1_000_000L / settings.leavesPerSecond());
        return true;
    }

    /** How many durable leaves have not been brought yet. */
    long backlog(LongSupplier durable) {
        return Math.max(0, durable.getAsLong() - cursor.leaf());
    }

    /** When the oldest of them was made, unix nanoseconds; 0 where there is none. */
    long oldestAt() {
        return oldestAt;
    }

    private void move(Cursor to) throws IOException {
        Path file = source.cursor();
        Files.createDirectories(file.getParent());
        Path temporary = file.resolveSibling("cursor.tmp");
        byte[] content = (source.origin() + " " + to.sequenceNr() + " " + to.leaf() + "\n").getBytes(US_ASCII);
        Files.write(temporary, content);
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Optional<Mirror.Place> elsewhere = Mirror.of(file);
        if (elsewhere.isPresent()) {
            elsewhere
                    .get()
                    .mirror()
                    .keep(List.of(new Mirror.Change.Replace(elsewhere.get().name(), content)));
        }
        cursor = to;
    }

    /** A cursor that is missing, damaged or of another log is none: what was taken before is not taken twice. */
    private Cursor read(Path file) {
        try {
            String[] parts = Files.readString(file).strip().split(" ");
            if (parts.length == 3 && parts[0].equals(source.origin())) {
                return new Cursor(Long.parseLong(parts[1]), Long.parseLong(parts[2]));
            }
        } catch (IOException | NumberFormatException none) {
            LOG.debug("no cursor in {}", file);
        }
        return new Cursor(0, 0);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
