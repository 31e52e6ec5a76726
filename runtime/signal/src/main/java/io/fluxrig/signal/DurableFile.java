package io.fluxrig.signal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/**
 * Small files that are there whole or not at all, whatever happens: written beside, forced, renamed, and the directory forced. Under a directory that is mirrored, the
 * {@link Mirror} has them too when a call returns.
 */
public final class DurableFile {
    private static final Set<OpenOption> FRESH = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

    private DurableFile() {}

    /** Writes or replaces a file; missing directories are made. */
    public static void write(Path file, byte[] content) throws IOException {
        replace(file, content);
        mirrored(file, name -> new Mirror.Change.Replace(name, content));
    }

    /** The same for a file that no mirror has. */
    public static void writeHere(Path file, byte[] content) throws IOException {
        replace(file, content);
    }

    /** As {@link #write}, for a secret, which its owner alone can read from the first byte on. */
    public static void writeSecret(Path file, byte[] content) throws IOException {
        replace(file, content, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        mirrored(file, name -> new Mirror.Change.Replace(name, content));
    }

    private static void replace(Path file, byte[] content, FileAttribute<?>... attributes) throws IOException {
        Path parent = file.toAbsolutePath().getParent();
        Files.createDirectories(parent);
        Path temporary = parent.resolve(".new" + UUID.randomUUID() + ".tmp");
        try {
            try (FileChannel channel = FileChannel.open(temporary, FRESH, attributes)) {
                ByteBuffer buffer = ByteBuffer.wrap(content);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
                channel.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
        forceDirectory(parent);
    }

    private static void mirrored(Path file, Function<String, Mirror.Change> change) throws IOException {
        Optional<Mirror.Place> place = Mirror.of(file);
        if (place.isPresent()) {
            place.get().mirror().keep(List.of(change.apply(place.get().name())));
        }
    }

    /** Removes a file for good; one that is not there is gone already. */
    public static void delete(Path file) throws IOException {
        if (Files.deleteIfExists(file)) {
            forceDirectory(file.toAbsolutePath().getParent());
            mirrored(file, Mirror.Change.Delete::new);
        }
    }

    private static void forceDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
