package io.fluxrig.wal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The real disk. Links are never followed: a link in the log's directory is nobody's data. */
final class NioFileSys implements FileSys {
    private static final Set<Object> LOCKED_HERE = new HashSet<>();

    private final Path dir;

    NioFileSys(Path dir) {
        this.dir = dir;
    }

    @Override
    public String path(String name) {
        return dir.resolve(name).toString();
    }

    @Override
    public List<Entry> list() throws IOException {
        List<Entry> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(dir)) {
            for (Path path : stream) {
                entry(path).ifPresent(entries::add);
            }
        }
        return entries;
    }

    private static Optional<Entry> entry(Path path) throws IOException {
        try {
            BasicFileAttributes a = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            Kind kind = a.isSymbolicLink()
                    ? Kind.LINK
                    : a.isRegularFile() ? Kind.FILE : a.isDirectory() ? Kind.DIRECTORY : Kind.OTHER;
            return Optional.of(new Entry(path.getFileName().toString(), kind, a.size()));
        } catch (NoSuchFileException gone) {
            // A live writer may rename its reserve while an auditor lists the directory.
            return Optional.empty();
        }
    }

    @Override
    public OpenFile open(String name, Mode mode) throws IOException {
        Set<OpenOption> options = switch (mode) {
            case READ -> Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
            case WRITE -> Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
            case CREATE -> Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
        };
        try {
            return new NioFile(FileChannel.open(dir.resolve(name), options));
        } catch (IOException e) {
            throw spaceOr(e);
        }
    }

    @Override
    public void move(String from, String to) throws IOException {
        try {
            Files.move(dir.resolve(from), dir.resolve(to), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw spaceOr(e);
        }
    }

    @Override
    public void delete(String name) throws IOException {
        Files.delete(dir.resolve(name));
    }

    @Override
    public void forceDir() throws IOException {
        try (FileChannel channel = FileChannel.open(dir, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /**
     * The system gives up a lock of this process as soon as it closes any channel to that file. So a file that is locked here is never
     * opened a second time, through whatever path.
     */
    @Override
    public Optional<Closeable> lock(String name) throws IOException {
        Path file = dir.resolve(name);
        synchronized (LOCKED_HERE) {
            if (Files.exists(file) && LOCKED_HERE.contains(fileKey(file))) {
                return Optional.empty();
            }
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
            try {
                FileLock lock = channel.tryLock();
                if (lock != null) {
                    Object key = fileKey(file);
                    LOCKED_HERE.add(key);
                    return Optional.of(() -> unlock(channel, key));
                }
            } catch (IOException e) {
                channel.close();
                throw e;
            }
            channel.close();
            return Optional.empty();
        }
    }

    private static void unlock(FileChannel channel, Object key) throws IOException {
        synchronized (LOCKED_HERE) {
            LOCKED_HERE.remove(key);
            channel.close();
        }
    }

    private static Object fileKey(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }

    private static IOException spaceOr(IOException e) {
        String text = String.valueOf(e.getMessage());
        boolean full = text.contains("No space left") || text.contains("quota exceeded");
        if (!full) {
            return e;
        }
        NoSpaceException noSpace = new NoSpaceException(text);
        noSpace.initCause(e);
        return noSpace;
    }

    private record NioFile(FileChannel channel) implements OpenFile {
        @Override
        public int writeAt(ByteBuffer bytes, long offset) throws IOException {
            try {
                return channel.write(bytes, offset);
            } catch (IOException e) {
                throw spaceOr(e);
            }
        }

        @Override
        public int readAt(ByteBuffer bytes, long offset) throws IOException {
            return channel.read(bytes, offset);
        }

        @Override
        public void force() throws IOException {
            channel.force(false);
        }

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
