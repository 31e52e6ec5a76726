package io.fluxrig.node;

import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.Mirror;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the directory of a movable Rack in PostgreSQL, on behalf of the host that took its seat in one epoch. Every change goes with a step of the seat's counter in the
 * same transaction: a host that was replaced changes nothing any more, and a host that does not know whether its last change arrived finds out. While the database is
 * away, whoever wants something durable waits.
 */
final class RackMirror implements Mirror, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RackMirror.class);
    private static final String STEP =
            "UPDATE rack_seat SET changes = changes + 1 WHERE rack = ? AND epoch = ? AND changes = ?";
    private static final String APPEND = "WITH seat AS (" + STEP
            + " RETURNING rack) INSERT INTO rack_bytes (rack, file, at, content) SELECT rack, ?, ?, ? FROM seat";
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 2_000;

    private final Postgres where;
    private final String rack;
    private final long epoch;
    private final Consumer<FluxException> replaced;
    /** Changes go one after the other, also while the one that is under way waits for the database. */
    private final ReentrantLock turn = new ReentrantLock(true);

    private final CountDownLatch closed = new CountDownLatch(1);
    private long changes;
    private volatile Connection db;
    private RackRows rows;
    private volatile FluxException ended;
    private volatile boolean away;

    /**
     * @param seat as it was taken
     * @param replaced told once that another host has taken the seat
     */
    RackMirror(Postgres where, RackTables.Seat seat, Consumer<FluxException> replaced) {
        this.where = where;
        this.rack = seat.rack();
        this.epoch = seat.epoch();
        this.changes = seat.changes();
        this.replaced = replaced;
    }

    /** Whether somebody waits for the database. */
    boolean isAway() {
        return away;
    }

    /** @throws FluxException RACK_ELSEWHERE where another host has taken the seat: nothing is kept any more */
    @Override
    public void keep(List<Change> due) throws IOException {
        turn.lock();
        try {
            long pause = FIRST_PAUSE_MILLIS;
            while (!tryToKeep(due)) {
                if (closed.await(pause, TimeUnit.MILLISECONDS)) {
                    throw new IOException("'" + rack + "' was stopped while its database was away");
                }
                pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", stopping);
        } finally {
            turn.unlock();
        }
    }

    /** Whether this host still has the seat; waits for the database as any change does. */
    void look() throws IOException {
        keep(List.of());
    }

    private boolean tryToKeep(List<Change> due) throws IOException {
        if (ended != null) {
            throw ended;
        }
        if (closed.getCount() == 0) {
            throw new IOException("'" + rack + "' has left this node");
        }
        try {
            if (db == null) {
                connect();
            }
            if (due.isEmpty()) {
                mustBeMine();
            } else {
                if (!write(due)) {
                    settle();
                }
                changes++;
            }
            if (away) {
                away = false;
                LOG.info("'{}': the database is back, epoch {} goes on", rack, epoch);
            }
            return true;
        } catch (SQLException e) {
            disconnect();
            if (!away && closed.getCount() > 0) {
                away = true;
                LOG.error("'{}' waits: {}", rack, RackTables.away(e).line());
            }
            return false;
        }
    }

    private void connect() throws SQLException {
        db = where.connect();
        try (Statement sql = db.createStatement()) {
            try (ResultSet row = sql.executeQuery("SHOW synchronous_commit")) {
                row.next();
                if (row.getString(1).equals("off")) {
                    // What the database says is durable has to be.
                    sql.execute("SET synchronous_commit = on");
                }
            }
        }
        db.setAutoCommit(false);
        rows = new RackRows(db, rack);
    }

    /** False where the seat's counter was not where this host left it. */
    private boolean write(List<Change> due) throws SQLException {
        // Nearly all changes are one group at the end of the log: they go with one question, and there and back once.
        if (due.size() == 1 && due.getFirst() instanceof Change.Write write && rows.isAppend(write)) {
            return append(write);
        }
        try (PreparedStatement step = step(STEP)) {
            if (step.executeUpdate() == 0) {
                db.rollback();
                return false;
            }
            rows.apply(due);
            db.commit();
            return true;
        }
    }

    private boolean append(Change.Write write) throws SQLException {
        db.setAutoCommit(true);
        try (PreparedStatement both = step(APPEND)) {
            both.setString(4, write.file());
            both.setLong(5, write.at());
            both.setBytes(6, write.content());
            boolean mine = both.executeUpdate() == 1;
            if (mine) {
                rows.appended(write);
            }
            return mine;
        } finally {
            db.setAutoCommit(false);
        }
    }

    private PreparedStatement step(String sql) throws SQLException {
        PreparedStatement step = db.prepareStatement(sql);
        step.setString(1, rack);
        step.setLong(2, epoch);
        step.setLong(3, changes);
        return step;
    }

    /** Either another host has the seat, or the change had arrived before the connection was lost. */
    private void settle() throws SQLException {
        RackTables.Seat now = mustBeMine();
        if (now.changes() != changes + 1) {
            throw new FluxException(
                    NodeError.RACK_COPY,
                    "'" + rack + "' was changed " + now.changes() + " times, and its host knows of " + changes);
        }
    }

    private RackTables.Seat mustBeMine() throws SQLException {
        RackTables.Seat now = RackTables.seat(db, rack);
        db.commit();
        if (now.epoch() != epoch) {
            ended = new FluxException(
                    NodeError.RACK_ELSEWHERE,
                    "'" + rack + "' was taken by " + now.node() + " in epoch " + now.epoch() + ", here was epoch "
                            + epoch);
            replaced.accept(ended);
            throw ended;
        }
        return now;
    }

    private void disconnect() {
        try (Connection gone = db) {
            db = null;
        } catch (SQLException closedAlready) {
            // there is nothing left to close
        }
    }

    /** Whoever waits fails, and nothing is kept any more. */
    @Override
    public void close() {
        closed.countDown();
        Connection now = db;
        if (now != null) {
            try {
                now.abort(Runnable::run);
            } catch (SQLException gone) {
                LOG.debug("the connection of '{}' was gone already", rack);
            }
        }
    }
}
