package io.fluxrig.wal;

import io.fluxrig.signal.FluxException;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the log's directory as small as its policy says, by moving sealed segments to the archive. Trouble there never touches the log. */
final class Retire {
    private static final Logger LOG = LoggerFactory.getLogger(Retire.class);
    private static final Duration FIRST = Duration.ofMillis(200);

    private final FileSys own;
    private final WalSettings settings;
    private final WalLog log;
    private final WalIndex index;
    private final Map<String, Long> confirmed = new ConcurrentHashMap<>();
    private final Background background = new Background("wal-archive", this::run);
    private volatile String trouble = "";

    Retire(FileSys own, WalSettings settings, WalLog log, WalIndex index) {
        this.own = own;
        this.settings = settings;
        this.log = log;
        this.index = index;
    }

    void start() {
        if (settings.retention().archive().isPresent()) {
            background.start();
        }
    }

    void confirm(String persistenceId, long sequenceNr) {
        confirmed.merge(persistenceId, sequenceNr, Math::max);
    }

    /** Why nothing is moved although it is due; empty where nothing is wrong. */
    String trouble() {
        return trouble;
    }

    private void run() {
        Duration pause = FIRST;
        while (background.pause(pause)) {
            pause = settings.retention().every();
            try {
                round();
                trouble = "";
            } catch (IOException | FluxException e) {
                if (!String.valueOf(e.getMessage()).equals(trouble)) {
                    LOG.error("log '{}': nothing is archived: {}", log.directory(), e.getMessage());
                }
                trouble = String.valueOf(e.getMessage());
            }
        }
    }

    private void round() throws IOException {
        WalSettings.Retention policy = settings.retention();
        String directory =
                policy.archive().orElseThrow().toAbsolutePath().normalize().toString();
        if (log.version() < Format.WITH_ARCHIVE) {
            throw new FluxException(
                    WalError.ARCHIVE,
                    "the log has format " + log.version() + ", which an older version reads and which knows no archive:"
                            + " stop the node and run 'fluxrig upgrade finalize'");
        }
        Archived before = Archived.read(own);
        if (before != null && !before.directory().equals(directory)) {
            throw new FluxException(
                    WalError.ARCHIVE,
                    "earlier segments lie in '" + before.directory() + "', not in '" + directory + "'");
        }
        Files.createDirectories(policy.archive().get());
        Archiver archiver = new Archiver(own, new NioFileSys(policy.archive().get()), directory, index);
        long live = log.durable().segment();
        // The watermark on disk may still name the last sealed segment: that one stays.
        List<Archiver.Here> due = Archiver.due(
                archiver.sealed(live - 1),
                log.liveSize(),
                policy,
                System.currentTimeMillis(),
                index,
                Map.copyOf(confirmed));
        for (Archiver.Here segment : due) {
            if (!background.pause(Duration.ZERO)) {
                return;
            }
            archiver.move(segment);
            LOG.info("log '{}': segment {} was moved to '{}'", log.directory(), segment.index(), directory);
        }
    }

    void close() {
        background.close();
    }
}
