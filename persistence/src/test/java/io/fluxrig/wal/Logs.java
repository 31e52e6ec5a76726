package io.fluxrig.wal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** What the tests of the log have in common. */
final class Logs {
    static final int SERIALIZER = 4711;

    private Logs() {}

    /** Segments of 16 to 64 KiB, so that a short test fills several. */
    static WalSettings small(Path dir) {
        return new WalSettings(dir, "rack-a", 16384, 65536, 16384, 65536, 1 << 20, Duration.ofMillis(5));
    }

    static WalWrite write(String id, long sequenceNr, int size) {
        return WalWrite.of(id, sequenceNr, SERIALIZER, "m", payload(id, sequenceNr, size));
    }

    /** Follows from its arguments, so that what is read back can be checked byte for byte. */
    static byte[] payload(String id, long sequenceNr, int size) {
        byte[] bytes = new byte[size];
        new Random(id.hashCode() * 31L + sequenceNr).nextBytes(bytes);
        return bytes;
    }

    static List<WalWrite> writes(String id, long from, long to, int size) {
        List<WalWrite> writes = new ArrayList<>();
        for (long n = from; n <= to; n++) {
            writes.add(write(id, n, size));
        }
        return writes;
    }

    static void append(Wal wal, List<WalWrite> atomic) {
        wal.append(atomic).toCompletableFuture().join();
    }

    /** Fills a log with one event each of {@code id} from 1 to {@code count} and closes it. */
    static void fill(Path dir, String id, int count, int size) {
        try (Wal wal = Wal.open(small(dir))) {
            for (long n = 1; n <= count; n++) {
                append(wal, List.of(write(id, n, size)));
            }
        }
    }

    static List<WalRecord> replay(Wal wal, String id) {
        List<WalRecord> records = new ArrayList<>();
        wal.replay(id, 1, Long.MAX_VALUE, Long.MAX_VALUE, records::add);
        return records;
    }

    static List<Path> segments(Path dir) {
        if (!Files.isDirectory(dir)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(dir)) {
            return files.filter(f -> Format.segmentIndex(f.getFileName().toString()) > 0)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
    }

    static void remove(Path dir) throws IOException {
        try (Stream<Path> files = Files.walk(dir)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
