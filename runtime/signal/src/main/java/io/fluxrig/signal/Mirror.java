package io.fluxrig.signal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A second place for what is made durable under a directory, so that it outlives the directory's machine. Whoever forces a file there is answered when the mirror has
 * it too: the log by its file system, small files by {@link DurableFile}. Whatever else lies in the directory is a cache.
 */
public interface Mirror {
    /** What happened to one file, which is named from the directory on, with {@code /} between names. */
    sealed interface Change {
        /** The file is so long from now on, and made where it was missing; what nobody ever wrote in it is zero. */
        record Size(String file, long size) implements Change {}

        /** These bytes at this place, within the file's size. */
        record Write(String file, long at, byte[] content) implements Change {}

        /** This and nothing else is in the file, which is made where it was missing. */
        record Replace(String file, byte[] content) implements Change {}

        /** Replaces what the new name stood for. */
        record Move(String file, String to) implements Change {}

        record Delete(String file) implements Change {}
    }

    /** Returns when all of these are durable, in this order, or throws: then none of them is, or nobody knows. */
    void keep(List<Change> changes) throws IOException;

    /** @param name of the file, as {@link Change} names it */
    record Place(Mirror mirror, String name) {}

    /** The mirror over this file or directory; empty where there is none. */
    static Optional<Place> of(Path path) {
        return Mirrored.of(path);
    }

    /** From now on until it is closed, what is made durable under this directory is mirrored. */
    static Closeable over(Path directory, Mirror mirror) {
        return Mirrored.over(directory, mirror);
    }

    /** The directories of this process that are mirrored. */
    final class Mirrored {
        private static final Map<Path, Mirror> ALL = new ConcurrentHashMap<>();

        private Mirrored() {}

        private static Closeable over(Path directory, Mirror mirror) {
            Path real = directory.toAbsolutePath().normalize();
            if (ALL.putIfAbsent(real, mirror) != null) {
                throw new IllegalStateException(real + " is mirrored already");
            }
            return () -> ALL.remove(real, mirror);
        }

        private static Optional<Place> of(Path path) {
            if (ALL.isEmpty()) {
                return Optional.empty();
            }
            Path real = path.toAbsolutePath().normalize();
            for (Path above = real; above != null; above = above.getParent()) {
                Mirror mirror = ALL.get(above);
                if (mirror != null) {
                    return Optional.of(new Place(mirror, above.relativize(real).toString()));
                }
            }
            return Optional.empty();
        }
    }
}
