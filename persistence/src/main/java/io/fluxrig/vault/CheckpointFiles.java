package io.fluxrig.vault;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.Checkpoint;
import io.fluxrig.signal.CompactRange;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.SigningKey;
import io.fluxrig.signal.VerifyKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
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
        Files.createDirectories(directory);
        byte[] note = new Checkpoint(origin, tree.size(), Bytes.wrap(tree.root())).sign(key);
        Path file = directory.resolve(String.format("%020d", tree.size()));
        Path temporary = directory.resolve(".new");
        try (FileChannel channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(note);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel parent = FileChannel.open(directory, StandardOpenOption.READ)) {
            parent.force(true);
        }
        return file;
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
            if (checkpoint.size() != Long.parseLong(file.getFileName().toString())) {
                throw new FluxException(
                        VaultError.TREE, "checkpoint " + file.getFileName() + " names size " + checkpoint.size());
            }
            return checkpoint;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
