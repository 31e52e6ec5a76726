package io.fluxrig.node;

import io.fluxrig.signal.Mirror.Change;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Changes of files as rows. Remembers where the rows of a file end, so that what is appended needs no question; whoever rolls back makes another. */
final class RackRows {
    private final Connection db;
    private final String rack;
    private final Map<String, Long> ends = new HashMap<>();

    RackRows(Connection db, String rack) {
        this.db = db;
        this.rack = rack;
    }

    void apply(List<Change> changes) throws SQLException {
        for (Change change : changes) {
            switch (change) {
                case Change.Size size -> size(size.file(), size.size());
                case Change.Write write -> write(write);
                case Change.Replace whole -> replace(whole);
                case Change.Move move -> move(move);
                case Change.Delete delete -> delete(delete.file());
            }
        }
    }

    /** Whether nothing of the file lies behind its beginning. */
    boolean isAppend(Change.Write write) throws SQLException {
        return write.at() >= end(write.file());
    }

    /** Somebody else has made the row. */
    void appended(Change.Write write) {
        ends.put(write.file(), write.at() + write.content().length);
    }

    private void size(String file, long size) throws SQLException {
        run(
                "INSERT INTO rack_file (rack, file, size) VALUES (?, ?, ?) ON CONFLICT (rack, file) DO UPDATE SET size = EXCLUDED.size",
                rack,
                file,
                size);
    }

    private void write(Change.Write write) throws SQLException {
        long end = write.at() + write.content().length;
        if (isAppend(write)) {
            insert(write.file(), write.at(), write.content());
        } else {
            merge(write, end);
        }
        ends.merge(write.file(), end, Math::max);
    }

    private void insert(String file, long at, byte[] content) throws SQLException {
        run("INSERT INTO rack_bytes (rack, file, at, content) VALUES (?, ?, ?, ?)", rack, file, at, content);
    }

    private long end(String file) throws SQLException {
        Long known = ends.get(file);
        if (known != null) {
            return known;
        }
        long end = 0;
        try (PreparedStatement last = db.prepareStatement(
                "SELECT at + length(content) FROM rack_bytes WHERE rack = ? AND file = ? ORDER BY at DESC LIMIT 1")) {
            last.setString(1, rack);
            last.setString(2, file);
            try (ResultSet row = last.executeQuery()) {
                end = row.next() ? row.getLong(1) : 0;
            }
        }
        ends.put(file, end);
        return end;
    }

    /** Rows that it touches become one with it. */
    private void merge(Change.Write write, long end) throws SQLException {
        TreeMap<Long, byte[]> touched = new TreeMap<>();
        try (PreparedStatement find = db.prepareStatement(
                "DELETE FROM rack_bytes WHERE rack = ? AND file = ? AND at < ? AND at + length(content) > ? RETURNING at, content")) {
            find.setString(1, rack);
            find.setString(2, write.file());
            find.setLong(3, end);
            find.setLong(4, write.at());
            try (ResultSet row = find.executeQuery()) {
                while (row.next()) {
                    touched.put(row.getLong(1), row.getBytes(2));
                }
            }
        }
        long from = touched.isEmpty() ? write.at() : Math.min(write.at(), touched.firstKey());
        long to = touched.isEmpty()
                ? end
                : Math.max(end, touched.lastKey() + touched.lastEntry().getValue().length);
        byte[] whole = new byte[Math.toIntExact(to - from)];
        touched.forEach((at, content) -> System.arraycopy(content, 0, whole, (int) (at - from), content.length));
        System.arraycopy(write.content(), 0, whole, (int) (write.at() - from), write.content().length);
        insert(write.file(), from, whole);
    }

    private void replace(Change.Replace whole) throws SQLException {
        size(whole.file(), whole.content().length);
        run("DELETE FROM rack_bytes WHERE rack = ? AND file = ? AND at > 0", rack, whole.file());
        run(
                "INSERT INTO rack_bytes (rack, file, at, content) VALUES (?, ?, 0, ?) ON CONFLICT (rack, file, at) DO UPDATE SET content = EXCLUDED.content",
                rack,
                whole.file(),
                whole.content());
        ends.put(whole.file(), (long) whole.content().length);
    }

    private void move(Change.Move move) throws SQLException {
        delete(move.to());
        run("UPDATE rack_bytes SET file = ? WHERE rack = ? AND file = ?", move.to(), rack, move.file());
        run("UPDATE rack_file SET file = ? WHERE rack = ? AND file = ?", move.to(), rack, move.file());
        ends.remove(move.file());
        ends.remove(move.to());
    }

    private void delete(String file) throws SQLException {
        run("DELETE FROM rack_bytes WHERE rack = ? AND file = ?", rack, file);
        run("DELETE FROM rack_file WHERE rack = ? AND file = ?", rack, file);
        ends.remove(file);
    }

    private void run(String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = db.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            statement.executeUpdate();
        }
    }
}
