package io.fluxrig.wal;

import io.fluxrig.signal.FluxException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Brings a directory into a state in which it can be appended to, or refuses. May crash anywhere and be run again. Deletes nothing but the
 * reserve, which never held data.
 */
final class Recovery {
    private static final int CHUNK = 1 << 18;

    private final FileSys fs;
    private final WalSettings settings;
    private final WalIndex index;
    private final Consumer<String> notices;
    private final Opening progress;
    private Segments segments;
    private Landmark unread;
    private Landmark next;

    Recovery(FileSys fs, WalSettings settings, WalIndex index, Opening progress, Consumer<String> notices) {
        this.progress = progress;
        this.fs = fs;
        this.settings = settings;
        this.index = index;
        this.notices = notices;
    }

    /**
     * What the log goes on from.
     *
     * @param end null where no segment was begun yet
     * @param unread the segments that were not read, null where all were
     * @param next the landmark for the next start, null where there is none to be written
     */
    record Ready(Cookie cookie, Watermark watermark, LogScan.End end, Landmark unread, Landmark next) {}

    /** @throws FluxException HELD where somebody has to act first */
    Ready run() throws IOException {
        segments = Segments.of(fs);
        long total = segments.bytes();
        Landmark landmark = total <= settings.upkeep().checkAtStart() ? null : Landmark.read(fs);
        LogScan.Outcome found = new LogScan(fs, false, new Indexing(), done -> progress.at(done, total))
                .behind(landmark)
                .run();
        List<Finding> holding =
                found.findings().stream().filter(f -> f.kind().holds()).toList();
        if (!holding.isEmpty()) {
            throw refusal(holding);
        }
        found.findings().forEach(f -> notices.accept("harmless: " + f.line()));
        Cookie cookie = found.cookie() == null ? begin() : found.cookie();
        checkOwner(cookie);
        Watermark mark = found.watermark();
        if (mark == null) {
            mark = Watermark.first(cookie.log());
            WatermarkFile.create(fs, mark);
            mark = mark.again(false);
        }
        if (found.end() != null) {
            mend(found, mark);
        } else if (found.segments() > 0) {
            throw new FluxException(WalError.DAMAGED, "'" + fs.path("") + "': the end of the log was not found");
        }
        return new Ready(cookie, mark, found.end(), unread, next);
    }

    private final class Indexing implements LogScan.Sink {
        @Override
        public void begin(Landmark landmark) {
            index.restore(landmark);
            unread = landmark;
        }

        @Override
        public void frames(SegmentHeader header, long groupStart, List<Frame> frames) {
            boolean entersTheLast = next == null && header.index() > 1 && header.index() == segments.last();
            if (entersTheLast) {
                next = Landmark.before(header, segments.first(header.index() - 1), index.capture());
            }
            index(header, groupStart, frames);
        }
    }

    private void index(SegmentHeader header, long groupStart, List<Frame> frames) {
        for (Frame frame : frames) {
            switch (frame) {
                case Frame.Declare d -> index.declared(d.idNumber(), d.persistenceId(), header.index());
                case Frame.Rec r ->
                    index.event(r.value().persistenceId(), r.value().sequenceNr(), header.index(), groupStart);
                case Frame.Deleted d -> index.deleted(index.names().get(d.idNumber()), d.toSequenceNr());
                case Frame.Commit c -> throw new IllegalStateException("a commit is not part of its group");
                case Frame.Seal s -> throw new IllegalStateException("a seal is not part of a group");
            }
        }
    }

    private FluxException refusal(List<Finding> holding) {
        // A file that is not ours explains what else does not fit.
        Finding first = holding.stream()
                .filter(f -> f.kind() == Finding.Kind.FOREIGN || f.kind() == Finding.Kind.NEWER)
                .findFirst()
                .orElse(holding.get(0));
        WalError code = switch (first.kind()) {
            case MISSING -> WalError.MISSING;
            case FOREIGN ->
                first.file().equals(Format.COOKIE) || first.what().startsWith("of log")
                        ? WalError.OTHER_OWNER
                        : WalError.NOT_OURS;
            case NEWER -> WalError.NEWER_FORMAT;
            case DAMAGE, UNUSED, SLOT -> WalError.DAMAGED;
        };
        String more = holding.size() > 1 ? ", and " + (holding.size() - 1) + " more places" : "";
        return new FluxException(code, "'" + fs.path("") + "': " + first.line() + more);
    }

    private Cookie begin() throws IOException {
        Cookie cookie = new Cookie(Format.VERSION, UUID.randomUUID(), settings.owner(), System.currentTimeMillis());
        Io.writeWhole(fs, Format.COOKIE, cookie.block());
        return cookie;
    }

    private void checkOwner(Cookie cookie) {
        String wanted = settings.owner();
        if (!wanted.isEmpty() && !cookie.owner().isEmpty() && !wanted.equals(cookie.owner())) {
            throw new FluxException(
                    WalError.OTHER_OWNER,
                    "'" + fs.path("") + "' is the log of '" + cookie.owner() + "', not of '" + wanted + "'");
        }
    }

    private void mend(LogScan.Outcome found, Watermark mark) throws IOException {
        LogScan.End end = found.end();
        String name = Format.segmentName(end.header().index());
        try (FileSys.OpenFile file = fs.open(name, FileSys.Mode.WRITE)) {
            if (found.torn() != null) {
                trim(file, end, found.torn());
            }
            long from = mark.segment() == end.header().index() ? mark.end() : Block.SIZE;
            rewrite(file, from, end.end());
            file.force();
        }
        // The name, too, may be one that only this machine's memory knows.
        fs.forceDir();
    }

    private void trim(FileSys.OpenFile file, LogScan.End end, LogScan.Torn torn) throws IOException {
        if (torn.bytes() > 0) {
            String saved = save(file, end.header().index(), torn);
            notices.accept("cut " + torn.bytes() + " torn bytes from "
                    + Format.segmentName(end.header().index()) + " offset " + torn.from() + ", kept as " + saved);
        }
        Io.writeZeros(
                file,
                torn.from(),
                torn.shortFile() ? end.header().size() : Math.min(end.header().size(), torn.to()));
        file.force();
    }

    private String save(FileSys.OpenFile file, long segment, LogScan.Torn torn) throws IOException {
        Set<String> taken = fs.list().stream().map(FileSys.Entry::name).collect(Collectors.toSet());
        String base = String.format("%010d-%d", segment, torn.from());
        String name = base + Format.TORN;
        for (int i = 2; taken.contains(name); i++) {
            name = base + "-" + i + Format.TORN;
        }
        String temporary = "torn.tmp";
        if (taken.contains(temporary)) {
            fs.delete(temporary);
        }
        try (FileSys.OpenFile copy = fs.open(temporary, FileSys.Mode.CREATE)) {
            for (long at = torn.from(); at < torn.to(); at += CHUNK) {
                int n = (int) Math.min(CHUNK, torn.to() - at);
                Io.writeFully(copy, ByteBuffer.wrap(Io.readExactly(file, at, n)), at - torn.from());
            }
            copy.force();
        }
        fs.move(temporary, name);
        fs.forceDir();
        return name;
    }

    /**
     * Writes again what lies beyond the watermark. After a failed fsync the kernel may hold pages that it calls clean and that are on no
     * disk: another fsync alone would not save them.
     */
    private static void rewrite(FileSys.OpenFile file, long from, long to) throws IOException {
        for (long at = from; at < to; at += CHUNK) {
            int n = (int) Math.min(CHUNK, to - at);
            Io.writeFully(file, ByteBuffer.wrap(Io.readExactly(file, at, n)), at);
        }
    }
}
