package io.fluxrig.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import io.fluxrig.scenario.DataDir;
import io.fluxrig.signal.DurableFile;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.Mirror;
import io.fluxrig.signal.SigningKey;
import io.fluxrig.wal.Wal;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/**
 * A Rack that this node may host, with its disk in the site's PostgreSQL. To host it is to take its seat in the database, to bring its directory here to what the
 * database holds, and to mirror from then on. Everything here blocks.
 */
final class MovableRack {
    static final String KEY = "key";
    static final String KEK = "kek";

    private final RackSettings settings;
    private final Postgres database;
    private final String node;

    private MovableRack(RackSettings settings, Postgres database, String node) {
        this.settings = settings;
        this.database = database;
        this.node = node;
    }

    /** @param node its name, for people */
    static MovableRack of(RackSettings settings, String node) {
        return new MovableRack(settings, Postgres.of(settings.config()).orElseThrow(), node);
    }

    /** The names that the settings give, each once. */
    static List<String> named(Config config) {
        return Stream.of(config.getString("fluxrig.movable.racks").split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .distinct()
                .toList();
    }

    /** @throws FluxException what keeps this node from hosting the Racks that its settings name, or from being {@code pinned} */
    static void check(Config config, DataDir data, String pinned) {
        List<String> names = named(config);
        if (names.contains(pinned)) {
            throw new FluxException(NodeError.RACK_PINNED, "'" + pinned + "' is this node's own and movable");
        }
        if (MovableRacks.isWorkingCopy(data.rackDir(pinned))) {
            throw new FluxException(
                    NodeError.RACK_PINNED,
                    data.rackDir(pinned) + " is a working copy of the movable Rack '" + pinned + "'");
        }
        if (!names.isEmpty()) {
            if (Postgres.of(config).isEmpty()) {
                throw new FluxException(NodeError.RACK_NO_DATABASE, "FLUXRIG_MOVABLE_RACKS=" + String.join(",", names));
            }
            RackSecret.in(config.getString("fluxrig.movable.secret-file"));
            names.forEach(data::rackDir);
        }
    }

    String name() {
        return settings.name();
    }

    /** This node as its host. */
    final class Hosted {
        private final RackTables.Seat seat;
        private final RackMirror mirror;
        private final Closeable mirrored;
        private final SiteDatabase site;

        private Hosted(RackTables.Seat seat, RackMirror mirror) {
            this.seat = seat;
            this.mirror = mirror;
            this.mirrored = Mirror.over(directory(), mirror);
            this.site = new SiteDatabase(database, settings.data().root());
        }

        long epoch() {
            return seat.epoch();
        }

        RackMirror mirror() {
            return mirror;
        }

        /** What the Rack is started with. */
        RackSettings rack() {
            Config its = ConfigFactory.parseString(
                            // All of the log lies in the database, and a write waits for it as long as that takes.
                            "persistence.wal { retention.archive = \"\", circuit-breaker.call-timeout = 30 days, recovery-event-timeout = 1 day }")
                    .withValue(Journals.EPOCH, ConfigValueFactory.fromAnyRef(seat.epoch()))
                    .withFallback(settings.config());
            return settings.movable(new Shelf(settings.data().blobs(), Optional.of(site)), its);
        }

        /** Seals the log where that can still be done, and lets go. */
        void leave() {
            if (mirror.isAway()) {
                mirror.close();
            }
            Wal.over(settings.data().rackWal(name())).ifPresent(Wal::close);
            mirror.close();
            site.close();
            try {
                mirrored.close();
            } catch (IOException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }

    private Path directory() {
        return settings.data().rackDir(name());
    }

    /**
     * Takes the seat; whoever had it before keeps nothing any more.
     *
     * @param progress told how many bytes of its directory are in place
     * @param replaced told when another host has taken it from here
     * @throws FluxException RACK_DATABASE where that has to be tried again, others where somebody has to act
     */
    Hosted take(LongConsumer progress, Consumer<FluxException> replaced) {
        RackSecret secret = RackSecret.in(settings.config().getString("fluxrig.movable.secret-file"));
        try (Connection db = database.connect()) {
            Postgres.makeTables(db);
            mustBeMovable(db);
            // Before the seat is taken: a node with another secret must not take it from one that works.
            keys(db, secret);
            RackTables.Seat seat = RackTables.take(db, name(), node);
            RackTables.bringBlobs(db, settings.data().blobs());
            new RackCopy(db, name(), directory(), progress).run();
            DurableFile.write(directory().resolve(RackCopy.MARK), (seat.epoch() + "\n").getBytes());
            return new Hosted(seat, new RackMirror(database, seat, replaced));
        } catch (SQLException e) {
            throw RackTables.away(e);
        } catch (IOException | NumberFormatException e) {
            throw new FluxException(NodeError.START, "'" + name() + "': " + e.getMessage(), e);
        }
    }

    /** Nothing that is here is replaced by what a database holds that knows less. */
    private void mustBeMovable(Connection db) throws SQLException, IOException {
        Path mark = directory().resolve(RackCopy.MARK);
        if (Files.exists(mark)) {
            long hosted = Long.parseLong(Files.readString(mark).strip());
            long known = RackTables.lastEpoch(db, name());
            if (known < hosted) {
                throw new FluxException(
                        NodeError.RACK_COPY,
                        "'" + name() + "' was hosted here in epoch " + hosted + ", the database knows " + known);
            }
        } else if (Files.isDirectory(settings.data().rackWal(name()))) {
            throw new FluxException(NodeError.RACK_PINNED, directory() + " holds the log of a pinned Rack");
        }
    }

    /** The Rack's keys as the database has them, made by its first host. */
    private void keys(Connection db, RackSecret secret) throws SQLException, IOException {
        Path key = settings.data().rackKeyFile(name());
        if (RackTables.secret(db, name(), KEY).isEmpty()) {
            RackIdentity.keyOf(settings.data(), name());
            RackTables.putSecret(db, name(), KEY, secret.wrap(name(), KEY, Files.readAllBytes(key)));
        }
        byte[] pem =
                secret.unwrap(name(), KEY, RackTables.secret(db, name(), KEY).orElseThrow());
        if (!Files.exists(key) || !Arrays.equals(Files.readAllBytes(key), pem)) {
            DurableFile.writeSecret(key, pem);
            DurableFile.write(
                    SigningKey.publicFile(key),
                    SigningKey.readPem(key).publicKey().pem().getBytes());
        }
        if (RackTables.secret(db, name(), KEK).isEmpty()) {
            byte[] fresh = new byte[32];
            new SecureRandom().nextBytes(fresh);
            RackTables.putSecret(db, name(), KEK, secret.wrap(name(), KEK, fresh));
        }
        byte[] kek =
                secret.unwrap(name(), KEK, RackTables.secret(db, name(), KEK).orElseThrow());
        Path file = settings.data().kekFile(name());
        if (!Files.exists(file) || !Arrays.equals(Files.readAllBytes(file), kek)) {
            DurableFile.writeSecret(file, kek);
        }
    }
}
