package io.fluxrig.audit;

import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxMsg;
import io.fluxrig.vault.DataKeys;
import io.fluxrig.vault.Leaf;
import io.fluxrig.vault.LeafForm;
import io.fluxrig.vault.LeafKind;
import io.fluxrig.vault.VaultError;
import io.fluxrig.vault.VaultReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;

/**
 * Makes questions about a large log fast: {@code index/rows} holds a {@link LeafRow} for each leaf, {@code index/fields} 16 bytes for each field of a message that came
 * in: eight of a keyed hash of path and value, and the leaf's index. Values themselves are never in it. A cache beside the log that grows with each question and can be
 * deleted at any time; what it suggests is read from the log and compared there.
 */
public final class LeafIndex {
    private static final int FIELD_BYTES = 16;
    /** Rows that are mapped at once, so that a map stays below 2 GiB. */
    private static final long MAPPED_ROWS = 1 << 24;

    private static final Object ONE_AT_A_TIME = new Object();

    private final VaultReader log;
    private final DataKeys keys;
    private final FieldHash hash;
    private final Path rows;
    private final Path fields;

    private LeafIndex(RackFiles files, DataKeys keys) {
        this.log = VaultReader.at(files.wal());
        this.keys = keys;
        this.hash = FieldHash.keyedBy(keys);
        Path directory = files.directory().resolve("index").resolve(hash.name());
        this.rows = directory.resolve("rows");
        this.fields = directory.resolve("fields");
    }

    /**
     * Brings the index up to what is in the log now.
     *
     * @param progress told the number of leaves that it holds
     * @throws FluxException FAILED where it cannot be written: then the log itself has to be read
     */
    public static LeafIndex upToDate(RackFiles files, DataKeys keys, LongConsumer progress) {
        LeafIndex index = new LeafIndex(files, keys);
        synchronized (ONE_AT_A_TIME) {
            try {
                Files.createDirectories(index.rows.getParent());
                try (FileChannel lock = FileChannel.open(
                                index.rows.resolveSibling("lock"),
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE);
                        FileLock held = lock.lock();
                        Growth growth = index.new Growth(progress)) {
                    growth.run();
                }
            } catch (IOException e) {
                throw new FluxException(VaultError.FAILED, "the index cannot be written: " + e.getMessage(), e);
            }
        }
        return index;
    }

    /** Hands over the index of each leaf that may answer, in order, until the taker says false. */
    public void candidates(LeafQuery query, long from, LongPredicate taker) {
        Optional<Set<Long>> named = query.fields().isEmpty() ? Optional.empty() : Optional.of(byFields(query));
        LeafRow.Filter filter = LeafRow.Filter.of(query);
        try (FileChannel in = FileChannel.open(rows, StandardOpenOption.READ)) {
            long count = in.size() / LeafRow.BYTES;
            for (long first = from; first < count; first += MAPPED_ROWS) {
                int here = (int) Math.min(MAPPED_ROWS, count - first);
                MappedByteBuffer map =
                        in.map(FileChannel.MapMode.READ_ONLY, first * LeafRow.BYTES, (long) here * LeafRow.BYTES);
                for (int row = 0; row < here; row++) {
                    boolean fits = filter.matches(map, row * LeafRow.BYTES);
                    long n = first + row;
                    if (fits && named.map(set -> set.contains(n)).orElse(true) && !taker.test(n)) {
                        return;
                    }
                }
            }
        } catch (IOException e) {
            throw Proofs.unreadable(e);
        }
    }

    /** The leaf, read from its place in the log. */
    public Optional<Leaf> leaf(long n) {
        try (FileChannel in = FileChannel.open(rows, StandardOpenOption.READ)) {
            ByteBuffer row = ByteBuffer.allocate(LeafRow.BYTES);
            if (in.read(row, n * LeafRow.BYTES) < LeafRow.BYTES || row.get(40) == 0) {
                return Optional.empty();
            }
            return log.leafAt(n, new VaultReader.Place(LeafRow.segment(row, 0), LeafRow.offset(row, 0)));
        } catch (IOException e) {
            throw Proofs.unreadable(e);
        }
    }

    private Set<Long> byFields(LeafQuery query) {
        Set<Long> all = null;
        for (LeafQuery.FieldIs field : query.fields()) {
            Set<Long> these = byField(field);
            if (all == null) {
                all = these;
            } else {
                all.retainAll(these);
            }
        }
        return all;
    }

    private Set<Long> byField(LeafQuery.FieldIs field) {
        long[] wanted = field.paths().stream()
                .mapToLong(path -> hash.of(path, field.text()))
                .toArray();
        Set<Long> found = new HashSet<>();
        try (FileChannel in = FileChannel.open(fields, StandardOpenOption.READ)) {
            long chunk = MAPPED_ROWS * FIELD_BYTES;
            for (long at = 0; at < in.size(); at += chunk) {
                MappedByteBuffer map = in.map(FileChannel.MapMode.READ_ONLY, at, Math.min(chunk, in.size() - at));
                for (int i = 0; i + FIELD_BYTES <= map.limit(); i += FIELD_BYTES) {
                    long here = map.getLong(i);
                    for (long one : wanted) {
                        if (here == one) {
                            found.add(map.getLong(i + 8));
                        }
                    }
                }
            }
            return found;
        } catch (IOException e) {
            throw Proofs.unreadable(e);
        }
    }

    /** Adds what the log holds beyond the last row. */
    private final class Growth implements AutoCloseable {
        private final LongConsumer progress;
        private final FileChannel rowFile;
        private final FileChannel fieldFile;
        private final ByteBuffer rowBatch = ByteBuffer.allocate(LeafRow.BYTES * 4096);
        private final ByteBuffer fieldBatch = ByteBuffer.allocate(FIELD_BYTES * 16_384);
        private long next;

        Growth(LongConsumer progress) throws IOException {
            this.progress = progress;
            this.rowFile = open(rows);
            this.fieldFile = open(fields);
            this.next = lastRowFits() ? rowFile.size() / LeafRow.BYTES : 0;
            rowFile.position(next * LeafRow.BYTES);
            fieldFile.position(fieldsBefore(next));
        }

        /** A log that was put back or replaced needs another index. */
        private boolean lastRowFits() throws IOException {
            long last = rowFile.size() / LeafRow.BYTES - 1;
            if (last < 0) {
                return true;
            }
            ByteBuffer row = ByteBuffer.allocate(LeafRow.BYTES);
            rowFile.read(row, last * LeafRow.BYTES);
            boolean fits = leaf(last)
                    .filter(leaf -> leaf.at() == row.getLong(0) && leaf.id() == row.getLong(8))
                    .isPresent();
            if (!fits) {
                rowFile.truncate(0);
                fieldFile.truncate(0);
            }
            return fits;
        }

        private static FileChannel open(Path file) throws IOException {
            return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        }

        /** Rows are written after their fields: a crash leaves fields of leaves without a row, which are written again. */
        private long fieldsBefore(long n) throws IOException {
            long end = fieldFile.size() / FIELD_BYTES;
            ByteBuffer last = ByteBuffer.allocate(8);
            while (end > 0) {
                last.clear();
                fieldFile.read(last, (end - 1) * FIELD_BYTES + 8);
                if (last.getLong(0) < n) {
                    break;
                }
                end--;
            }
            return end * FIELD_BYTES;
        }

        void run() throws IOException {
            log.fromSegment(segmentOf(next - 1), (leaf, place) -> {
                if (leaf.n() >= next) {
                    add(leaf, place);
                }
            });
            drain();
        }

        private long segmentOf(long n) throws IOException {
            ByteBuffer row = ByteBuffer.allocate(LeafRow.BYTES);
            return n >= 0 && rowFile.read(row, n * LeafRow.BYTES) == LeafRow.BYTES
                    ? Math.max(1, LeafRow.segment(row, 0))
                    : 1;
        }

        private void add(Leaf leaf, VaultReader.Place place) {
            while (next < leaf.n()) {
                LeafRow.putGap(rowBatch);
                rowTaken();
            }
            Optional<FluxMsg> message = LeafForm.message(leaf, keys);
            message.filter(m -> leaf.is(LeafKind.INGRESS))
                    .ifPresent(m -> LeafQuery.eachField("", m.data(), (path, text) -> {
                        fieldBatch.putLong(hash.of(path, text)).putLong(leaf.n());
                        if (!fieldBatch.hasRemaining()) {
                            drain(fieldFile, fieldBatch);
                        }
                    }));
            LeafRow.put(rowBatch, leaf, message.map(FluxMsg::refId).orElse(0L), place);
            rowTaken();
        }

        private void rowTaken() {
            next++;
            if (!rowBatch.hasRemaining()) {
                drain();
                progress.accept(next);
            }
        }

        private void drain() {
            drain(fieldFile, fieldBatch);
            drain(rowFile, rowBatch);
        }

        private void drain(FileChannel out, ByteBuffer batch) {
            try {
                batch.flip();
                while (batch.hasRemaining()) {
                    out.write(batch);
                }
                batch.clear();
            } catch (IOException e) {
                throw new FluxException(VaultError.FAILED, "the index cannot be written: " + e.getMessage(), e);
            }
        }

        @Override
        public void close() throws IOException {
            rowFile.close();
            fieldFile.close();
        }
    }
}
