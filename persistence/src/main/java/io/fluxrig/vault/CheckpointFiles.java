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

    /** Adds signature lines of witnesses to the checkpoint of this size, where it is still there. */
    public void cosigned(long size, String lines) throws IOException {
        Path file = file(size);
        if (Files.isRegularFile(file)) {
            DurableFile.write(file, Checkpoint.withLines(Files.readAllBytes(file), lines));
        }
    }

    private Path file(long size) {
        return directory.resolve(String.format("%020d", size));
    }

    /**
     * Removes older checkpoints that newer ones make superfluous: of those before the newest {@code keep}, the first in each stretch of so many leaves
     * stays, and each that a witness has signed. Every leaf is still under a checkpoint, because each covers everything before it.
     */
    void thin(int keep, long stretch) throws IOException {
        List<Path> all = all();
        long last = -1;
        for (Path file : all.subList(0, Math.max(0, all.size() - keep))) {
            long at = sizeOf(file) / stretch;
            if (at == last
                    && Checkpoint.parse(Files.readAllBytes(file)).signatures().size() == 1) {
                Files.delete(file);
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
