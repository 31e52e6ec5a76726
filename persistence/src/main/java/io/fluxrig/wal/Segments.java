package io.fluxrig.wal;

import java.io.IOException;
import java.util.Arrays;
import java.util.TreeMap;

/**
 * What the segments of a log measure.
 *
 * @param sizes in the order of their index, moved ones included; empty where the numbering has a hole, which a scan will name
 * @param bytes of those that lie here
 */
record Segments(long[] sizes, long bytes) {
    static Segments of(FileSys fs) throws IOException {
        TreeMap<Long, Long> found = new TreeMap<>();
        for (FileSys.Entry entry : fs.list()) {
            long index = Format.segmentIndex(entry.name());
            if (index > 0 && entry.kind() == FileSys.Kind.FILE) {
                found.put(index, entry.size());
            }
        }
        long here = found.values().stream().mapToLong(Long::longValue).sum();
        Archived archived = Archived.read(fs);
        for (int i = 0; archived != null && i < archived.segments().size(); i++) {
            found.putIfAbsent(i + 1L, archived.segments().get(i).size());
        }
        boolean whole = !found.isEmpty() && found.firstKey() == 1 && found.lastKey() == found.size();
        long[] sizes =
                whole ? found.values().stream().mapToLong(Long::longValue).toArray() : new long[0];
        return new Segments(sizes, here);
    }

    long last() {
        return sizes.length;
    }

    /** Of the first segments. */
    long[] first(long count) {
        return Arrays.copyOf(sizes, Math.toIntExact(count));
    }
}
