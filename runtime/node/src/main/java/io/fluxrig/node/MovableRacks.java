package io.fluxrig.node;

import io.fluxrig.signal.DurableFile;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.Mirror;
import io.fluxrig.spec.BlobStore;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** The movable Racks of a PostgreSQL, for whoever has no node. */
public final class MovableRacks {
    private final Postgres database;

    private MovableRacks(Postgres database) {
        this.database = database;
    }

    public static MovableRacks in(Postgres database) {
        return new MovableRacks(database);
    }

    /**
     * By name.
     *
     * @throws FluxException RACK_DATABASE where it cannot be asked
     */
    public List<String> names() {
        try (Connection db = database.connect()) {
            return RackTables.racks(db);
        } catch (SQLException e) {
            throw RackTables.away(e);
        }
    }

    /** Whether this directory is the working copy of one, which its host keeps as the database has it. */
    public static boolean isWorkingCopy(Path rackDirectory) {
        return rackDirectory.resolve(RackCopy.MARK).toFile().exists();
    }

    /**
     * Takes the seat of this Rack for whoever writes its log with no node around, and mirrors the directory until it is closed. A node that hosts the Rack is replaced.
     *
     * @param replaced told when somebody has taken the seat from here
     */
    public Closeable host(String rack, Path directory, Consumer<FluxException> replaced) {
        try (Connection db = database.connect()) {
            Postgres.makeTables(db);
            RackMirror mirror = new RackMirror(database, RackTables.take(db, rack, "no node"), replaced);
            Closeable mirrored = Mirror.over(directory, mirror);
            return () -> {
                mirrored.close();
                mirror.close();
            };
        } catch (SQLException e) {
            throw RackTables.away(e);
        }
    }

    /**
     * Lays out what the database holds of this Rack as a data directory, as of one moment.
     *
     * @param secretFile what opens its keys; without it everything stays sealed that a key seals
     * @param progress told the number of bytes that are in place
     */
    public void copy(String rack, Path data, Optional<String> secretFile, LongConsumer progress) {
        if (!names().contains(rack)) {
            throw new FluxException(
                    NodeError.RACK_TABLES, "it holds no '" + rack + "' but: " + String.join(", ", names()));
        }
        try (Connection db = database.connect()) {
            RackTables.bringBlobs(db, BlobStore.open(data));
            new RackCopy(db, rack, data.resolve("racks").resolve(rack), progress).run();
            Optional<byte[]> kek = RackTables.secret(db, rack, MovableRack.KEK);
            if (secretFile.isPresent() && kek.isPresent()) {
                byte[] open = RackSecret.in(secretFile.get()).unwrap(rack, MovableRack.KEK, kek.get());
                DurableFile.writeSecret(data.resolve("keys").resolve(rack + ".kek"), open);
            }
        } catch (SQLException e) {
            throw RackTables.away(e);
        } catch (IOException e) {
            throw new FluxException(NodeError.RACK_COPY, "it could not be laid out: " + e.getMessage(), e);
        }
    }
}
