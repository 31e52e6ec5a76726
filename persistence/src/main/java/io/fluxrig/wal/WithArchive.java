package io.fluxrig.wal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A log's directory in which segments that were moved away can be read as if they were still there. */
final class WithArchive implements FileSys {
    private final FileSys own;
    private final FileSys archive;
    private final Archived archived;

    private WithArchive(FileSys own, FileSys archive, Archived archived) {
        this.own = own;
        this.archive = archive;
        this.archived = archived;
    }

    /** The directory with its archive where it names one that is within reach, and without it otherwise. */
    static FileSys open(Path dir) throws IOException {
        FileSys own = new NioFileSys(dir);
        Archived archived = Files.isDirectory(dir) ? Archived.read(own) : null;
        boolean reachable = archived != null && Files.isDirectory(Path.of(archived.directory()));
        return reachable ? of(own, new NioFileSys(Path.of(archived.directory())), archived) : own;
    }

    static FileSys of(FileSys own, FileSys archive, Archived archived) {
        return new WithArchive(own, archive, archived);
    }

    @Override
    public List<Entry> list() throws IOException {
        List<Entry> all = new ArrayList<>(own.list());
        Set<String> here = all.stream().map(Entry::name).collect(Collectors.toSet());
        for (Entry entry : archive.list()) {
            long index = Format.segmentIndex(entry.name());
            if (index > 0 && index <= archived.segments().size() && !here.contains(entry.name())) {
                all.add(entry);
            }
        }
        return all;
    }

    @Override
    public OpenFile open(String name, Mode mode) throws IOException {
        long index = Format.segmentIndex(name);
        boolean moved = mode == Mode.READ
                && index > 0
                && index <= archived.segments().size()
                && own.list().stream().noneMatch(e -> e.name().equals(name));
        return moved ? archive.open(name, mode) : own.open(name, mode);
    }

    @Override
    public String path(String name) {
        return own.path(name);
    }

    @Override
    public void move(String from, String to) throws IOException {
        own.move(from, to);
    }

    @Override
    public void delete(String name) throws IOException {
        own.delete(name);
    }

    @Override
    public void forceDir() throws IOException {
        own.forceDir();
    }

    @Override
    public Optional<Closeable> lock(String name) throws IOException {
        return own.lock(name);
    }
}
