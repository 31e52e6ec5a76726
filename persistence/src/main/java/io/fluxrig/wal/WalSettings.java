package io.fluxrig.wal;

import com.typesafe.config.Config;
import io.fluxrig.signal.FluxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Settings of one log.
 *
 * @param dir made where it is missing
 * @param owner whose log it is; empty: taken as it is found
 * @param initialSegmentBytes size of the first segment; each next one is twice as large
 * @param maxSegmentBytes up to here
 * @param maxGroupBytes how much one fsync carries at most
 * @param maxWriteBytes how large one atomic write may be
 * @param maxQueuedBytes how much may wait for the disk
 * @param spaceRetry how often a full disk is asked again
 * @param upkeep checks and bounds of the log as a whole
 * @param retention when sealed segments are moved away
 */
public record WalSettings(
        Path dir,
        String owner,
        long initialSegmentBytes,
        long maxSegmentBytes,
        int maxGroupBytes,
        int maxWriteBytes,
        long maxQueuedBytes,
        Duration spaceRetry,
        Upkeep upkeep,
        Retention retention) {
    private static final long KIB = 1024;

    /**
     * What is done for the log as a whole.
     *
     * @param checkAtStart a log of at most so many bytes is checked whole before it opens; of a larger one what follows the landmark,
     *     and the rest in the background
     * @param scrubPerSecond how many bytes of sealed segments are checked again each second in the background
     * @param scrubEvery how often
     * @param quota how large the log may become in bytes, 0 for no bound; at the bound it takes nothing more, as with a full disk
     */
    public record Upkeep(long checkAtStart, long scrubPerSecond, Duration scrubEvery, long quota) {
        static final Upkeep DEFAULT = new Upkeep(256 * KIB * KIB, 32 * KIB * KIB, Duration.ofDays(1), 0);

        public Upkeep {
            check(checkAtStart >= 0, "check-at-start is not below 0");
            check(scrubPerSecond >= 64 * KIB, "scrub.per-second is at least 64 KiB");
            check(scrubEvery.toMillis() >= 1, "scrub.every is at least 1 ms");
            check(quota >= 0, "quota is not below 0");
        }
    }

    /**
     * When sealed segments are moved away.
     *
     * @param archive where to; empty: never
     * @param keepBytes how much stays, 0 for no bound by size
     * @param keep how long a segment stays, zero for no bound by age
     * @param every how often that is looked after
     */
    public record Retention(Optional<Path> archive, long keepBytes, Duration keep, Duration every) {
        static final Retention NONE = new Retention(Optional.empty(), 0, Duration.ZERO, Duration.ofMinutes(1));

        public Retention {
            check(keepBytes >= 0, "retention.keep-bytes is not below 0");
            check(!keep.isNegative(), "retention.keep is not below 0");
            check(every.toMillis() >= 1, "retention.every is at least 1 ms");
        }
    }

    /** With the default upkeep, and everything kept where it is. */
    public WalSettings(
            Path dir,
            String owner,
            long initialSegmentBytes,
            long maxSegmentBytes,
            int maxGroupBytes,
            int maxWriteBytes,
            long maxQueuedBytes,
            Duration spaceRetry) {
        this(
                dir,
                owner,
                initialSegmentBytes,
                maxSegmentBytes,
                maxGroupBytes,
                maxWriteBytes,
                maxQueuedBytes,
                spaceRetry,
                Upkeep.DEFAULT,
                Retention.NONE);
    }

    /** The same log with another upkeep. */
    public WalSettings with(Upkeep other) {
        return new WalSettings(
                dir,
                owner,
                initialSegmentBytes,
                maxSegmentBytes,
                maxGroupBytes,
                maxWriteBytes,
                maxQueuedBytes,
                spaceRetry,
                other,
                retention);
    }

    /** The same log with another policy of what stays. */
    public WalSettings with(Retention other) {
        return new WalSettings(
                dir,
                owner,
                initialSegmentBytes,
                maxSegmentBytes,
                maxGroupBytes,
                maxWriteBytes,
                maxQueuedBytes,
                spaceRetry,
                upkeep,
                other);
    }

    public WalSettings {
        check(
                initialSegmentBytes >= 4 * KIB && initialSegmentBytes % 4096 == 0,
                "segment.initial is a multiple of 4 KiB");
        check(
                maxSegmentBytes >= initialSegmentBytes && maxSegmentBytes <= 1 << 30,
                "segment.max lies between segment.initial and 1 GiB");
        check(maxSegmentBytes % 4096 == 0, "segment.max is a multiple of 4 KiB");
        check(maxGroupBytes >= 4 * KIB && maxGroupBytes <= 1 << 28, "max-group-bytes lies between 4 KiB and 256 MiB");
        check(maxWriteBytes >= 4 * KIB && maxWriteBytes <= 1 << 28, "max-write-bytes lies between 4 KiB and 256 MiB");
        check(maxQueuedBytes >= maxWriteBytes, "max-queued-bytes is not below max-write-bytes");
        check(spaceRetry.toMillis() >= 1, "space-retry is at least 1 ms");
        check(owner.getBytes(StandardCharsets.UTF_8).length <= Block.MAX_OWNER, "owner has at most 256 bytes");
    }

    /** The defaults of reference.conf. */
    public static WalSettings defaults(Path dir, String owner) {
        return new WalSettings(
                dir, owner, 256 * KIB, 64 * KIB * KIB, 4 << 20, 16 << 20, 256 * KIB * KIB, Duration.ofMillis(500));
    }

    /** Reads the block of a plugin. */
    public static WalSettings of(Config config) {
        String dir = config.getString("dir");
        check(!dir.isBlank(), "dir names a directory");
        return new WalSettings(
                Path.of(dir),
                config.getString("owner"),
                config.getMemorySize("segment.initial").toBytes(),
                config.getMemorySize("segment.max").toBytes(),
                Math.toIntExact(config.getMemorySize("max-group-bytes").toBytes()),
                Math.toIntExact(config.getMemorySize("max-write-bytes").toBytes()),
                config.getMemorySize("max-queued-bytes").toBytes(),
                config.getDuration("space-retry"),
                new Upkeep(
                        config.getMemorySize("check-at-start").toBytes(),
                        config.getMemorySize("scrub.per-second").toBytes(),
                        config.getDuration("scrub.every"),
                        config.getMemorySize("quota").toBytes()),
                new Retention(
                        Optional.of(config.getString("retention.archive"))
                                .filter(path -> !path.isBlank())
                                .map(Path::of),
                        config.getMemorySize("retention.keep-bytes").toBytes(),
                        config.getDuration("retention.keep"),
                        config.getDuration("retention.every")));
    }

    private static void check(boolean holds, String rule) {
        if (!holds) {
            throw new FluxException(WalError.SETTINGS, "persistence.wal: " + rule);
        }
    }
}
