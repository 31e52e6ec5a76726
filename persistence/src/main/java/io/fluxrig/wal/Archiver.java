package io.fluxrig.wal;

import io.fluxrig.signal.FluxException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Moves one sealed segment after the other to another directory: checks it, copies it, forces and reads back the copy, writes down that it was moved,
 * and only then deletes it here. May crash anywhere and be run again.
 */
final class Archiver {
    private static final int CHUNK = 1 << 18;
    private static final String TEMPORARY = "incoming.tmp";

    private final FileSys own;
    private final FileSys archive;
    private final String directory;
    private final WalIndex index;

    Archiver(FileSys own, FileSys archive, String directory, WalIndex index) {
        this.own = own;
        this.archive = archive;
        this.directory = directory;
        this.index = index;
    }

    /** A segment that lies here. {@code created} in unix milliseconds. */
    record Here(long index, long size, long created) {}

    /** What may be moved now, oldest first: everything that the policy no longer wants here and of which nothing is unconfirmed. */
    static List<Here> due(
            List<Here> sealed,
            long liveSize,
            WalSettings.Retention policy,
            long now,
            WalIndex index,
            Map<String, Long> confirmed) {
        long kept = liveSize + sealed.stream().mapToLong(Here::size).sum();
        List<Here> due = new ArrayList<>();
        for (int i = 0; i < sealed.size(); i++) {
            Here segment = sealed.get(i);
            // A segment is as old as its last record, which was written before the next segment began.
            long closed = i + 1 < sealed.size() ? sealed.get(i + 1).created() : now;
            boolean tooMuch = policy.keepBytes() > 0 && kept > policy.keepBytes();
            boolean tooOld =
                    !policy.keep().isZero() && now - closed > policy.keep().toMillis();
            if (!(tooMuch || tooOld) || !index.confirmedThrough(segment.index(), confirmed)) {
                break;
            }
            kept -= segment.size();
            due.add(segment);
        }
        return due;
    }

    /** All sealed segments that lie here, in order. */
    List<Here> sealed(long live) throws IOException {
        List<Here> here = new ArrayList<>();
        for (FileSys.Entry entry : own.list()) {
            long segment = Format.segmentIndex(entry.name());
            if (segment > 0 && segment < live && entry.kind() == FileSys.Kind.FILE) {
                here.add(new Here(segment, entry.size(), header(segment).created()));
            }
        }
        here.sort((a, b) -> Long.compare(a.index(), b.index()));
        return here;
    }

    /** @throws FluxException DAMAGED where the segment is not as it was written: it stays where it is */
    void move(Here segment) throws IOException {
        Archived before = Archived.read(own);
        int known = before == null ? 0 : before.segments().size();
        String name = Format.segmentName(segment.index());
        if (segment.index() > known) {
            checkWhole(segment.index());
            byte[] sha256 = copy(name, segment.size());
            List<Archived.Moved> moved = new ArrayList<>(before == null ? List.of() : before.segments());
            moved.add(new Archived.Moved(segment.size(), sha256));
            long[] sizes = moved.stream().mapToLong(Archived.Moved::size).toArray();
            Landmark end = Landmark.before(header(segment.index() + 1), sizes, index.captureThrough(segment.index()));
            Io.writeWhole(own, Archived.FILE, new Archived(directory, moved, end).toBytes());
        } else if (!Arrays.equals(
                sha256(archive, name, segment.size()),
                before.segments().get((int) segment.index() - 1).sha256())) {
            throw new FluxException(WalError.ARCHIVE, "'" + archive.path(name) + "' is not what was moved there");
        }
        own.delete(name);
        own.forceDir();
    }

    private SegmentHeader header(long segment) throws IOException {
        try (FileSys.OpenFile file = own.open(Format.segmentName(segment), FileSys.Mode.READ)) {
            SegmentHeader header = SegmentHeader.parse(Io.readExactly(file, 0, Block.SIZE));
            if (header == null || header.index() != segment) {
                throw new FluxException(
                        WalError.DAMAGED, "'" + own.path(Format.segmentName(segment)) + "': the header is damaged");
            }
            return header;
        }
    }

    private void checkWhole(long segment) throws IOException {
        Landmark before = Landmark.before(header(segment), new long[(int) segment - 1], List.of());
        LogScan.Outcome found = new LogScan(own, false, (header, start, frames) -> {}, done -> {})
                .only(segment, before)
                .run();
        Optional<Finding> first =
                found.findings().stream().filter(f -> f.kind().holds()).findFirst();
        if (first.isPresent()) {
            throw new FluxException(
                    WalError.DAMAGED, "'" + own.path("") + "': " + first.get().line());
        }
        SegmentHeader next = header(segment + 1);
        LogScan.End end = found.end();
        if (end == null || !end.sealed() || !Arrays.equals(end.chain(), next.previous())) {
            throw new FluxException(
                    WalError.DAMAGED,
                    "'" + own.path(Format.segmentName(segment)) + "' does not lead to the segment behind it");
        }
    }

    private byte[] copy(String name, long size) throws IOException {
        if (archive.list().stream().anyMatch(e -> e.name().equals(TEMPORARY))) {
            archive.delete(TEMPORARY);
        }
        MessageDigest digest = sha256();
        try (FileSys.OpenFile from = own.open(name, FileSys.Mode.READ);
                FileSys.OpenFile to = archive.open(TEMPORARY, FileSys.Mode.CREATE)) {
            for (long at = 0; at < size; at += CHUNK) {
                byte[] chunk = Io.readExactly(from, at, (int) Math.min(CHUNK, size - at));
                digest.update(chunk);
                Io.writeFully(to, ByteBuffer.wrap(chunk), at);
            }
            to.force();
        }
        byte[] sha256 = digest.digest();
        if (!Arrays.equals(sha256, sha256(archive, TEMPORARY, size))) {
            throw new FluxException(
                    WalError.ARCHIVE, "'" + archive.path(name) + "' did not read back as it was written");
        }
        archive.move(TEMPORARY, name);
        archive.forceDir();
        return sha256;
    }

    private static byte[] sha256(FileSys fs, String name, long size) throws IOException {
        MessageDigest digest = sha256();
        try (FileSys.OpenFile file = fs.open(name, FileSys.Mode.READ)) {
            for (long at = 0; at < size; at += CHUNK) {
                digest.update(Io.readExactly(file, at, (int) Math.min(CHUNK, size - at)));
            }
        }
        return digest.digest();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
