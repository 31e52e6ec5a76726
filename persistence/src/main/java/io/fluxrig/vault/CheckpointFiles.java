package io.fluxrig.vault;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.Checkpoint;
import io.fluxrig.signal.CompactRange;
import io.fluxrig.signal.DurableFile;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.SigningKey;
import io.fluxrig.signal.VerifyKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A Rack's signed checkpoints, one file each, named by size with 20 digits so that names sort. */
public final class CheckpointFiles {
    /** The newest of these many all stay, of older ones the first in each stretch of leaves. */
    static final int KEEP = 4096;

    static final long STRETCH = 100_000;
    private static final int KEEP_WITNESSED = 256;
    private static final Pattern NAME = Pattern.compile("\\d{20}");

    private final Path directory;

    public CheckpointFiles(Path directory) {
        this.directory = directory;
    }

    /** Signs and forces to disk; returns the file. */
    Path write(String origin, CompactRange tree, SigningKey key) throws IOException {
        byte[] note = new Checkpoint(origin, tree.size(), Bytes.wrap(tree.root())).sign(key);
        Path file = file(tree.size());
        DurableFile.write(file, note);
        return file;
    }

    /**
     * Keeps the checkpoint of this size with signature lines of witnesses under {@code witnessed/}, beside the Rack's own, which never change once they are written.
     *
     * @param checkpoint as the Rack signed it
     */
    public void cosigned(long size, byte[] checkpoint, String lines) throws IOException {
        CheckpointFiles witnessed = witnessed();
        Path file = witnessed.file(size);
        byte[] note = Files.isRegularFile(file) ? Files.readAllBytes(file) : checkpoint;
        DurableFile.write(file, Checkpoint.withLines(note, lines));
        witnessed.thin(KEEP_WITNESSED, STRETCH);
    }

    /** The checkpoints that a witness has signed. */
    public CheckpointFiles witnessed() {
        return new CheckpointFiles(directory.resolveSibling("witnessed"));
    }

    private Path file(long size) {
        return directory.resolve(String.format("%020d", size));
    }

    /**
     * Removes older checkpoints that newer ones make superfluous: of those before the newest {@code keep}, the first in each stretch of so many leaves
     * stays. Every leaf is still under a checkpoint, because each covers everything before it.
     */
    void thin(int keep, long stretch) throws IOException {
        List<Path> all = all();
        long last = -1;
        for (Path file : all.subList(0, Math.max(0, all.size() - keep))) {
            long at = sizeOf(file) / stretch;
            if (at == last
                    && Checkpoint.parse(Files.readAllBytes(file)).signatures().size() == 1) {
                DurableFile.delete(file);
            }
            last = at;
        }
    }

    /** The size that a checkpoint file is named after. */
    public static long sizeOf(Path file) {
        return Long.parseLong(file.getFileName().toString());
    }

    /** All checkpoint files, smallest size first. */
    public List<Path> all() {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(f -> NAME.matcher(f.getFileName().toString()).matches())
                    .sorted(Comparator.comparing(f -> f.getFileName().toString()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The size that the largest file is named after, without reading it. */
    public Optional<Path> last() {
        List<Path> all = all();
        return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
    }

    /** Reads and verifies one file, whose name must tell its size. */
    public static Checkpoint read(Path file, String origin, VerifyKey key) {
        try {
            Checkpoint checkpoint = Checkpoint.verify(Files.readAllBytes(file), origin, key);
            if (checkpoint.size() != sizeOf(file)) {
                throw new FluxException(
                        VaultError.TREE, "checkpoint " + file.getFileName() + " names size " + checkpoint.size());
            }
            return checkpoint;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
