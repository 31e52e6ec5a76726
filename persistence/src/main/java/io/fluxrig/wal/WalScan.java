package io.fluxrig.wal;

import io.fluxrig.signal.FluxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Reads a log without changing it and without a lock: a closed one, a copy, or one that is being written (then up to the last whole
 * group). Every byte is checked: CRC, order, chain, padding, unused space. Damage is a {@link Finding}, never an exception.
 */
public final class WalScan {
    /**
     * What a scan found.
     *
     * @param log the log's own identity, null where it could not be read
     * @param owner whose log it is, empty where that is not known
     * @param records whole records
     * @param lastNumber number of the last whole frame, 0 where there is none
     * @param bytes size of all segments
     * @param tornBytes bytes of a write that a crash cut off beyond the watermark: no damage
     * @param findings empty: everything is as it was written
     */
    public record Report(
            UUID log,
            String owner,
            int segments,
            long records,
            long lastNumber,
            long bytes,
            long tornBytes,
            List<Finding> findings) {

        public boolean intact() {
            return findings.isEmpty();
        }
    }

    private final FileSys fs;
    private long records;
    private long from = 1;

    private WalScan(FileSys fs) {
        this.fs = fs;
    }

    /** Checks everything and hands over nothing. */
    public static Report check(Path dir) {
        return run(dir, false, 1, record -> {}, done -> {});
    }

    /**
     * Hands over each whole record in order, in flat memory. Behind a damaged place it goes on with the next whole record: the report says
     * where something is missing.
     *
     * @throws FluxException NO_LOG where the directory holds no log, UNREADABLE where a file cannot be read
     */
    public static Report read(Path dir, Consumer<WalRecord> sink) {
        return run(dir, true, 1, sink, done -> {});
    }

    /** @param progress told the offset in the segment after each group */
    public static Report read(Path dir, Consumer<WalRecord> sink, LongConsumer progress) {
        return run(dir, true, 1, sink, progress);
    }

    /**
     * The same from the beginning of one segment on; what is before it is not read.
     *
     * @param segment one of {@link #segments}
     */
    public static Report readFrom(Path dir, long segment, Consumer<WalRecord> sink) {
        return run(dir, true, segment, sink, done -> {});
    }

    /** The indexes of the segments that are there, in order. */
    public static List<Long> segments(Path dir) {
        try {
            return WithArchive.open(dir).list().stream()
                    .map(e -> Format.segmentIndex(e.name()))
                    .filter(index -> index > 0)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new FluxException(WalError.UNREADABLE, "'" + dir + "' cannot be read: " + e.getMessage(), e);
        }
    }

    /** The first whole record of this persistence id in a segment; empty where there is none. */
    public static Optional<WalRecord> first(Path dir, long segment, String persistenceId) {
        String name = Format.segmentName(segment);
        try (FileSys.OpenFile file = WithArchive.open(dir).open(name, FileSys.Mode.READ)) {
            SegmentHeader header =
                    file.size() < Block.SIZE ? null : SegmentHeader.parse(Io.readExactly(file, 0, Block.SIZE));
            if (header == null) {
                return Optional.empty();
            }
            SegmentScan scan =
                    SegmentScan.whole(file, Math.min(file.size(), header.size()), header, new HashMap<>(), true);
            while (scan.next() instanceof Step.Group group) {
                for (Frame frame : group.frames()) {
                    if (frame instanceof Frame.Rec rec
                            && rec.value().persistenceId().equals(persistenceId)) {
                        return Optional.of(rec.value());
                    }
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new FluxException(WalError.UNREADABLE, "'" + name + "' cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * The record at this place, checked against its CRC; empty where there is none of this persistence id.
     *
     * @param offset as {@link WalRecord#offset} told it
     */
    public static Optional<WalRecord> recordAt(Path dir, long segment, long offset, String persistenceId) {
        String name = Format.segmentName(segment);
        try (FileSys.OpenFile file = WithArchive.open(dir).open(name, FileSys.Mode.READ)) {
            SegmentHeader header =
                    file.size() < Block.SIZE ? null : SegmentHeader.parse(Io.readExactly(file, 0, Block.SIZE));
            if (header == null || offset < Block.SIZE || offset >= file.size()) {
                return Optional.empty();
            }
            Map<Integer, String> names = namesUntil(persistenceId, file, header);
            Step step = SegmentScan.from(file, header, offset, names, true).next();
            return step instanceof Step.Group group
                            && group.frames().getFirst() instanceof Frame.Rec rec
                            && rec.value().persistenceId().equals(persistenceId)
                    ? Optional.of(rec.value())
                    : Optional.empty();
        } catch (IOException e) {
            throw new FluxException(WalError.UNREADABLE, "'" + name + "' cannot be read: " + e.getMessage(), e);
        }
    }

    /** The persistence ids that a segment declares, up to the one that is wanted: each stands before its first use. */
    private static Map<Integer, String> namesUntil(String persistenceId, FileSys.OpenFile file, SegmentHeader header)
            throws IOException {
        Map<Integer, String> names = new HashMap<>();
        SegmentScan scan = SegmentScan.whole(file, Math.min(file.size(), header.size()), header, names, false);
        while (!names.containsValue(persistenceId) && scan.next() instanceof Step.Group) {
            // the declaration is in a later group
        }
        return names;
    }

    private static Report run(Path dir, boolean payloads, long from, Consumer<WalRecord> sink, LongConsumer progress) {
        if (!Files.isDirectory(dir)) {
            throw new FluxException(WalError.NO_LOG, "'" + dir + "' is not a directory");
        }
        WalScan scan = new WalScan(WithArchive.open(dir));
        scan.from = from;
        return scan.run(payloads, sink, progress);
    }

    static Report of(FileSys fs, Consumer<WalRecord> sink) {
        return new WalScan(fs).run(true, sink, done -> {});
    }

    private Report run(boolean payloads, Consumer<WalRecord> sink, LongConsumer progress) {
        LogScan.Outcome outcome;
        try {
            outcome = new LogScan(fs, payloads, (header, start, frames) -> hand(frames, sink), progress)
                    .behind(from > 1 ? landmark() : null)
                    .run();
        } catch (IOException e) {
            throw new FluxException(WalError.UNREADABLE, "'" + fs.path("") + "' cannot be read: " + e.getMessage(), e);
        }
        Cookie cookie = outcome.cookie();
        if (cookie == null
                && outcome.segments() == 0
                && outcome.watermark() == null
                && outcome.findings().isEmpty()) {
            throw new FluxException(WalError.NO_LOG, "'" + fs.path("") + "' holds no log");
        }
        return new Report(
                cookie == null ? null : cookie.log(),
                cookie == null ? "" : cookie.owner(),
                outcome.segments(),
                records,
                outcome.end() == null ? 0 : outcome.end().number(),
                outcome.bytes(),
                outcome.torn() == null ? 0 : outcome.torn().bytes(),
                outcome.findings());
    }

    /** Null where the segment cannot be begun with: then everything is read. */
    private Landmark landmark() throws IOException {
        try (FileSys.OpenFile file = fs.open(Format.segmentName(from), FileSys.Mode.READ)) {
            SegmentHeader header = SegmentHeader.parse(Io.readExactly(file, 0, Block.SIZE));
            Segments segments = Segments.of(fs);
            boolean usable = header != null && header.index() == from && segments.last() >= from;
            return usable ? Landmark.before(header, segments.first(from - 1), List.of()) : null;
        }
    }

    private void hand(List<Frame> frames, Consumer<WalRecord> sink) {
        for (Frame frame : frames) {
            if (frame instanceof Frame.Rec rec) {
                records++;
                sink.accept(rec.value());
            }
        }
    }
}
