package io.fluxrig.wal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where to look for the events of a persistence id. Sparse: for each id at most one place per {@link #STRIDE} bytes of log, so its size
 * depends on the number of ids and the size of the log, not on the number of events.
 */
final class WalIndex {
    static final int STRIDE = 1 << 18;

    /** A stretch of log that holds events of an id: from {@code offset} to the end of its stride. */
    record Place(long segment, long offset) {
        boolean sameStride(long otherOffset) {
            return offset / STRIDE == otherOffset / STRIDE;
        }
    }

    private static final class Id {
        final int number;
        long highest;
        long deletedTo;
        long declaredIn;
        int count;
        long[] places = new long[4];
        long[] firstSequenceNrs = new long[4];

        Id(int number) {
            this.number = number;
        }

        /** How many of the places lie in segments up to this one. */
        int countThrough(long segment) {
            int count = 0;
            while (count < this.count && places[count] >>> 32 <= segment) {
                count++;
            }
            return count;
        }
    }

    private final Map<String, Id> ids = new ConcurrentHashMap<>();
    private final Map<Integer, String> names = new ConcurrentHashMap<>();
    private int nextNumber = 1;

    /** Persistence ids by their number; safe to read at any time. */
    Map<Integer, String> names() {
        return names;
    }

    synchronized List<String> persistenceIds() {
        return ids.entrySet().stream()
                .filter(e -> e.getValue().highest > 0)
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    synchronized void declared(int number, String persistenceId, long segment) {
        names.put(number, persistenceId);
        ids.computeIfAbsent(persistenceId, n -> new Id(number)).declaredIn = segment;
        nextNumber = Math.max(nextNumber, number + 1);
    }

    /** Its number; a new one is kept for it from now on. */
    synchronized int reserveNumber(String persistenceId) {
        Id known = ids.get(persistenceId);
        return known != null ? known.number : ids.computeIfAbsent(persistenceId, n -> new Id(nextNumber++)).number;
    }

    synchronized boolean isDeclaredIn(String persistenceId, long segment) {
        Id id = ids.get(persistenceId);
        return id != null && id.declaredIn == segment;
    }

    synchronized long highest(String persistenceId) {
        Id id = ids.get(persistenceId);
        return id == null ? 0 : id.highest;
    }

    synchronized long deletedTo(String persistenceId) {
        Id id = ids.get(persistenceId);
        return id == null ? 0 : id.deletedTo;
    }

    synchronized void event(String persistenceId, long sequenceNr, long segment, long groupStart) {
        Id id = ids.get(persistenceId);
        id.highest = Math.max(id.highest, sequenceNr);
        long place = segment << 32 | groupStart;
        if (id.count > 0 && sameStride(id.places[id.count - 1], place)) {
            return;
        }
        if (id.count == id.places.length) {
            id.places = Arrays.copyOf(id.places, id.count * 2);
            id.firstSequenceNrs = Arrays.copyOf(id.firstSequenceNrs, id.count * 2);
        }
        id.places[id.count] = place;
        id.firstSequenceNrs[id.count++] = sequenceNr;
    }

    synchronized void deleted(String persistenceId, long toSequenceNr) {
        Id id = ids.get(persistenceId);
        id.deletedTo = Math.max(id.deletedTo, toSequenceNr);
    }

    /** In order, all that may hold events from {@code from} to {@code to}. */
    synchronized List<Place> places(String persistenceId, long from, long to) {
        Id id = ids.get(persistenceId);
        if (id == null) {
            return List.of();
        }
        int start = Arrays.binarySearch(id.firstSequenceNrs, 0, id.count, from);
        start = start >= 0 ? start : Math.max(0, -start - 2);
        List<Place> found = new ArrayList<>();
        for (int i = start; i < id.count && id.firstSequenceNrs[i] <= to; i++) {
            found.add(new Place(id.places[i] >>> 32, id.places[i] & 0xffffffffL));
        }
        return found;
    }

    /** Everything known now, for a landmark. */
    synchronized List<Landmark.Id> capture() {
        List<Landmark.Id> all = new ArrayList<>();
        ids.forEach((name, id) -> {
            if (names.containsKey(id.number)) {
                all.add(new Landmark.Id(
                        id.number,
                        name,
                        id.highest,
                        id.deletedTo,
                        id.declaredIn,
                        Arrays.copyOf(id.places, id.count),
                        Arrays.copyOf(id.firstSequenceNrs, id.count)));
            }
        });
        return all;
    }

    /** What was known at the end of this segment, for an archive; deletions that came later count as well. */
    synchronized List<Landmark.Id> captureThrough(long segment) {
        List<Landmark.Id> all = new ArrayList<>();
        ids.forEach((name, id) -> {
            int count = id.countThrough(segment);
            if (count > 0 && names.containsKey(id.number)) {
                all.add(new Landmark.Id(
                        id.number,
                        name,
                        count < id.count ? id.firstSequenceNrs[count] - 1 : id.highest,
                        id.deletedTo,
                        0,
                        Arrays.copyOf(id.places, count),
                        Arrays.copyOf(id.firstSequenceNrs, count)));
            }
        });
        return all;
    }

    /** Whether each event up to the end of this segment is confirmed for its persistence id. */
    synchronized boolean confirmedThrough(long segment, Map<String, Long> confirmed) {
        return ids.entrySet().stream().allMatch(e -> {
            Id id = e.getValue();
            int count = id.countThrough(segment);
            long last = count < id.count ? id.firstSequenceNrs[count] - 1 : id.highest;
            return count == 0 || last <= confirmed.getOrDefault(e.getKey(), 0L);
        });
    }

    /** Takes up what a landmark holds; only while the index is empty. */
    synchronized void restore(Landmark landmark) {
        for (Landmark.Id known : landmark.ids()) {
            Id id = new Id(known.number());
            id.highest = known.highest();
            id.deletedTo = known.deletedTo();
            id.declaredIn = known.declaredIn();
            id.count = known.places().length;
            id.places = Arrays.copyOf(known.places(), Math.max(4, id.count));
            id.firstSequenceNrs = Arrays.copyOf(known.firsts(), Math.max(4, id.count));
            ids.put(known.name(), id);
            names.put(known.number(), known.name());
            nextNumber = Math.max(nextNumber, known.number() + 1);
        }
    }

    private static boolean sameStride(long place, long other) {
        return place >>> 32 == other >>> 32 && (place & 0xffffffffL) / STRIDE == (other & 0xffffffffL) / STRIDE;
    }
}
