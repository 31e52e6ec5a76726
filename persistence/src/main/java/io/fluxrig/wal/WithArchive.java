package io.fluxrig.wal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A log's directory in which segments that were moved away can be read as if they were still there, also while they are being moved: what is gone from here is named as
 * moved already.
 */
final class WithArchive implements FileSys {
    /** Where segments were moved. */
    interface Archive {
        /** Empty where it is not within reach. */
        Optional<FileSys> of(Archived archived);
    }

    private final FileSys own;
    private final Archive archive;

    private WithArchive(FileSys own, Archive archive) {
        this.own = own;
        this.archive = archive;
    }

    /** The directory with its archive where it names one that is within reach, and without it otherwise. */
    static FileSys open(Path dir) {
        return of(
                new NioFileSys(dir),
                archived -> Optional.of(Path.of(archived.directory()))
                        .filter(Files::isDirectory)
                        .map(NioFileSys::new));
    }

    static FileSys of(FileSys own, Archive archive) {
        return new WithArchive(own, archive);
    }

    @Override
    public List<Entry> list() throws IOException {
        List<Entry> all = new ArrayList<>(own.list());
        Archived archived = Archived.read(own);
        Optional<FileSys> moved = archived == null ? Optional.empty() : archive.of(archived);
        if (moved.isPresent()) {
            Set<String> here = all.stream().map(Entry::name).collect(Collectors.toSet());
            for (Entry entry : moved.get().list()) {
                if (archived.holds(Format.segmentIndex(entry.name())) && !here.contains(entry.name())) {
                    all.add(entry);
                }
            }
        }
        return all;
    }

    @Override
    public OpenFile open(String name, Mode mode) throws IOException {
        try {
            return own.open(name, mode);
        } catch (NoSuchFileException gone) {
            Archived archived = mode == Mode.READ ? Archived.read(own) : null;
            if (archived == null || !archived.holds(Format.segmentIndex(name))) {
                throw gone;
            }
            return archive.of(archived).orElseThrow(() -> gone).open(name, mode);
        }
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
