package io.fluxrig.vault;

import io.fluxrig.signal.FluxCbor;
import io.fluxrig.signal.FluxException;
import io.fluxrig.wal.Finding;
import io.fluxrig.wal.WalDescription;
import io.fluxrig.wal.WalRecord;
import io.fluxrig.wal.WalScan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Reads a Rack's leaves from its log, live, closed or copied; takes no lock and changes nothing. */
public final class VaultReader {
    /** Under which the vault's groups stand in the log. */
    public static final String PERSISTENCE_ID = VaultLog.PERSISTENCE_ID.id();

    /** A clock that is set back by more leaves later segments with earlier times: they are read all the same. */
    private static final long CLOCK_STEP_NANOS = Duration.ofMinutes(1).toNanos();

    /** Leaves from elsewhere than a log. */
    public interface Source {
        /** Hands over every leaf in order; damage is told, never thrown. */
        Scan scan(LeafVisitor leaves);
    }

    private final Path wal;
    private final Source source;

    private VaultReader(Path wal, Source source) {
        this.wal = wal;
        this.source = source;
    }

    public static VaultReader at(Path wal) {
        return new VaultReader(wal, null);
    }

    /** Reads leaves that lie in something else. */
    public static VaultReader over(Source source) {
        return new VaultReader(null, source);
    }

    /** What a scan found besides leaves. {@code gap} is true where something is missing, false where something is other than it was. */
    public record Problem(boolean gap, String where, String what) {}

    public record Scan(long tornBytes, List<Problem> problems) {
        public Scan {
            problems = List.copyOf(problems);
        }
    }

    /** Takes the exact bytes of a leaf, and where they lie. */
    public interface LeafVisitor {
        void leaf(byte[] encoded, String where);
    }

    /** Hands over every leaf in order, and the control plane's records; damage is told, never thrown. */
    public Scan scan(LeafVisitor leaves, Consumer<ControlRecord> records) {
        return scan(1, leaves, records);
    }

    /** Takes leaves in order; {@code where} tells the group that each lies in. */
    public interface HashedLeaves {
        void leaf(HashedLeaf leaf, String where);
    }

    /** As {@link #scan}, with the leaves read and hashed on every core. Of a group that holds something else, what is before it is handed over. */
    public Scan scanHashed(HashedLeaves leaves, Consumer<ControlRecord> records) {
        List<Problem> problems = new ArrayList<>();
        try (LeafWorkers workers = new LeafWorkers(leaves, problems)) {
            Scan scan = source != null ? source.scan(workers::add) : scanGroups(1, workers::add, records, problems);
            workers.finish();
            problems.addAll(scan.problems());
            return new Scan(scan.tornBytes(), problems);
        }
    }

    private Scan scan(long segment, LeafVisitor leaves, Consumer<ControlRecord> records) {
        if (source != null) {
            return source.scan(leaves);
        }
        List<Problem> problems = new ArrayList<>();
        Scan scan = scanGroups(segment, (group, where) -> hand(group, where, leaves, problems), records, problems);
        problems.addAll(scan.problems());
        return new Scan(scan.tornBytes(), problems);
    }

    /** @return torn bytes, and what the log itself found */
    private Scan scanGroups(long segment, LeafVisitor groups, Consumer<ControlRecord> records, List<Problem> problems) {
        WalScan.Report report = WalScan.readFrom(wal, segment, record -> {
            String where = record.segment() + " offset " + record.offset() + " record " + record.number();
            if (record.serializerId() != VaultSerializer.IDENTIFIER) {
                problems.add(new Problem(false, where, "a record of an unknown serializer"));
            } else if (record.persistenceId().equals(PERSISTENCE_ID)) {
                groups.leaf(record.payload(), where);
            } else {
                decode(record.payload(), where, problems).ifPresent(records);
            }
        });
        List<Problem> found = new ArrayList<>();
        for (Finding finding : report.findings()) {
            found.add(new Problem(finding.kind() == Finding.Kind.MISSING, finding.where(), finding.what()));
        }
        return new Scan(report.tornBytes(), found);
    }

    private static void hand(byte[] group, String where, LeafVisitor leaves, List<Problem> problems) {
        for (int at = 0; at < group.length; ) {
            int end;
            try {
                end = FluxCbor.next(group, at, FluxCbor.MAX_LEAF).end();
            } catch (FluxException bad) {
                problems.add(new Problem(false, where, bad.what()));
                return;
            }
            leaves.leaf(Arrays.copyOfRange(group, at, end), where);
            at = end;
        }
    }

    private static Optional<ControlRecord> decode(byte[] payload, String where, List<Problem> problems) {
        try {
            return Optional.of(ControlRecord.decode(payload));
        } catch (FluxException bad) {
            problems.add(new Problem(false, where, bad.what()));
            return Optional.empty();
        }
    }

    /** Every leaf in order, decoded; leaves that cannot be read are left out. */
    public void forEach(Consumer<Leaf> leaves) {
        scan((encoded, where) -> parse(encoded).ifPresent(leaves), record -> {});
    }

    private static Optional<Leaf> parse(byte[] encoded) {
        try {
            return Optional.of(Leaf.parse(encoded));
        } catch (FluxException notALeaf) {
            return Optional.empty();
        }
    }

    /** Whether the first segments of the log were moved to an archive. */
    public boolean hasArchive() {
        return source == null && WalDescription.of(wal).archive().isPresent();
    }

    /** Where the group that holds a leaf lies: the segment's index and the offset in it. */
    public record Place(long segment, long offset) {}

    /** Takes a leaf with its place. */
    public interface PlacedLeaves {
        void leaf(Leaf leaf, Place place);
    }

    /** Hands over every leaf from the beginning of this segment on; what cannot be read is left out. */
    public void fromSegment(long segment, PlacedLeaves taker) {
        WalScan.readFrom(wal, segment, record -> {
            if (record.persistenceId().equals(PERSISTENCE_ID)) {
                Place place = new Place(Long.parseLong(record.segment().substring(0, 10)), record.offset());
                hand(
                        record.payload(),
                        "",
                        (leaf, where) -> parse(leaf).ifPresent(l -> taker.leaf(l, place)),
                        new ArrayList<>());
            }
        });
    }

    /** The leaf of this index from the group at this place; empty where it is not there. */
    public Optional<Leaf> leafAt(long n, Place place) {
        List<Leaf> found = new ArrayList<>();
        WalScan.recordAt(wal, place.segment(), place.offset(), PERSISTENCE_ID)
                .ifPresent(record -> hand(
                        record.payload(),
                        "",
                        (leaf, where) -> parse(leaf).filter(l -> l.n() == n).ifPresent(found::add),
                        new ArrayList<>()));
        return found.stream().findFirst();
    }

    /** The control plane's records in order. */
    public List<ControlRecord> records() {
        List<ControlRecord> records = new ArrayList<>();
        scan((encoded, where) -> {}, records::add);
        return records;
    }

    /** The leaf of this index. */
    public Optional<Leaf> leaf(long n) {
        return Optional.ofNullable(leaves(Set.of(n)).get(n));
    }

    /** The leaves of these indexes, as far as they are there. Reads from the segment of the smallest to the largest. */
    public Map<Long, Leaf> leaves(Set<Long> indexes) {
        Map<Long, Leaf> found = new HashMap<>();
        if (!indexes.isEmpty()) {
            long last = Collections.max(indexes);
            from(Collections.min(indexes), leaf -> {
                if (indexes.contains(leaf.n())) {
                    found.put(leaf.n(), leaf);
                }
                return leaf.n() < last;
            });
        }
        return found;
    }

    /** Hands over leaves in order, from this index on, until the taker answers false. */
    public void from(long n, Predicate<Leaf> taker) {
        Predicate<Leaf> wanted = leaf -> leaf.n() < n || taker.test(leaf);
        if (source != null) {
            stoppable(1, wanted);
            return;
        }
        long segment = segmentBefore(first -> first.n() <= n);
        try {
            GroupsFrom groups = new GroupsFrom(n, wanted);
            WalScan.readFrom(wal, segment, groups);
            groups.rest();
        } catch (Enough enough) {
            // the taker has what it wanted
        }
    }

    /** Passes over whole groups: one is read only when the next begins behind the leaf that is looked for, so that of those before it only the first leaf is. */
    private static final class GroupsFrom implements Consumer<WalRecord> {
        private final long n;
        private final Predicate<Leaf> taker;
        private WalRecord held;
        private boolean there;

        GroupsFrom(long n, Predicate<Leaf> taker) {
            this.n = n;
            this.taker = taker;
        }

        @Override
        public void accept(WalRecord record) {
            if (!record.persistenceId().equals(PERSISTENCE_ID)) {
                return;
            }
            if (!there && firstLeaf(record).filter(first -> first.n() <= n).isPresent()) {
                held = record;
                return;
            }
            there = true;
            rest();
            read(record);
        }

        /** The group that was passed over last, in which the leaf lies if it is there. */
        void rest() {
            WalRecord last = held;
            held = null;
            if (last != null) {
                read(last);
            }
        }

        private void read(WalRecord record) {
            hand(record.payload(), "", (encoded, where) -> take(encoded, taker), new ArrayList<>());
        }
    }

    private static void take(byte[] encoded, Predicate<Leaf> taker) {
        if (parse(encoded).filter(leaf -> !taker.test(leaf)).isPresent()) {
            throw new Enough();
        }
    }

    /** Hands over every leaf that is not older than this, and a few that are: segments are passed over whole. */
    public void forEachSince(long at, Consumer<Leaf> leaves) {
        long segment = segmentBefore(first -> first.at() < at - CLOCK_STEP_NANOS);
        stoppable(segment, leaf -> {
            leaves.accept(leaf);
            return true;
        });
    }

    private void stoppable(long segment, Predicate<Leaf> taker) {
        try {
            scan(segment, (encoded, where) -> take(encoded, taker), record -> {});
        } catch (Enough enough) {
            // the taker has what it wanted
        }
    }

    /** The last segment whose first leaf is early enough; the first where none is. */
    private long segmentBefore(Predicate<Leaf> early) {
        List<Long> segments = source == null ? WalScan.segments(wal) : List.of();
        int low = 0;
        int high = segments.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            Optional<Leaf> first =
                    WalScan.first(wal, segments.get(middle), PERSISTENCE_ID).flatMap(VaultReader::firstLeaf);
            // A segment without leaves tells nothing: the one before it is as good a beginning.
            if (first.isPresent() && early.test(first.get())) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return segments.isEmpty() ? 1 : segments.get(low);
    }

    private static Optional<Leaf> firstLeaf(WalRecord record) {
        byte[] group = record.payload();
        try {
            int end = FluxCbor.next(group, 0, FluxCbor.MAX_LEAF).end();
            return parse(Arrays.copyOf(group, end));
        } catch (FluxException notALeaf) {
            return Optional.empty();
        }
    }

    private static final class Enough extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Enough() {
            super("enough", null, false, false);
        }
    }
}
