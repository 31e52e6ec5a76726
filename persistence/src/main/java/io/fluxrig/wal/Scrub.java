package io.fluxrig.wal;

import io.fluxrig.signal.FluxException;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads sealed segments again in the background, slowly, so that damage is found while a good copy may still exist. What a start passed over is
 * read first; then everything, at the rhythm of the settings. Reports the first place that is not as it was written, and stops the log there.
 */
public final class Scrub {
    /**
     * How far the check is.
     *
     * @param doneBytes of this round
     * @param totalBytes of this round; 0 before the first
     * @param rounds finished without a finding
     */
    public record Progress(long doneBytes, long totalBytes, long rounds) {
        public boolean idle() {
            return doneBytes >= totalBytes;
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(Scrub.class);
    private static final long NANOS = TimeUnit.SECONDS.toNanos(1);

    private final FileSys fs;
    private final WalSettings.Upkeep upkeep;
    private final WalLog log;
    private final Consumer<FluxException> stop;
    private final Background background = new Background("wal-scrub", this::run);
    private volatile Progress progress = new Progress(0, 0, 0);
    private long roundBegan;

    Scrub(FileSys fs, WalSettings.Upkeep upkeep, WalLog log, Consumer<FluxException> stop) {
        this.fs = fs;
        this.upkeep = upkeep;
        this.log = log;
        this.stop = stop;
    }

    void start() {
        background.start();
    }

    Progress progress() {
        return progress;
    }

    private void run() {
        try {
            boolean due = log.unread() != null;
            while (due || background.pause(upkeep.scrubEvery())) {
                due = false;
                Optional<FluxException> found = round();
                if (found.isPresent()) {
                    LOG.error("log '{}': {}", log.directory(), found.get().getMessage());
                    stop.accept(found.get());
                    return;
                }
            }
        } catch (Closing closed) {
            LOG.debug("log '{}' was closed during a scrub", log.directory());
        } catch (IOException e) {
            FluxException unreadable =
                    new FluxException(WalError.UNREADABLE, "'" + log.directory() + "': " + e.getMessage(), e);
            LOG.error("{}", unreadable.getMessage());
            stop.accept(unreadable);
        }
    }

    private Optional<FluxException> round() throws IOException {
        long live = log.durable().segment();
        if (live < 2) {
            return Optional.empty();
        }
        long total = Segments.of(fs).bytes() - log.liveSize();
        long rounds = progress.rounds();
        roundBegan = System.nanoTime();
        progress = new Progress(0, total, rounds);
        LogScan.Outcome outcome = new LogScan(fs, false, (header, start, frames) -> {}, done -> {
                    progress = new Progress(Math.min(done, total - 1), total, rounds);
                    keepPace(done);
                })
                .upTo(live - 1)
                .run();
        Optional<Finding> first =
                outcome.findings().stream().filter(f -> f.kind().holds()).findFirst();
        if (first.isPresent()) {
            return Optional.of(damaged(first.get().line()));
        }
        if (!leadsTo(live, outcome.end())) {
            return Optional.of(damaged(Format.segmentName(live) + ": does not follow the segment before it"));
        }
        progress = new Progress(total, total, rounds + 1);
        return Optional.empty();
    }

    private boolean leadsTo(long live, LogScan.End end) throws IOException {
        try (FileSys.OpenFile file = fs.open(Format.segmentName(live), FileSys.Mode.READ)) {
            SegmentHeader header = SegmentHeader.parse(Io.readExactly(file, 0, Block.SIZE));
            return header != null
                    && end != null
                    && header.firstNumber() == end.number() + 1
                    && Arrays.equals(header.previous(), end.chain());
        }
    }

    private FluxException damaged(String line) {
        return new FluxException(WalError.DAMAGED, "'" + log.directory() + "': " + line);
    }

    private void keepPace(long done) {
        long due = (long) ((double) done / upkeep.scrubPerSecond() * NANOS);
        long ahead = due - (System.nanoTime() - roundBegan);
        if (!background.pause(Duration.ofNanos(Math.max(0, ahead)))) {
            throw new Closing();
        }
    }

    /** Returns when the thread has ended. */
    void close() {
        background.close();
    }

    private static final class Closing extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Closing() {
            super("closing", null, false, false);
        }
    }
}
