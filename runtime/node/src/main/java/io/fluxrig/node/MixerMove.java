package io.fluxrig.node;

import io.fluxrig.signal.DurableFile;
import io.fluxrig.signal.FluxCbor;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.Value;
import io.fluxrig.spec.BlobStore;
import io.fluxrig.wal.WalRecord;
import io.fluxrig.wal.WalScan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Moves a Mixer's log from a node's disk to PostgreSQL, where somebody names one for the first time: event by event under the same numbers, all or none. A log that does
 * not fit what is there already is refused, and so is a start without PostgreSQL afterwards: a Mixer that began anew would grant machine ids a second time.
 */
record MixerMove(Path home, BlobStore blobs) {
    private static final String ID = "mixer";

    static MixerMove of(Path data) {
        return new MixerMove(data.resolve("mixer"), BlobStore.open(data));
    }

    private Path mark() {
        return home.resolve("in-postgresql");
    }

    /** @throws FluxException MIXER_ELSEWHERE where the journal was moved before */
    void mustBeHere() {
        if (Files.exists(mark())) {
            throw new FluxException(NodeError.MIXER_ELSEWHERE, mark() + " says that it is in PostgreSQL");
        }
    }

    /** Does nothing where there is nothing to move; may be cut anywhere and asked for again. */
    void into(Connection db) throws SQLException {
        Path log = home.resolve("wal");
        try {
            if (Files.isDirectory(log)) {
                copy(log, db);
                Files.move(log, home.resolve("wal-in-postgresql"));
            }
            if (!Files.exists(mark())) {
                DurableFile.write(mark(), "The Mixer's journal\n".getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new FluxException(NodeError.START, home + ": " + e.getMessage(), e);
        }
    }

    private void copy(Path log, Connection db) throws SQLException {
        List<WalRecord> events = new ArrayList<>();
        if (!WalScan.read(log, events::add).intact()) {
            throw new FluxException(NodeError.MIXER_ELSEWHERE, log + " is damaged, and cannot be moved");
        }
        db.setAutoCommit(false);
        try {
            for (WalRecord event : events) {
                copy(event, db);
            }
            db.commit();
        } catch (SQLException | RuntimeException e) {
            db.rollback();
            throw e;
        } finally {
            db.setAutoCommit(true);
        }
    }

    private void copy(WalRecord event, Connection db) throws SQLException {
        try (PreparedStatement add = db.prepareStatement("INSERT INTO event_journal (persistence_id, sequence_number,"
                + " writer, write_timestamp, adapter_manifest, event_ser_id, event_ser_manifest, event_payload)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")) {
            add.setString(1, ID);
            add.setLong(2, event.sequenceNr());
            add.setString(3, event.writerUuid());
            add.setLong(4, event.timestamp());
            add.setString(5, event.eventManifest());
            add.setInt(6, event.serializerId());
            add.setString(7, event.manifest());
            add.setBytes(8, event.payload());
            add.executeUpdate();
        }
        if (!Arrays.equals(event.payload(), payload(event.sequenceNr(), db))) {
            throw new FluxException(
                    NodeError.MIXER_ELSEWHERE,
                    "event " + event.sequenceNr() + " in " + home.resolve("wal") + " is not that in PostgreSQL");
        }
        if (FluxCbor.decode(event.payload()) instanceof FluxMap map
                && map.get("file") instanceof Value.Bin file
                && blobs.has(file.value())) {
            SiteDatabase.put(db, file.value(), blobs.get(file.value()));
        }
    }

    private static byte[] payload(long number, Connection db) throws SQLException {
        try (PreparedStatement find = db.prepareStatement(
                "SELECT event_payload FROM event_journal WHERE persistence_id = ? AND sequence_number = ?")) {
            find.setString(1, ID);
            find.setLong(2, number);
            try (ResultSet row = find.executeQuery()) {
                return row.next() ? row.getBytes(1) : new byte[0];
            }
        }
    }
}
