package io.fluxrig.audit;

import io.fluxrig.signal.Checkpoint;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.HashRange;
import io.fluxrig.signal.Hashes;
import io.fluxrig.vault.LeafHashes;
import io.fluxrig.vault.VaultError;
import io.fluxrig.vault.VaultReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The Merkle tree of a log on disk: beside the leaf hashes in {@code tree/0} the hashes of complete subtrees of 256 leaves in {@code tree/1}, of 65,536 in
 * {@code tree/2} and so on, so that a proof reads a few kilobytes whatever the size of the log. A cache: checked against a checkpoint before it is used, and made anew where it
 * does not fit.
 */
final class LeafTree implements HashRange, AutoCloseable {
    private static final int BITS = 8;
    private static final int GROUP = 1 << BITS;

    private final List<FileChannel> levels;
    private final long size;

    private LeafTree(List<FileChannel> levels, long size) {
        this.levels = levels;
        this.size = size;
    }

    /**
     * Brings the files up to a checkpoint and opens them.
     *
     * @throws FluxException TREE where the log does not lead to it
     */
    static LeafTree at(RackFiles files, Checkpoint checkpoint) {
        Path directory = files.directory().resolve("tree");
        VaultReader log = VaultReader.at(files.wal());
        try {
            LeafHashes.of(files.directory()).extendTo(checkpoint.size(), log);
            raise(directory);
            LeafTree tree = open(directory, checkpoint.size());
            if (tree.leadsTo(checkpoint)) {
                return tree;
            }
            tree.close();
            // Only what the log still holds can be made again: a log without its first leaves has nothing better than
            // the hashes it kept.
            if (log.leaf(0).isPresent()) {
                remove(directory);
                LeafHashes.of(files.directory()).extendTo(checkpoint.size(), log);
                raise(directory);
                LeafTree again = open(directory, checkpoint.size());
                if (again.leadsTo(checkpoint)) {
                    return again;
                }
                again.close();
            }
            throw new FluxException(VaultError.TREE, "the log does not lead to checkpoint " + checkpoint.size());
        } catch (IOException e) {
            throw new FluxException(VaultError.FAILED, "'" + directory + "': " + e.getMessage(), e);
        }
    }

    private boolean leadsTo(Checkpoint checkpoint) {
        byte[] root = size == 0 ? Hashes.emptyRoot() : root(0, size);
        return Arrays.equals(root, checkpoint.root().toArray());
    }

    private static LeafTree open(Path directory, long size) throws IOException {
        List<FileChannel> levels = new ArrayList<>();
        for (int level = 0; Files.isRegularFile(directory.resolve(Integer.toString(level))); level++) {
            levels.add(FileChannel.open(directory.resolve(Integer.toString(level)), StandardOpenOption.READ));
        }
        return new LeafTree(levels, size);
    }

    private static void remove(Path directory) throws IOException {
        for (int level = 0; Files.deleteIfExists(directory.resolve(Integer.toString(level))); level++) {
            // each level in turn
        }
    }

    /** Adds to each level what the one below it is complete for. */
    private static void raise(Path directory) throws IOException {
        Path below = directory.resolve("0");
        for (int level = 1; Files.isRegularFile(below) && Files.size(below) >= (long) GROUP * Hashes.LENGTH; level++) {
            Path file = directory.resolve(Integer.toString(level));
            try (FileChannel in = FileChannel.open(below, StandardOpenOption.READ);
                    FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                long due = in.size() / ((long) GROUP * Hashes.LENGTH);
                for (long group = out.size() / Hashes.LENGTH; group < due; group++) {
                    byte[] hash = fold(hashes(in, group * GROUP, GROUP));
                    out.write(ByteBuffer.wrap(hash), group * Hashes.LENGTH);
                }
            }
            below = file;
        }
    }

    @Override
    public byte[] subtree(int level, long index) {
        int from = Math.min(level / BITS, levels.size() - 1);
        while (true) {
            int rest = level - from * BITS;
            try {
                long first = index << rest;
                long count = 1L << rest;
                if (from == 0
                        || (first + count) * Hashes.LENGTH <= levels.get(from).size()) {
                    return fold(hashes(levels.get(from), first, Math.toIntExact(count)));
                }
            } catch (IOException e) {
                throw new FluxException(VaultError.FAILED, "the tree cannot be read: " + e.getMessage(), e);
            }
            from--;
        }
    }

    private static List<byte[]> hashes(FileChannel file, long first, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count * Hashes.LENGTH);
        while (bytes.hasRemaining()) {
            if (file.read(bytes, first * Hashes.LENGTH + bytes.position()) < 0) {
                throw new IOException("the file of hashes ends too early");
            }
        }
        List<byte[]> hashes = new ArrayList<>(count);
        for (int at = 0; at < bytes.capacity(); at += Hashes.LENGTH) {
            hashes.add(Arrays.copyOfRange(bytes.array(), at, at + Hashes.LENGTH));
        }
        return hashes;
    }

    private static byte[] fold(List<byte[]> perfect) {
        List<byte[]> row = perfect;
        while (row.size() > 1) {
            List<byte[]> above = new ArrayList<>(row.size() / 2);
            for (int i = 0; i < row.size(); i += 2) {
                above.add(Hashes.nodeHash(row.get(i), row.get(i + 1)));
            }
            row = above;
        }
        return row.getFirst();
    }

    @Override
    public void close() throws IOException {
        for (FileChannel level : levels) {
            level.close();
        }
    }
}
