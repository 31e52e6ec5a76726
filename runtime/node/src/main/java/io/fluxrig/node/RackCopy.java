package io.fluxrig.node;

import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.Hashes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongConsumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Brings the directory of a movable Rack to exactly what the database holds. A file that is here and fits, by the hashes of its parts, stays; one that is only behind is
 * filled up. Segments that differ hold what was never acknowledged to anybody: they are moved aside, the newest of them kept. Everything else that the database does not
 * hold is a cache and goes, but for snapshots.
 */
final class RackCopy {
    /** Working copies of segments that differed, under the directory. */
    static final String ASIDE = "aside";

    /** Says whose working copy this is. */
    static final String MARK = "movable";

    private static final int MOST_ASIDE = 8;
    /** Rows at once: of contents few, because one may hold a whole group; of hashes many. */
    private static final int CONTENTS = 8;

    private static final int HASHES = 4096;
    private static final int SMALL = 4096;
    private static final int CHUNK = 1 << 18;
    private static final Pattern NAME =
            Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*){0,3}");
    private static final Set<String> STAY = Set.of("snapshots", ASIDE, MARK);

    private final Connection db;
    private final String rack;
    private final Path directory;
    private final LongConsumer progress;
    private long copied;

    /** @param progress told the number of bytes that are in place so far */
    RackCopy(Connection db, String rack, Path directory, LongConsumer progress) {
        this.db = db;
        this.rack = rack;
        this.directory = directory;
        this.progress = progress;
    }

    /** All of it as of one moment, also while a host is writing. */
    void run() throws SQLException, IOException {
        db.setAutoCommit(false);
        db.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        try {
            Map<String, Long> files = files();
            Files.createDirectories(directory);
            removeWhatIsNot(files.keySet());
            files.keySet().removeAll(bringSmallOnes());
            for (Map.Entry<String, Long> file : files.entrySet()) {
                bring(file.getKey(), file.getValue());
            }
            db.commit();
        } finally {
            // After a commit there is nothing left to undo.
            db.rollback();
            db.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            db.setAutoCommit(true);
        }
    }

    private Map<String, Long> files() throws SQLException {
        Map<String, Long> files = new TreeMap<>();
        try (PreparedStatement all = db.prepareStatement("SELECT file, size FROM rack_file WHERE rack = ?")) {
            all.setString(1, rack);
            try (ResultSet row = all.executeQuery()) {
                while (row.next()) {
                    String name = row.getString(1);
                    if (!NAME.matcher(name).matches()) {
                        throw new FluxException(NodeError.RACK_COPY, "'" + rack + "' has a file of no name of ours");
                    }
                    files.put(name, row.getLong(2));
                }
            }
        }
        return files;
    }

    private void removeWhatIsNot(Set<String> files) throws IOException {
        try (Stream<Path> here = Files.walk(directory)) {
            for (Path path : here.filter(p -> !Files.isDirectory(p, LinkOption.NOFOLLOW_LINKS))
                    .toList()) {
                String name = directory.relativize(path).toString();
                boolean stays = STAY.contains(name.split("/")[0]) || files.contains(name);
                if (!stays && name.endsWith(".seg")) {
                    putAside(path);
                } else if (!stays) {
                    Files.delete(path);
                }
            }
        }
    }

    /** Thousands of checkpoints, with one question: whatever is one small row. */
    private Set<String> bringSmallOnes() throws SQLException, IOException {
        Set<String> done = new HashSet<>();
        try (PreparedStatement all =
                db.prepareStatement("SELECT file, content FROM rack_file JOIN rack_bytes USING (rack, file)"
                        + " WHERE rack = ? AND at = 0 AND size <= " + SMALL
                        + " AND length(content) = size AND file NOT LIKE '%.seg'")) {
            all.setString(1, rack);
            all.setFetchSize(HASHES);
            try (ResultSet row = all.executeQuery()) {
                while (row.next()) {
                    replace(directory.resolve(row.getString(1)), row.getBytes(2));
                    done.add(row.getString(1));
                }
            }
        }
        return done;
    }

    private static void replace(Path file, byte[] content) throws IOException {
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                && Files.size(file) == content.length
                && Arrays.equals(Files.readAllBytes(file), content)) {
            return;
        }
        Files.createDirectories(file.getParent());
        Files.deleteIfExists(file);
        Files.write(file, content, StandardOpenOption.CREATE_NEW);
    }

    private void bring(String name, long size) throws SQLException, IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && (Files.size(file) != size || !fits(name, file))) {
            if (name.endsWith(".seg")) {
                putAside(file);
            } else {
                Files.delete(file);
            }
        }
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            fetch(name, file, size);
        }
        copied += size;
        progress.accept(copied);
    }

    /** Compares by hashes, which the database makes now. What is zero here and not there is only behind, and filled up. */
    private boolean fits(String name, Path file) throws SQLException, IOException {
        Set<Long> behind = new TreeSet<>();
        try (FileChannel here = FileChannel.open(file, StandardOpenOption.READ);
                PreparedStatement parts = rows("at, length(content), sha256(content)", name, HASHES)) {
            long end = 0;
            try (ResultSet row = parts.executeQuery()) {
                while (row.next()) {
                    long at = row.getLong(1);
                    int length = row.getInt(2);
                    byte[] content = read(here, at, length);
                    if (content.length != length || !isZero(here, end, at)) {
                        return false;
                    }
                    if (!Arrays.equals(Hashes.sha256(content), row.getBytes(3))) {
                        if (!isZero(content)) {
                            return false;
                        }
                        behind.add(at);
                    }
                    end = at + length;
                }
            }
            if (!isZero(here, end, here.size())) {
                return false;
            }
        }
        fillUp(name, file, behind);
        return true;
    }

    private void fillUp(String name, Path file, Set<Long> behind) throws SQLException, IOException {
        try (FileChannel here = FileChannel.open(file, StandardOpenOption.WRITE);
                PreparedStatement one =
                        db.prepareStatement("SELECT content FROM rack_bytes WHERE rack = ? AND file = ? AND at = ?")) {
            for (long at : behind) {
                one.setString(1, rack);
                one.setString(2, name);
                one.setLong(3, at);
                try (ResultSet row = one.executeQuery()) {
                    row.next();
                    write(here, at, row.getBytes(1));
                }
            }
        }
    }

    private void fetch(String name, Path file, long size) throws SQLException, IOException {
        try (FileChannel here = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                PreparedStatement all = rows("at, content", name, CONTENTS)) {
            for (long at = 0; at < size; at += CHUNK) {
                write(here, at, new byte[(int) Math.min(CHUNK, size - at)]);
            }
            try (ResultSet row = all.executeQuery()) {
                while (row.next()) {
                    if (row.getLong(1) + row.getBytes(2).length > size) {
                        throw new FluxException(
                                NodeError.RACK_COPY, "'" + rack + "': " + name + " is longer than its size says");
                    }
                    write(here, row.getLong(1), row.getBytes(2));
                }
            }
        }
    }

    private PreparedStatement rows(String what, String name, int atOnce) throws SQLException {
        PreparedStatement rows =
                db.prepareStatement("SELECT " + what + " FROM rack_bytes WHERE rack = ? AND file = ? ORDER BY at");
        rows.setString(1, rack);
        rows.setString(2, name);
        rows.setFetchSize(atOnce);
        return rows;
    }

    private static byte[] read(FileChannel here, long at, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining() && here.read(buffer, at + buffer.position()) >= 0) {
            // until it is full or the file ends
        }
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    private static void write(FileChannel here, long at, byte[] content) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(content);
        while (buffer.hasRemaining()) {
            here.write(buffer, at + buffer.position());
        }
    }

    private static boolean isZero(FileChannel here, long from, long to) throws IOException {
        for (long at = from; at < to; at += CHUNK) {
            if (!isZero(read(here, at, (int) Math.min(CHUNK, to - at)))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isZero(byte[] content) {
        for (byte b : content) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    /** The newest stay: what nobody was ever told of may still interest somebody. */
    private void putAside(Path file) throws IOException {
        Path aside = Files.createDirectories(directory.resolve(ASIDE));
        Files.move(
                file,
                aside.resolve(System.currentTimeMillis() + "-" + file.getFileName()),
                StandardCopyOption.REPLACE_EXISTING);
        try (Stream<Path> all = Files.list(aside)) {
            List<Path> sorted = all.sorted().toList();
            for (Path old : sorted.subList(0, Math.max(0, sorted.size() - MOST_ASIDE))) {
                Files.delete(old);
            }
        }
    }
}
