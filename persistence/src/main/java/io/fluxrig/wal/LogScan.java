package io.fluxrig.wal;

import io.fluxrig.wal.Finding.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.LongConsumer;

/** Reads a whole directory, changes nothing, and says what is there: the ground of recovery and of every offline check. */
final class LogScan {
    /** Takes what is whole, in the order of the log. */
    interface Sink {
        void frames(SegmentHeader header, long groupStart, List<Frame> frames);

        /** What is known of the segments that are not read. */
        default void begin(Landmark landmark) {}
    }

    /** Bytes of a write that a crash cut off, beyond the watermark: [from, to) of the last segment. */
    record Torn(long from, long to, boolean shortFile) {
        long bytes() {
            return to - from;
        }
    }

    /** Where the log ends. {@code end} is the offset after the last whole group. */
    record End(SegmentHeader header, long end, long number, byte[] chain, boolean sealed) {}

    /**
     * @param cookie null where there is none
     * @param watermark null where there is none
     * @param end null where there are no segments, or the last could not be read
     * @param torn null where nothing was torn
     */
    record Outcome(
            Cookie cookie, Watermark watermark, End end, Torn torn, int segments, long bytes, List<Finding> findings) {}

    private static final int MAX_FINDINGS = 1000;

    private final FileSys fs;
    private final boolean payloads;
    private final Sink sink;
    private final LongConsumer progress;
    private final List<Finding> findings = new ArrayList<>();
    private final Map<Integer, String> names = new HashMap<>();
    private final Map<Integer, Long> highest = new HashMap<>();
    private Cookie cookie;
    private Watermark watermark;
    private boolean watermarkMet;
    private End end;
    private Torn torn;
    private long bytes;
    private Landmark from;
    private Landmark told;
    private Archived archived;
    private boolean alone;
    private long to = Long.MAX_VALUE;

    LogScan(FileSys fs, boolean payloads, Sink sink, LongConsumer progress) {
        this.fs = fs;
        this.payloads = payloads;
        this.sink = sink;
        this.progress = progress;
    }

    /** Reads only what follows; ignored where the landmark is null or does not fit the directory. */
    LogScan behind(Landmark landmark) {
        from = landmark;
        return this;
    }

    /** Reads sealed segments only, up to this one. */
    LogScan upTo(long segment) {
        to = segment;
        return this;
    }

    /** Reads one sealed segment, and takes what was before it as it is told. */
    LogScan only(long segment, Landmark before) {
        from = before;
        to = segment;
        alone = true;
        return this;
    }

    Outcome run() throws IOException {
        Map<String, FileSys.Entry> entries = new HashMap<>();
        fs.list().forEach(e -> entries.put(e.name(), e));
        Sidecars sidecars = new Sidecars(fs, this::find);
        cookie = sidecars.cookie(entries.get(Format.COOKIE));
        watermark = sidecars.watermark(entries.get(Format.WATERMARK), cookie);
        // Listed again after the watermark was read: a live writer may have begun a segment in between.
        NavigableMap<Long, FileSys.Entry> segments = segments(fs.list());
        checkFrame(entries, segments);
        told = sidecars.landmark(entries.get(Landmark.FILE), cookie);
        archived = sidecars.archived(entries.get(Archived.FILE), cookie);
        if (cookie != null && cookie.version() <= Format.VERSION) {
            scan(segments.headMap(to, true));
        }
        return new Outcome(cookie, watermark, end, torn, segments.size(), bytes, List.copyOf(findings));
    }

    private NavigableMap<Long, FileSys.Entry> segments(List<FileSys.Entry> entries) {
        NavigableMap<Long, FileSys.Entry> segments = new TreeMap<>();
        for (FileSys.Entry entry : entries) {
            long index = Format.segmentIndex(entry.name());
            if (index < 0) {
                continue;
            }
            if (entry.kind() == FileSys.Kind.FILE) {
                segments.put(index, entry);
            } else {
                find(Kind.FOREIGN, entry.name(), -1, -1, "is not a regular file");
            }
        }
        return segments;
    }

    /** What must be there, given what else is there. */
    private void checkFrame(Map<String, FileSys.Entry> entries, NavigableMap<Long, FileSys.Entry> segments) {
        boolean anything = !segments.isEmpty() || entries.containsKey(Format.WATERMARK);
        if (anything && !entries.containsKey(Format.COOKIE)) {
            find(Kind.MISSING, Format.COOKIE, -1, -1, "there are segments but no identity");
        }
        if (!segments.isEmpty() && !entries.containsKey(Format.WATERMARK)) {
            find(Kind.MISSING, Format.WATERMARK, -1, -1, "there are segments but no watermark");
        }
        long last = segments.isEmpty() ? 0 : segments.lastKey();
        if (watermark != null && watermark.segment() > last) {
            find(
                    Kind.MISSING,
                    Format.segmentName(last + 1),
                    -1,
                    -1,
                    "is missing: the watermark stands in segment " + watermark.segment() + ", the last here is "
                            + last);
        }
    }

    private void scan(NavigableMap<Long, FileSys.Entry> segments) throws IOException {
        long due = passOver(segments);
        for (Map.Entry<Long, FileSys.Entry> segment :
                segments.tailMap(due, true).entrySet()) {
            if (segment.getKey() != due) {
                find(
                        Kind.MISSING,
                        Format.segmentName(due),
                        -1,
                        -1,
                        "is missing, followed by " + segment.getValue().name());
                end = null;
            }
            due = segment.getKey() + 1;
            boolean last = to == Long.MAX_VALUE && segment.getKey().equals(segments.lastKey());
            SegmentCheck check = new SegmentCheck(segment.getKey(), segment.getValue(), last);
            try (FileSys.OpenFile file = fs.open(segment.getValue().name(), FileSys.Mode.READ)) {
                check.run(file);
            }
        }
    }

    /** @return the first segment to read */
    private long passOver(NavigableMap<Long, FileSys.Entry> segments) {
        boolean moved = archived != null && (segments.isEmpty() || segments.firstKey() > 1);
        if (!fits(from, segments)) {
            from = moved && fits(archived.end(), segments) ? archived.end() : null;
        }
        if (from == null) {
            return 1;
        }
        for (long index = 1; index <= from.segment() && !alone; index++) {
            compareSize(
                    index,
                    segments.get(index),
                    moved && index <= archived.segments().size());
        }
        from.ids().forEach(id -> {
            names.put(id.number(), id.name());
            highest.put(id.number(), id.highest());
        });
        sink.begin(from);
        end = new End(null, 0, from.number(), from.chain(), true);
        return from.segment() + 1;
    }

    private boolean fits(Landmark landmark, NavigableMap<Long, FileSys.Entry> segments) {
        return landmark != null
                && (alone
                        || landmark.log().equals(cookie.log())
                                && watermark != null
                                && watermark.segment() > landmark.segment()
                                && !segments.isEmpty()
                                && segments.lastKey() > landmark.segment());
    }

    private void compareSize(long index, FileSys.Entry entry, boolean mayBeGone) {
        long size = from.sizes()[(int) index - 1];
        if (entry == null) {
            if (!mayBeGone) {
                find(Kind.MISSING, Format.segmentName(index), -1, -1, "is missing");
            }
            return;
        }
        bytes += size;
        if (entry.size() != size) {
            String what = "the file has " + entry.size() + " bytes instead of " + size;
            find(Kind.DAMAGE, entry.name(), Math.min(entry.size(), size), -1, what);
        }
    }

    private void find(Kind kind, String file, long offset, long record, String what) {
        if (findings.size() < MAX_FINDINGS) {
            findings.add(new Finding(kind, file, offset, record, what));
        }
    }

    /** One segment against its neighbour before and the watermark. */
    private final class SegmentCheck {
        private final long index;
        private final FileSys.Entry entry;
        private final boolean last;
        private SegmentHeader header;
        private SegmentScan scan;
        private long readTwice = -1;
        private long bytesBefore;

        SegmentCheck(long index, FileSys.Entry entry, boolean last) {
            this.index = index;
            this.entry = entry;
            this.last = last;
        }

        void run(FileSys.OpenFile file) throws IOException {
            End before = end;
            end = null;
            header = entry.size() < Block.SIZE ? null : SegmentHeader.parse(Io.readExactly(file, 0, Block.SIZE));
            if (!headerFits(before)) {
                return;
            }
            boolean shortFile = entry.size() < header.size();
            if (entry.size() != header.size() && !(last && shortFile && !watermarkCovers(entry.size()))) {
                find(
                        Kind.DAMAGE,
                        entry.name(),
                        entry.size(),
                        -1,
                        "the file has " + entry.size() + " bytes instead of " + header.size());
            }
            bytesBefore = bytes;
            bytes += entry.size();
            scan = SegmentScan.whole(file, Math.min(entry.size(), header.size()), header, names, payloads);
            meet(Block.SIZE, header.firstNumber() - 1, header.previous());
            walk(shortFile);
        }

        private boolean headerFits(End before) {
            if (header == null) {
                find(Kind.DAMAGE, entry.name(), 0, -1, "the header is damaged");
            } else if (header.version() > Format.VERSION) {
                find(Kind.NEWER, entry.name(), 0, -1, "format " + header.version() + ", known up to " + Format.VERSION);
            } else if (!header.log().equals(cookie.log())) {
                find(
                        Kind.FOREIGN,
                        entry.name(),
                        0,
                        -1,
                        "of log " + header.log() + " ('" + header.owner() + "') in the directory of log " + cookie.log()
                                + " ('" + cookie.owner() + "')");
            } else if (header.index() != index) {
                find(Kind.FOREIGN, entry.name(), 0, -1, "is segment " + header.index() + " under another name");
            } else if (header.size() < Block.SIZE || header.size() > 1L << 31) {
                find(Kind.DAMAGE, entry.name(), 0, -1, "a size of " + header.size());
            } else {
                if (before != null && !follows(before)) {
                    find(Kind.DAMAGE, entry.name(), 0, header.firstNumber(), "does not follow the segment before it");
                } else if (index == 1 && header.firstNumber() != 1) {
                    find(
                            Kind.DAMAGE,
                            entry.name(),
                            0,
                            header.firstNumber(),
                            "the first segment begins with another frame");
                }
                boolean told = LogScan.this.told != null && LogScan.this.told.segment() == index - 1;
                if (told && !LogScan.this.told.leadsTo(header)) {
                    find(Kind.SLOT, Landmark.FILE, -1, -1, "does not fit segment " + index);
                }
                return true;
            }
            return false;
        }

        private boolean follows(End before) {
            return header.firstNumber() == before.number() + 1 && Arrays.equals(header.previous(), before.chain());
        }

        private void walk(boolean shortFile) throws IOException {
            while (true) {
                switch (scan.next()) {
                    case Step.Group group -> {
                        deliver(group.start(), group.frames());
                        meet(group.end(), group.lastNumber(), scan.chain());
                        progress.accept(bytesBefore + group.end());
                    }
                    case Step.Sealed sealed -> {
                        meet(sealed.end(), sealed.number(), scan.chain());
                        sealed(sealed);
                        return;
                    }
                    case Step.End at -> {
                        if (!ended(at.at(), shortFile)) {
                            return;
                        }
                    }
                    case Step.Bad bad -> {
                        if (!passOver(bad, shortFile)) {
                            return;
                        }
                    }
                }
            }
        }

        private void sealed(Step.Sealed sealed) throws IOException {
            end = new End(header, sealed.end(), sealed.number(), scan.chain(), true);
            long stray = scan.window().lastNonZero(sealed.end(), scan.window().size());
            if (stray >= 0) {
                find(Kind.UNUSED, entry.name(), stray, -1, "bytes after the footer");
            }
            leave(sealed.end());
        }

        /** @return whether to go on behind it */
        private boolean passOver(Step.Bad bad, boolean shortFile) throws IOException {
            long groupFirst = bad.number() - bad.whole().size();
            byte[] chainBefore = scan.chain();
            if (readAgain(bad.groupStart(), groupFirst, chainBefore)) {
                return true;
            }
            long later = scan.skipTo(bad.offset());
            boolean torn = last && !watermarkCovers(bad.groupStart()) && later < groupFirst;
            if (torn && chainBefore != null) {
                tornAt(bad.groupStart(), groupFirst - 1, chainBefore, bad.why(), shortFile);
                return false;
            }
            find(Kind.DAMAGE, entry.name(), bad.offset(), bad.number(), bad.why());
            deliver(bad.groupStart(), bad.whole());
            return later >= 0;
        }

        /** A live writer may have finished a group while its first half was being read. */
        private boolean readAgain(long groupStart, long groupFirst, byte[] chainBefore) {
            if (!last || chainBefore == null || groupStart == readTwice) {
                return false;
            }
            readTwice = groupStart;
            scan.rewind(groupStart, groupFirst, chainBefore);
            return true;
        }

        /** @return whether to go on */
        private boolean ended(long at, boolean shortFile) throws IOException {
            if (!last) {
                find(Kind.DAMAGE, entry.name(), at, scan.number(), "the segment ends without its footer");
                return false;
            }
            byte[] chain = scan.chain();
            long number = scan.number();
            if (chain == null) {
                return false;
            }
            boolean covered = watermarkCovers(at);
            boolean clean = scan.window().lastNonZero(at, scan.window().size()) < 0;
            if (clean && !covered && !shortFile) {
                end = new End(header, at, number - 1, chain, false);
                leave(at);
                return false;
            }
            if (readAgain(at, number, chain)) {
                return true;
            }
            long later = scan.skipTo(at);
            if (covered || later >= number) {
                Kind kind = later < 0 ? Kind.MISSING : Kind.DAMAGE;
                find(kind, entry.name(), at, number, "no record here, before the durable end of the log");
                return later >= 0;
            }
            tornAt(at, number - 1, chain, "", shortFile);
            return false;
        }

        private void tornAt(long from, long number, byte[] chain, String why, boolean shortFile) throws IOException {
            long stray = scan.window().lastNonZero(from, scan.window().size());
            end = new End(header, from, number, chain, false);
            boolean closedHere =
                    watermark != null && watermark.closed() && watermark.segment() == index && watermark.end() == from;
            if (closedHere && stray >= 0) {
                find(
                        Kind.UNUSED,
                        entry.name(),
                        stray,
                        -1,
                        "bytes after the log was closed" + (why.isEmpty() ? "" : ": " + why));
            }
            torn = new Torn(from, Math.max(from, stray + 1), shortFile);
            leave(from);
        }

        private void deliver(long groupStart, List<Frame> frames) {
            for (Frame frame : frames) {
                if (frame instanceof Frame.Rec rec) {
                    Long before = highest.put(rec.idNumber(), rec.value().sequenceNr());
                    if (before != null && before >= rec.value().sequenceNr()) {
                        find(
                                Kind.DAMAGE,
                                entry.name(),
                                rec.value().offset(),
                                rec.value().number(),
                                "sequence number " + rec.value().sequenceNr() + " after " + before);
                    }
                }
            }
            sink.frames(header, groupStart, frames);
        }

        private boolean watermarkCovers(long offset) {
            return watermark != null && watermark.covers(index, offset);
        }

        private void meet(long at, long number, byte[] chain) {
            if (watermark == null || watermark.segment() != index || watermark.end() != at) {
                return;
            }
            watermarkMet = true;
            if (watermark.number() != number || !Arrays.equals(watermark.chain(), chain)) {
                find(Kind.DAMAGE, entry.name(), at, number, "the log does not lead to its durable watermark");
            }
        }

        private void leave(long at) {
            if (watermark != null && watermark.segment() == index && !watermarkMet && at >= watermark.end()) {
                find(
                        Kind.DAMAGE,
                        Format.WATERMARK,
                        -1,
                        -1,
                        "names a place in segment " + index + " where no group ends");
            }
        }
    }
}
