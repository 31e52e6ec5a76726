package io.fluxrig.node;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import io.fluxrig.spec.BlobStore;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the database says of movable Racks besides their files: who hosts them, their wrapped keys, and the artifacts of the site. */
final class RackTables {
    /** @param changes how many were kept so far, over all epochs */
    record Seat(String rack, long epoch, long changes, String node) {}

    private RackTables() {}

    static FluxException away(SQLException e) {
        return new FluxException(
                NodeError.RACK_DATABASE, String.valueOf(e.getMessage()).replaceAll("\\s+", " "), e);
    }

    /** Begins the next epoch of this Rack on this node. Whatever the host before has under way is committed first, or refused. */
    static Seat take(Connection db, String rack, String node) throws SQLException {
        try (PreparedStatement take = db.prepareStatement(
                "INSERT INTO rack_seat (rack, epoch, changes, node) VALUES (?, 1, 0, ?) ON CONFLICT (rack) DO UPDATE"
                        + " SET epoch = rack_seat.epoch + 1, node = EXCLUDED.node, since = now() RETURNING epoch, changes")) {
            take.setString(1, rack);
            take.setString(2, node);
            try (ResultSet row = take.executeQuery()) {
                row.next();
                return new Seat(rack, row.getLong(1), row.getLong(2), node);
            }
        }
    }

    /** Who hosts it. */
    static Seat seat(Connection db, String rack) throws SQLException {
        try (PreparedStatement find =
                db.prepareStatement("SELECT epoch, changes, node FROM rack_seat WHERE rack = ?")) {
            find.setString(1, rack);
            try (ResultSet row = find.executeQuery()) {
                if (!row.next()) {
                    throw new FluxException(NodeError.RACK_COPY, "'" + rack + "' has no seat any more");
                }
                return new Seat(rack, row.getLong(1), row.getLong(2), row.getString(3));
            }
        }
    }

    /** 0 where it never had a host. */
    static long lastEpoch(Connection db, String rack) throws SQLException {
        return racks(db).contains(rack) ? seat(db, rack).epoch() : 0;
    }

    /** By name; every one that ever had a host. */
    static List<String> racks(Connection db) throws SQLException {
        List<String> names = new ArrayList<>();
        try (Statement sql = db.createStatement()) {
            if (Postgres.hasRackTables(sql)) {
                try (ResultSet row = sql.executeQuery("SELECT rack FROM rack_seat ORDER BY rack")) {
                    while (row.next()) {
                        names.add(row.getString(1));
                    }
                }
            }
        }
        return names;
    }

    static Optional<byte[]> secret(Connection db, String rack, String what) throws SQLException {
        try (PreparedStatement find =
                db.prepareStatement("SELECT wrapped FROM rack_secret WHERE rack = ? AND what = ?")) {
            find.setString(1, rack);
            find.setString(2, what);
            try (ResultSet row = find.executeQuery()) {
                return row.next() ? Optional.of(row.getBytes(1)) : Optional.empty();
            }
        }
    }

    /** What was there first stays. */
    static void putSecret(Connection db, String rack, String what, byte[] wrapped) throws SQLException {
        try (PreparedStatement add = db.prepareStatement(
                "INSERT INTO rack_secret (rack, what, wrapped) VALUES (?, ?, ?) ON CONFLICT (rack, what) DO NOTHING")) {
            add.setString(1, rack);
            add.setString(2, what);
            add.setBytes(3, wrapped);
            add.executeUpdate();
        }
    }

    /** Brings every artifact and spec of the site that is not here; each is filed under the hash of the bytes that came. */
    static void bringBlobs(Connection db, BlobStore here) throws SQLException {
        List<byte[]> missing = new ArrayList<>();
        try (Statement sql = db.createStatement();
                ResultSet row = sql.executeQuery("SELECT sha256 FROM blob")) {
            while (row.next()) {
                if (!here.has(Bytes.wrap(row.getBytes(1)))) {
                    missing.add(row.getBytes(1));
                }
            }
        }
        try (PreparedStatement find = db.prepareStatement("SELECT content FROM blob WHERE sha256 = ?")) {
            for (byte[] sha256 : missing) {
                find.setBytes(1, sha256);
                try (ResultSet row = find.executeQuery()) {
                    if (row.next()) {
                        here.put(row.getBytes(1));
                    }
                }
            }
        }
    }
}
