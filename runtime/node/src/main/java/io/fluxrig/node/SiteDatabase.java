package io.fluxrig.node;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * What a Mixer leaves to its successor besides its journal: who began which epoch, and the artifacts that events name. Over one connection on a thread of its own; after
 * any trouble the next question opens another. Answers fail with MIXER_JOURNAL.
 */
final class SiteDatabase implements AutoCloseable {
    private static final int QUEUE = 64;

    private interface Work<T> {
        T with(Connection db) throws SQLException;
    }

    private final Postgres where;
    private final MixerMove move;
    private final ThreadPoolExecutor thread = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(QUEUE),
            Thread.ofPlatform().daemon().name("site-database").factory());
    private Connection db;

    /** @param data the node's directory, which may hold what a Mixer remembered before there was a database */
    SiteDatabase(Postgres where, Path data) {
        this.where = where;
        this.move = MixerMove.of(data);
    }

    private <T> CompletionStage<T> ask(Work<T> work) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        try {
            thread.execute(() -> {
                try {
                    db = db == null ? where.connect() : db;
                    answer.complete(work.with(db));
                } catch (SQLException e) {
                    disconnect();
                    answer.completeExceptionally(away(e));
                } catch (RuntimeException fault) {
                    disconnect();
                    answer.completeExceptionally(fault);
                }
            });
        } catch (RejectedExecutionException busy) {
            answer.completeExceptionally(
                    new FluxException(NodeError.MIXER_JOURNAL, "more than " + QUEUE + " wait for the database"));
        }
        return answer;
    }

    static FluxException away(SQLException e) {
        return new FluxException(
                NodeError.MIXER_JOURNAL,
                "mixer: journal away, " + String.valueOf(e.getMessage()).replaceAll("\\s+", " "),
                e);
    }

    private void disconnect() {
        try (Connection gone = db) {
            db = null;
        } catch (SQLException closed) {
            // there is nothing left to close
        }
    }

    /** Makes the tables where they are missing, and brings what this node's own log holds. */
    CompletionStage<Void> prepare() {
        return ask(connection -> {
            Postgres.makeTables(connection);
            move.into(connection);
            return null;
        });
    }

    /** From now on this epoch is the last; telling again changes nothing. */
    CompletionStage<Void> began(long epoch, String node) {
        return ask(connection -> {
            try (PreparedStatement add = connection.prepareStatement(
                    "INSERT INTO epoch (epoch, node) VALUES (?, ?) ON CONFLICT (epoch) DO NOTHING")) {
                add.setLong(1, epoch);
                add.setString(2, node);
                add.executeUpdate();
                return null;
            }
        });
    }

    /** 0 where none has begun. */
    CompletionStage<Long> lastEpoch() {
        return ask(connection -> {
            try (Statement sql = connection.createStatement();
                    ResultSet row = sql.executeQuery("SELECT coalesce(max(epoch), 0) FROM epoch")) {
                row.next();
                return row.getLong(1);
            }
        });
    }

    CompletionStage<Void> put(Bytes sha256, byte[] content) {
        return ask(connection -> {
            put(connection, sha256, content);
            return null;
        });
    }

    static void put(Connection connection, Bytes sha256, byte[] content) throws SQLException {
        try (PreparedStatement add = connection.prepareStatement(
                "INSERT INTO blob (sha256, content) VALUES (?, ?) ON CONFLICT (sha256) DO NOTHING")) {
            add.setBytes(1, sha256.toArray());
            add.setBytes(2, content);
            add.executeUpdate();
        }
    }

    /** Whatever lies under this name: whoever uses it hashes it first. */
    CompletionStage<Optional<byte[]>> get(Bytes sha256) {
        return ask(connection -> {
            try (PreparedStatement find = connection.prepareStatement("SELECT content FROM blob WHERE sha256 = ?")) {
                find.setBytes(1, sha256.toArray());
                try (ResultSet row = find.executeQuery()) {
                    return row.next() ? Optional.of(row.getBytes(1)) : Optional.empty();
                }
            }
        });
    }

    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(1, TimeUnit.SECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
        disconnect();
    }
}
