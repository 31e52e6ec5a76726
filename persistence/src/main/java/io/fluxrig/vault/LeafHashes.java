package io.fluxrig.vault;

import io.fluxrig.signal.CompactRange;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.Hashes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The hashes of a log's leaves, 32 bytes each, the one of leaf n at offset 32 n, in the file {@code tree/0} of a Rack. What they say is checked against signed
 * checkpoints by whoever uses them. They stay when segments leave for the archive, so that proofs over the whole log go on.
 */
public final class LeafHashes {
    private static final int BATCH = 4096;

    private final Path file;

    private LeafHashes(Path file) {
        this.file = file;
    }

    /** @param rack directory of the Rack */
    public static LeafHashes of(Path rack) {
        return new LeafHashes(rack.resolve("tree").resolve("0"));
    }

    /** How many leaves are known. */
    public long size() {
        try {
            return Files.isRegularFile(file) ? Files.size(file) / Hashes.LENGTH : 0;
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /**
     * Takes what is missing from the log, up to this many leaves, and returns when it is on disk.
     *
     * @throws FluxException FAILED where the log does not hold the leaf that is due, or the disk refuses
     */
    public synchronized void extendTo(long leaves, VaultReader log) {
        try {
            Files.createDirectories(file.getParent());
            try (FileChannel out = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                long known = out.size() / Hashes.LENGTH;
                if (known >= leaves) {
                    return;
                }
                // A crash may have left half of a hash.
                out.truncate(known * Hashes.LENGTH);
                out.position(known * Hashes.LENGTH);
                append(out, known, leaves, log);
                out.force(true);
            }
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private void append(FileChannel out, long from, long to, VaultReader log) throws IOException {
        ByteBuffer batch = ByteBuffer.allocate(BATCH * Hashes.LENGTH);
        long[] next = {from};
        IOException[] refused = new IOException[1];
        log.from(from, leaf -> {
            if (leaf.n() != next[0] || leaf.n() >= to) {
                return false;
            }
            batch.put(Hashes.leafHash(leaf.bytes().toArray()));
            next[0]++;
            try {
                if (!batch.hasRemaining()) {
                    drain(out, batch);
                }
            } catch (IOException e) {
                refused[0] = e;
                return false;
            }
            return next[0] < to;
        });
        if (refused[0] != null) {
            throw refused[0];
        }
        drain(out, batch);
        if (next[0] < to) {
            throw new FluxException(
                    VaultError.FAILED, "leaf " + next[0] + " is not in the log, its hash cannot be kept");
        }
    }

    private static void drain(FileChannel out, ByteBuffer batch) throws IOException {
        batch.flip();
        while (batch.hasRemaining()) {
            out.write(batch);
        }
        batch.clear();
    }

    /**
     * Rebuilds the tree over the first leaves.
     *
     * @param passing told the tree at each of these sizes and at the end; sizes beyond are left out
     * @throws FluxException FAILED where fewer are known
     */
    public CompactRange tree(long leaves, List<Long> sizes, Consumer<CompactRange> passing) {
        CompactRange tree = CompactRange.empty();
        List<Long> stops = new ArrayList<>(
                sizes.stream().filter(s -> s > 0 && s < leaves).sorted().toList());
        stops.add(leaves);
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            for (long stop : stops) {
                while (tree.size() < stop) {
                    tree = tree.appendAll(read(in, (int) Math.min(BATCH, stop - tree.size())));
                }
                passing.accept(tree);
            }
            return tree;
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private List<byte[]> read(FileChannel in, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count * Hashes.LENGTH);
        while (bytes.hasRemaining()) {
            if (in.read(bytes) < 0) {
                throw new FluxException(VaultError.FAILED, "'" + file + "' ends too early");
            }
        }
        bytes.flip();
        List<byte[]> hashes = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            byte[] hash = new byte[Hashes.LENGTH];
            bytes.get(hash);
            hashes.add(hash);
        }
        return hashes;
    }

    private FluxException unreadable(IOException e) {
        return new FluxException(VaultError.FAILED, "'" + file + "': " + e.getMessage(), e);
    }
}
