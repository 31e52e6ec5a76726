package io.fluxrig.wal;

import io.fluxrig.signal.FluxException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Pulls the events of one persistence id out of the segments, as far as they were durable when it was made. */
final class Replay implements Closeable {
    private final FileSys fs;
    private final WalIndex index;
    private final WalLog.Durable limit;
    private final String persistenceId;
    private final long from;
    private final long to;
    private final Deque<WalIndex.Place> places;
    private final Deque<WalRecord> ready = new ArrayDeque<>();
    private FileSys.OpenFile file;
    private SegmentHeader header;
    private WalIndex.Place place;
    private SegmentScan scan;

    Replay(FileSys fs, WalIndex index, WalLog.Durable limit, String persistenceId, long from, long to) {
        this.fs = fs;
        this.index = index;
        this.limit = limit;
        this.persistenceId = persistenceId;
        this.from = Math.max(from, index.deletedTo(persistenceId) + 1);
        this.to = to;
        this.places = new ArrayDeque<>(this.from > to ? List.of() : index.places(persistenceId, this.from, to));
    }

    /** Null at the end. */
    WalRecord next() {
        try {
            while (ready.isEmpty()) {
                if (scan == null && !open()) {
                    return null;
                }
                step();
            }
            return ready.poll();
        } catch (IOException e) {
            throw new FluxException(WalError.UNREADABLE, where() + " cannot be read: " + e.getMessage(), e);
        }
    }

    private boolean open() throws IOException {
        place = places.poll();
        if (place == null) {
            return false;
        }
        if (header == null || header.index() != place.segment()) {
            close();
            file = segment(place.segment());
            header = SegmentHeader.parse(Io.readExactly(file, 0, Block.SIZE));
            if (header == null || header.index() != place.segment()) {
                throw new FluxException(WalError.DAMAGED, where() + ": the header is damaged");
            }
        }
        scan = SegmentScan.from(file, header, place.offset(), index.names(), true);
        return true;
    }

    /** From the archive where the segment was moved there. */
    private FileSys.OpenFile segment(long index) throws IOException {
        String name = Format.segmentName(index);
        try {
            return fs.open(name, FileSys.Mode.READ);
        } catch (NoSuchFileException gone) {
            Archived archived = Archived.read(fs);
            if (archived == null || !archived.holds(index)) {
                throw gone;
            }
            Path moved = Path.of(archived.directory());
            if (!Files.exists(moved.resolve(name))) {
                throw new FluxException(WalError.ARCHIVED, where() + " was moved to '" + moved + "'");
            }
            return new NioFileSys(moved).open(name, FileSys.Mode.READ);
        }
    }

    private void step() throws IOException {
        switch (scan.next()) {
            case Step.Group group -> {
                take(group);
                boolean more = place.sameStride(group.end())
                        && (place.segment() != limit.segment() || group.end() < limit.end());
                if (!more) {
                    scan = null;
                }
            }
            case Step.Sealed sealed -> scan = null;
            case Step.End at ->
                throw new FluxException(WalError.DAMAGED, where() + " offset " + at.at() + ": a record is gone");
            case Step.Bad bad ->
                throw new FluxException(
                        WalError.DAMAGED,
                        where() + " offset " + bad.offset() + " record " + bad.number() + ": " + bad.why());
        }
    }

    private void take(Step.Group group) {
        for (Frame frame : group.frames()) {
            if (frame instanceof Frame.Rec rec
                    && rec.value().sequenceNr() >= from
                    && rec.value().sequenceNr() <= to
                    && rec.value().persistenceId().equals(persistenceId)) {
                ready.add(rec.value());
            }
        }
    }

    private String where() {
        return "'" + fs.path(Format.segmentName(place.segment())) + "'";
    }

    @Override
    public void close() {
        if (file != null) {
            try {
                file.close();
            } catch (IOException e) {
                throw new FluxException(WalError.UNREADABLE, where() + " cannot be closed: " + e.getMessage(), e);
            }
        }
    }
}
