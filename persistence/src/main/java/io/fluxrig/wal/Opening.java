package io.fluxrig.wal;

import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;

/** A log that is being read before it opens: people who wait want to see how far it is. */
public final class Opening implements AutoCloseable {
    private static final Map<Path, Opening> UNDER_WAY = new ConcurrentHashMap<>();

    private final Path dir;
    private volatile long done;
    private volatile long total = 1;

    private Opening(Path dir) {
        this.dir = dir;
    }

    static Opening of(Path dir) {
        Opening opening = new Opening(key(dir));
        UNDER_WAY.put(opening.dir, opening);
        return opening;
    }

    /** How much of the log in this directory is read, in percent; empty where none is being opened. */
    public static OptionalInt percent(Path dir) {
        Opening opening = UNDER_WAY.get(key(dir));
        return opening == null
                ? OptionalInt.empty()
                : OptionalInt.of((int) Math.min(100, 100 * opening.done / opening.total));
    }

    void at(long bytes, long ofBytes) {
        total = Math.max(1, ofBytes);
        done = bytes;
    }

    private static Path key(Path dir) {
        return dir.toAbsolutePath().normalize();
    }

    @Override
    public void close() {
        UNDER_WAY.remove(dir, this);
    }
}
