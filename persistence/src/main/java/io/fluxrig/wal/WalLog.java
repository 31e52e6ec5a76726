package io.fluxrig.wal;

import io.fluxrig.signal.FluxException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * The log's single writer: one thread at a time, synchronous, without actors. An {@link IOException} other than {@link NoSpaceException}
 * is final: whoever gets one never calls {@link #append} again.
 */
final class WalLog implements Closeable {
    /** Up to where a reader may read. */
    record Durable(long segment, long end) {}

    private final FileSys fs;
    private final WalSettings settings;
    private final Cookie cookie;
    private final Closeable lock;
    private final WalIndex index;
    private final Reserve reserve;
    private final WatermarkFile watermark;
    private final GroupBuffer buffer;
    private final WalStats stats;

    private FileSys.OpenFile segment;
    private SegmentHeader header;
    private long end;
    private long number;
    private byte[] chain;
    private boolean sealed;
    private boolean watermarkDue;
    private Landmark landmark;
    private final Executor chores;
    private CompletableFuture<Void> landmarkWritten = CompletableFuture.completedFuture(null);
    private final Landmark unread;
    private final Consumer<String> notices;
    private volatile long liveSize;
    private volatile Durable durable = new Durable(0, 0);

    private WalLog(
            FileSys fs,
            WalSettings settings,
            Closeable lock,
            WalIndex index,
            Recovery.Ready ready,
            Executor chores,
            WalStats stats,
            Consumer<String> notices)
            throws IOException {
        this.chores = chores;
        this.notices = notices;
        this.unread = ready.unread();
        this.landmark = ready.next();
        this.fs = fs;
        this.settings = settings;
        this.lock = lock;
        this.index = index;
        this.cookie = ready.cookie();
        this.reserve = new Reserve(fs, chores);
        this.stats = stats;
        this.buffer = new GroupBuffer(settings.maxGroupBytes() + Format.ROOM);
        this.watermark = WatermarkFile.open(fs, ready.watermark());
        this.number = 0;
        this.chain = new byte[Format.CHAIN];
        this.sealed = true;
        if (ready.end() != null) {
            resume(ready.end());
        }
    }

    /**
     * Takes the lock, checks everything, mends a torn tail.
     *
     * @param chores runs what nobody waits for: the next segment ahead of need, the landmark
     * @param progress told how much of the log is read
     * @param notices told what was found and mended
     */
    static WalLog open(
            FileSys fs,
            WalSettings settings,
            WalIndex index,
            Executor chores,
            WalStats stats,
            Opening progress,
            Consumer<String> notices)
            throws IOException {
        Optional<Closeable> lock = fs.lock(Format.LOCK);
        if (lock.isEmpty()) {
            throw new FluxException(WalError.IN_USE, "'" + fs.path("") + "' is in use");
        }
        boolean opened = false;
        try {
            Recovery.Ready ready = new Recovery(fs, settings, index, progress, notices).run();
            WalLog log = new WalLog(fs, settings, lock.get(), index, ready, chores, stats, notices);
            log.start();
            opened = true;
            return log;
        } finally {
            if (!opened) {
                lock.get().close();
            }
        }
    }

    private void resume(LogScan.End last) throws IOException {
        header = last.header();
        liveSize = header.size();
        segment = fs.open(Format.segmentName(header.index()), FileSys.Mode.WRITE);
        end = last.end();
        number = last.number();
        chain = last.chain();
        sealed = last.sealed();
    }

    private void start() throws IOException {
        if (header == null) {
            begin(settings.initialSegmentBytes());
        } else {
            // Both slots, so that a damaged one is whole again.
            markWatermark(false);
            markWatermark(false);
        }
        forceWatermark();
        durable = new Durable(header.index(), end);
        reserve.ask(nextSize(0));
    }

    /** What was not read at the start; null where everything was. */
    Landmark unread() {
        return unread;
    }

    Path directory() {
        return settings.dir();
    }

    /** Of the segment that is being written, in bytes. */
    long liveSize() {
        return liveSize;
    }

    int version() {
        return cookie.version();
    }

    Durable durable() {
        return durable;
    }

    long lastNumber() {
        return number;
    }

    /**
     * Writes one group and returns when it is durable. After a {@link NoSpaceException} nothing of it is visible, and the same call with
     * the same units tries again.
     */
    void append(List<Unit> units) throws IOException {
        if (watermarkDue) {
            // The group itself is durable; only the sidecar found no space.
            markWatermark(false);
            watermarkDue = false;
            return;
        }
        long needed = Format.ROOM;
        for (Unit unit : units) {
            needed += unit.bound();
        }
        while (sealed || end + needed + Format.ROOM > header.size()) {
            roll(needed);
        }
        Set<String> declared = encode(units, needed);
        byte[] after = buffer.commit();
        long groupStart = end;
        int length = buffer.bytes().remaining();
        Io.writeFully(segment, buffer.bytes(), groupStart);
        long before = System.nanoTime();
        stats.forcing(before);
        segment.force();
        stats.group(length, System.nanoTime() - before);
        end = groupStart + length;
        number = buffer.nextNumber() - 1;
        chain = after;
        durable = new Durable(header.index(), end);
        publish(units, declared, groupStart);
        watermarkDue = true;
        markWatermark(false);
        watermarkDue = false;
    }

    private Set<String> encode(List<Unit> units, long needed) {
        buffer.begin(needed, header.salt(), end, number + 1, chain);
        Set<String> declared = new HashSet<>();
        for (Unit unit : units) {
            String id = unit.persistenceId();
            if (!declared.contains(id) && !index.isDeclaredIn(id, header.index())) {
                int idNumber = index.reserveNumber(id);
                buffer.declare(idNumber, id);
                declared.add(id);
            }
            int idNumber = index.reserveNumber(id);
            switch (unit) {
                case Unit.Events events -> events.writes().forEach(write -> buffer.record(idNumber, write));
                case Unit.Delete delete -> buffer.deleted(idNumber, delete.toSequenceNr());
            }
        }
        return declared;
    }

    private void publish(List<Unit> units, Set<String> declared, long groupStart) {
        for (String id : declared) {
            index.declared(index.reserveNumber(id), id, header.index());
        }
        for (Unit unit : units) {
            switch (unit) {
                case Unit.Events events -> {
                    for (WalWrite write : events.writes()) {
                        index.event(write.persistenceId(), write.sequenceNr(), header.index(), groupStart);
                        stats.record();
                    }
                }
                case Unit.Delete delete -> index.deleted(delete.persistenceId(), delete.toSequenceNr());
            }
        }
    }

    private void markWatermark(boolean closed) throws IOException {
        watermark.write(closed, header.index(), end, number, chain);
    }

    /** Seals the segment, if that is still to be done, and goes on in the next. May be tried again after a full disk. */
    private void roll(long needed) throws IOException {
        if (!sealed) {
            if (watermark.dirty()) {
                watermark.force();
            }
            buffer.begin(Format.ROOM, header.salt(), end, number + 1, chain);
            byte[] after = buffer.seal(number - header.firstNumber() + 1, header.firstNumber());
            int length = buffer.bytes().remaining();
            Io.writeFully(segment, buffer.bytes(), end);
            segment.force();
            number++;
            end += length;
            chain = after;
            sealed = true;
        }
        begin(nextSize(needed));
        reserve.ask(nextSize(0));
    }

    private long nextSize(long needed) {
        long doubled = header == null
                ? settings.initialSegmentBytes()
                : Math.min(settings.maxSegmentBytes(), header.size() * 2);
        long least = Block.SIZE + needed + 2L * Format.ROOM;
        return Math.max(Math.max(doubled, settings.initialSegmentBytes()), (least + 4095) & -4096L);
    }

    /** The segment counts from the moment its directory entry is forced, and is written to only after that. */
    private void begin(long size) throws IOException {
        Segments segments = Segments.of(fs);
        keepQuota(segments, size);
        FileSys.OpenFile file = reserve.take(size);
        long next = header == null ? 1 : header.index() + 1;
        SegmentHeader made = new SegmentHeader(
                cookie.version(),
                cookie.log(),
                next,
                number + 1,
                file.size(),
                chain,
                System.currentTimeMillis(),
                cookie.owner());
        byte[] block = made.block().array();
        Io.writeFully(file, ByteBuffer.wrap(block), 0);
        file.force();
        fs.move(Format.RESERVE, Format.segmentName(next));
        fs.forceDir();
        reserve.used();
        if (segment != null) {
            segment.close();
        }
        segment = file;
        header = SegmentHeader.parse(block);
        if (segments.last() == next - 1 && next > 1) {
            landmark = Landmark.before(header, segments.sizes(), index.capture());
        }
        end = Block.SIZE;
        sealed = false;
        stats.segment();
        liveSize = file.size();
        durable = new Durable(next, end);
        markWatermark(false);
    }

    private void keepQuota(Segments segments, long size) throws NoSpaceException {
        long quota = settings.upkeep().quota();
        if (quota > 0 && segments.bytes() + size > quota) {
            throw new NoSpaceException("the log has reached its quota of " + quota + " bytes");
        }
    }

    boolean watermarkDirty() {
        return watermark.dirty();
    }

    /** A landmark is written only behind a watermark that lies beyond it: a start will not use another. */
    void forceWatermark() throws IOException {
        watermark.force();
        if (landmark != null) {
            Landmark due = landmark;
            landmark = null;
            landmarkWritten = CompletableFuture.runAsync(() -> write(due), chores);
        }
    }

    private void write(Landmark due) {
        try {
            Io.writeWhole(fs, Landmark.FILE, due.toBytes());
        } catch (IOException e) {
            // A start without it reads everything, which takes longer and is as good.
            notices.accept("the landmark of segment " + due.segment() + " could not be written: " + e.getMessage());
        }
    }

    /** Orderly: says in the watermark that nothing follows. */
    void closeInOrder() throws IOException {
        markWatermark(true);
        watermark.force();
        close();
    }

    /** Gives everything back as it is; the directory last, when nothing of ours is still being written there. */
    @Override
    public void close() throws IOException {
        try {
            watermark.close();
            if (segment != null) {
                segment.close();
            }
            reserve.close();
            landmarkWritten.exceptionally(unwritten -> null).join();
        } finally {
            lock.close();
        }
    }
}
