package io.fluxrig.spec;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.Hashes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The content-addressed store (FORMATS section 5): the name of a blob is the SHA-256 of its bytes, and every read hashes again what it returns. Safe
 * for several processes.
 */
public final class BlobStore {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
    private static final Pattern VERSION = Pattern.compile("(0|[1-9]\\d{0,8})\\.(0|[1-9]\\d{0,8})\\.(0|[1-9]\\d{0,8})");
    private static final Pattern HASH = Pattern.compile("sha256:[0-9a-f]{64}");
    private static final int MAX_BLOB = 64 << 20;

    /** A file lock is held for the whole process, so threads of one process need this one too. */
    private static final Object INDEX = new Object();

    private final Path blobs;
    private final Path index;
    private final Path quarantine;

    private BlobStore(Path data) {
        this.blobs = data.resolve("blobs").resolve("sha256");
        this.index = data.resolve("index");
        this.quarantine = data.resolve("quarantine");
    }

    /** A reference and what it names. */
    public record Entry(String name, String version, Bytes sha256) {}

    public static BlobStore open(Path dataDirectory) {
        return new BlobStore(dataDirectory);
    }

    /** Files these bytes and returns their hash once they are on disk; filing them again does nothing. */
    public Bytes put(byte[] bytes) {
        if (bytes.length > MAX_BLOB) {
            throw new FluxException(SpecError.STORE, "a blob of " + bytes.length + " bytes is larger than " + MAX_BLOB);
        }
        Bytes hash = Bytes.wrap(Hashes.sha256(bytes));
        Path file = blobs.resolve(hash.hex());
        try {
            if (!Files.exists(file)) {
                writeDurably(file, bytes);
            }
            return hash;
        } catch (IOException e) {
            throw new FluxException(SpecError.STORE, "blob " + hash.hex() + " cannot be written: " + e.getMessage(), e);
        }
    }

    /**
     * The bytes of this hash.
     *
     * @throws FluxException NO_BLOB; HASH where the file holds other bytes, which is then moved to {@code quarantine/}
     */
    public byte[] get(Bytes sha256) {
        Path file = blobs.resolve(sha256.hex());
        try {
            if (sha256.length() != 32 || !Files.isRegularFile(file)) {
                throw new FluxException(SpecError.NO_BLOB, "blob " + sha256.hex() + " is not here");
            }
            byte[] bytes = Files.size(file) > MAX_BLOB ? new byte[0] : Files.readAllBytes(file);
            if (Bytes.wrap(Hashes.sha256(bytes)).equals(sha256)) {
                return bytes;
            }
            Files.createDirectories(quarantine);
            Files.move(file, quarantine.resolve(sha256.hex()), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new FluxException(SpecError.STORE, "blob " + sha256.hex() + " cannot be read: " + e.getMessage(), e);
        }
        throw new FluxException(SpecError.HASH, "blob " + sha256.hex() + " was altered");
    }

    public boolean has(Bytes sha256) {
        return Files.isRegularFile(blobs.resolve(sha256.hex()));
    }

    /** @throws FluxException TAG_MOVED where other bytes stand under this name and version */
    public void tag(String name, String version, Bytes sha256) {
        if (!NAME.matcher(name).matches() || !VERSION.matcher(version).matches()) {
            throw new FluxException(SpecError.REFERENCE, "'" + name + ":" + version + "' is not a name and a version");
        }
        synchronized (INDEX) {
            try {
                Files.createDirectories(index.getParent());
                try (FileChannel channel = FileChannel.open(
                                index, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
                        FileLock lock = channel.lock()) {
                    tagLocked(channel, new Entry(name, version, sha256));
                }
            } catch (IOException e) {
                throw new FluxException(SpecError.STORE, "the index cannot be written: " + e.getMessage(), e);
            }
        }
    }

    private void tagLocked(FileChannel channel, Entry wanted) throws IOException {
        for (Entry entry : list()) {
            if (entry.name().equals(wanted.name()) && entry.version().equals(wanted.version())) {
                if (!entry.sha256().equals(wanted.sha256())) {
                    throw new FluxException(
                            SpecError.TAG_MOVED,
                            wanted.name() + ":" + wanted.version() + " is "
                                    + entry.sha256().hex());
                }
                return;
            }
        }
        String line =
                wanted.name() + " " + wanted.version() + " " + wanted.sha256().hex() + "\n";
        // A line that a crash cut off is ended first, or it would swallow this one.
        ByteBuffer bytes =
                ByteBuffer.wrap(((endsInLine(channel) ? "" : "\n") + line).getBytes(StandardCharsets.US_ASCII));
        channel.position(channel.size());
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        channel.force(true);
    }

    private static boolean endsInLine(FileChannel channel) throws IOException {
        ByteBuffer last = ByteBuffer.allocate(1);
        return channel.size() == 0 || channel.read(last, channel.size() - 1) == 1 && last.get(0) == '\n';
    }

    /** The hash that {@code name:1.2.3}, {@code name:latest} or {@code sha256:<hex>} stands for; empty where it is not known. */
    public Optional<Bytes> resolve(String reference) {
        if (HASH.matcher(reference).matches()) {
            Bytes hash = Bytes.ofHex(reference.substring(7));
            return has(hash) ? Optional.of(hash) : Optional.empty();
        }
        int colon = reference.indexOf(':');
        if (colon < 0 || !NAME.matcher(reference.substring(0, colon)).matches()) {
            throw new FluxException(SpecError.REFERENCE, "'" + reference + "'");
        }
        String name = reference.substring(0, colon);
        String version = reference.substring(colon + 1);
        List<Entry> all = list().stream().filter(e -> e.name().equals(name)).toList();
        if (version.equals("latest")) {
            return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast().sha256());
        }
        if (!VERSION.matcher(version).matches()) {
            throw new FluxException(SpecError.REFERENCE, "'" + reference + "'");
        }
        return all.stream()
                .filter(e -> e.version().equals(version))
                .map(Entry::sha256)
                .findFirst();
    }

    /** By name, then version. */
    public List<Entry> list() {
        if (!Files.exists(index)) {
            return List.of();
        }
        List<Entry> entries = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(index, StandardCharsets.US_ASCII)) {
                String[] parts = line.split(" ");
                // A line that a crash cut off names nothing; its writer was told that it failed.
                if (parts.length == 3
                        && NAME.matcher(parts[0]).matches()
                        && VERSION.matcher(parts[1]).matches()
                        && parts[2].matches("[0-9a-f]{64}")) {
                    entries.add(new Entry(parts[0], parts[1], Bytes.ofHex(parts[2])));
                }
            }
        } catch (IOException e) {
            throw new FluxException(SpecError.STORE, "the index cannot be read: " + e.getMessage(), e);
        }
        entries.sort(Comparator.comparing(Entry::name).thenComparing(Entry::version, BlobStore::compareVersions));
        return entries;
    }

    static int compareVersions(String a, String b) {
        String[] x = a.split("\\.");
        String[] y = b.split("\\.");
        for (int i = 0; i < 3; i++) {
            int order = Integer.compare(Integer.parseInt(x[i]), Integer.parseInt(y[i]));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private static void writeDurably(Path file, byte[] bytes) throws IOException {
        Files.createDirectories(file.getParent());
        Path temporary = Files.createTempFile(file.getParent(), ".new", ".tmp");
        try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel directory = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }
}
