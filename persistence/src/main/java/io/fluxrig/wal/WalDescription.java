package io.fluxrig.wal;

import io.fluxrig.signal.FluxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What a log's directory holds, from its headers and sidecars alone: quick on any size, and no check.
 *
 * @param log null where the identity cannot be read
 * @param created unix milliseconds
 * @param landmark up to which segment a start by landmark reads nothing, 0 where there is none
 * @param archive empty where nothing was moved away
 * @param segments that lie here
 * @param torn files with bytes that recovery cut off
 */
public record WalDescription(
        UUID log,
        String owner,
        int format,
        long created,
        Mark watermark,
        long landmark,
        Optional<Archive> archive,
        List<Segment> segments,
        List<String> torn) {
    /** Where the log is durable up to; zeros where that cannot be read. */
    public record Mark(long segment, long end, long number, boolean closed) {}

    /** What was moved away. */
    public record Archive(String directory, int segments, long bytes, boolean reachable) {}

    /** One segment; {@code firstNumber} is -1 where its header is damaged. */
    public record Segment(long index, long bytes, long firstNumber, long created) {}

    /** @throws FluxException NO_LOG where the directory holds no log */
    public static WalDescription of(Path dir) {
        if (!Files.isDirectory(dir)) {
            throw new FluxException(WalError.NO_LOG, "'" + dir + "' is not a directory");
        }
        try {
            return of(new NioFileSys(dir));
        } catch (IOException e) {
            throw new FluxException(WalError.UNREADABLE, "'" + dir + "' cannot be read: " + e.getMessage(), e);
        }
    }

    private static WalDescription of(FileSys fs) throws IOException {
        Sidecars sidecars = new Sidecars(fs, (kind, file, offset, record, what) -> {});
        Cookie cookie = null;
        Watermark mark = null;
        List<Segment> segments = new ArrayList<>();
        List<String> torn = new ArrayList<>();
        for (FileSys.Entry entry : fs.list()) {
            if (entry.name().equals(Format.COOKIE)) {
                cookie = sidecars.cookie(entry);
            } else if (entry.name().equals(Format.WATERMARK)) {
                mark = sidecars.watermark(entry, null);
            } else if (entry.name().endsWith(Format.TORN)) {
                torn.add(entry.name());
            } else if (Format.segmentIndex(entry.name()) > 0 && entry.kind() == FileSys.Kind.FILE) {
                segments.add(segment(fs, entry));
            }
        }
        if (cookie == null && mark == null && segments.isEmpty()) {
            throw new FluxException(WalError.NO_LOG, "'" + fs.path("") + "' holds no log");
        }
        segments.sort((a, b) -> Long.compare(a.index(), b.index()));
        torn.sort(null);
        Landmark landmark = Landmark.read(fs);
        Archived archived = Archived.read(fs);
        return new WalDescription(
                cookie == null ? null : cookie.log(),
                cookie == null ? "" : cookie.owner(),
                cookie == null ? 0 : cookie.version(),
                cookie == null ? 0 : cookie.created(),
                mark == null
                        ? new Mark(0, 0, 0, false)
                        : new Mark(mark.segment(), mark.end(), mark.number(), mark.closed()),
                landmark == null ? 0 : landmark.segment(),
                Optional.ofNullable(archived).map(WalDescription::archive),
                List.copyOf(segments),
                List.copyOf(torn));
    }

    private static Segment segment(FileSys fs, FileSys.Entry entry) throws IOException {
        try (FileSys.OpenFile file = fs.open(entry.name(), FileSys.Mode.READ)) {
            SegmentHeader header =
                    entry.size() < Block.SIZE ? null : SegmentHeader.parse(Io.readExactly(file, 0, Block.SIZE));
            return new Segment(
                    Format.segmentIndex(entry.name()),
                    entry.size(),
                    header == null ? -1 : header.firstNumber(),
                    header == null ? 0 : header.created());
        }
    }

    private static Archive archive(Archived archived) {
        return new Archive(
                archived.directory(),
                archived.segments().size(),
                archived.segments().stream().mapToLong(Archived.Moved::size).sum(),
                Files.isDirectory(Path.of(archived.directory())));
    }
}
