package io.fluxrig.node;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.Value;
import io.fluxrig.vault.Leaf;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * What the Mixer knows about signals, in one database. Facts of a log are taken in order of their leaves and once each: the index of the next leaf is kept in the same
 * transaction, so whoever delivers may deliver again. Not safe for use from several threads at once.
 */
final class SignalBook implements AutoCloseable {
    private static final Set<String> USUAL = Set.of("sent", "consumed");
    static final List<String> OUTCOMES = List.of("open", "sent", "consumed", "handed-over", "failed");

    /** A signal as far as it is known; {@code ended} and {@code code} are 0, {@code trace} is empty where there is none; {@code more} is what the scenario lets out besides, as a JSON object, or empty. */
    record Row(
            String rack,
            long leaf,
            long id,
            long ref,
            String trace,
            long entered,
            long ended,
            long gear,
            String port,
            String outcome,
            int code,
            long size,
            Bytes hash,
            String more) {}

    private static final String BEGAN = "INSERT INTO signal"
            + " (log, leaf, id, ref, trace, entered, gear, port, outcome, size, hash, more)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?) ON CONFLICT DO NOTHING";
    private static final String ENDED = "UPDATE signal SET ended = ?, outcome = ?, code = ? WHERE id = ? AND log = ?";

    private final BookTables tables;
    private final Connection db;
    private final PreparedStatement begin;
    private final PreparedStatement end;

    private SignalBook(BookTables tables, Connection db) throws SQLException {
        this.tables = tables;
        this.db = db;
        this.begin = db.prepareStatement(BEGAN);
        this.end = db.prepareStatement(ENDED);
    }

    /** @throws FluxException BOOK where the database cannot be used */
    static SignalBook open(BookTables tables) {
        try {
            return new SignalBook(tables, tables.open());
        } catch (SQLException e) {
            throw failed(tables, e);
        }
    }

    private static FluxException failed(BookTables tables, SQLException e) {
        String state = e.getErrorCode() == 0 ? String.valueOf(e.getSQLState()) : Integer.toString(e.getErrorCode());
        return new FluxException(NodeError.BOOK, tables.place() + ": error " + state + " of the database", e);
    }

    /** Takes what is new in these facts; the index of the leaf that is to come next. Facts behind a gap are not taken. */
    long take(SignalFacts facts) {
        try {
            long log = logOf(facts);
            long next = nextOf(log);
            if (facts.from() <= next && next < facts.to()) {
                for (FluxMap fact : facts.facts()) {
                    if (fact.integer(Outgoing.LEAF.key(), -1) >= next) {
                        write(log, fact);
                    }
                }
                // In one go each: what ends here has begun here, or before.
                begin.executeBatch();
                end.executeBatch();
                next = facts.to();
                try (PreparedStatement move = db.prepareStatement("UPDATE log SET next = ? WHERE id = ?")) {
                    move.setLong(1, next);
                    move.setLong(2, log);
                    move.executeUpdate();
                }
            }
            db.commit();
            return next;
        } catch (SQLException e) {
            throw rolledBack(e);
        }
    }

    private FluxException rolledBack(SQLException e) {
        try {
            begin.clearBatch();
            end.clearBatch();
            db.rollback();
        } catch (SQLException second) {
            e.addSuppressed(second);
        }
        return failed(tables, e);
    }

    private long logOf(SignalFacts facts) throws SQLException {
        try (PreparedStatement add =
                db.prepareStatement("INSERT INTO log (origin, rack, next) VALUES (?, ?, 0) ON CONFLICT DO NOTHING")) {
            add.setString(1, facts.log());
            add.setString(2, facts.rack());
            add.executeUpdate();
        }
        try (PreparedStatement find = db.prepareStatement("SELECT id FROM log WHERE origin = ?")) {
            find.setString(1, facts.log());
            try (ResultSet row = find.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private long nextOf(long log) throws SQLException {
        try (PreparedStatement find = db.prepareStatement("SELECT next FROM log WHERE id = ?" + tables.forUpdate())) {
            find.setLong(1, log);
            try (ResultSet row = find.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private void write(long log, FluxMap fact) throws SQLException {
        if (fact.has(Outgoing.ENTERED.key())) {
            began(log, fact);
        } else {
            ended(log, fact);
        }
    }

    private void began(long log, FluxMap fact) throws SQLException {
        begin.setLong(1, log);
        begin.setLong(2, fact.integer(Outgoing.LEAF.key(), 0));
        begin.setLong(3, fact.integer(Outgoing.ID.key(), 0));
        begin.setObject(4, fact.has(Outgoing.REF.key()) ? fact.integer(Outgoing.REF.key(), 0) : null);
        begin.setObject(5, fact.text(Outgoing.TRACE.key()).orElse(null));
        begin.setLong(6, fact.integer(Outgoing.ENTERED.key(), 0));
        begin.setLong(7, new Leaf(fact, Bytes.EMPTY).gear());
        begin.setString(8, fact.text(Outgoing.PORT.key()).orElse(""));
        begin.setLong(9, fact.integer(Outgoing.SIZE.key(), 0));
        begin.setBytes(
                10,
                fact.get(Outgoing.HASH.key()) instanceof Value.Bin hash
                        ? hash.value().toArray()
                        : new byte[0]);
        String more = SignalJson.more(fact);
        begin.setObject(11, more.isEmpty() ? null : more);
        begin.addBatch();
    }

    private void ended(long log, FluxMap fact) throws SQLException {
        end.setLong(1, fact.integer(Outgoing.ENDED.key(), 0));
        end.setInt(
                2,
                Math.max(0, OUTCOMES.indexOf(fact.text(Outgoing.OUTCOME.key()).orElse(""))));
        end.setObject(
                3,
                fact.text(Outgoing.CODE.key())
                        .map(c -> Integer.parseInt(c.substring(4)))
                        .orElse(null));
        end.setLong(4, fact.integer(Outgoing.ID.key(), 0));
        end.setLong(5, log);
        end.addBatch();
    }

    /** The newest first. Each log is asked by itself, in the order of one index, so that nothing is sorted and no more is read than is wanted. */
    List<Row> find(SignalQuery query) {
        if (query.rack().isEmpty()) {
            return find(query, "", List.of());
        }
        List<Row> all = new ArrayList<>();
        for (long log : logsOf(query.rack().get())) {
            all.addAll(find(query, " AND signal.log = ?", List.of(log)));
        }
        all.sort(Comparator.comparingLong(Row::entered).thenComparing(Row::leaf).reversed());
        return all.subList(0, Math.min(query.limit(), all.size()));
    }

    private List<Row> find(SignalQuery query, String more, List<Long> log) {
        StringBuilder where = new StringBuilder(tables.by(indexFor(query)) + joined() + " WHERE 1 = 1");
        List<Object> values = new ArrayList<>();
        query.id().ifPresent(v -> and(where, values, "signal.id = ?", v));
        query.trace().ifPresent(v -> and(where, values, "signal.trace = ?", v));
        query.code().ifPresent(v -> and(where, values, "signal.code = ?", Integer.parseInt(v.substring(4))));
        query.outcome().ifPresent(v -> and(where, values, "signal.outcome = ?", OUTCOMES.indexOf(v)));
        query.since().ifPresent(v -> and(where, values, "signal.entered >= ?", v));
        query.until().ifPresent(v -> and(where, values, "signal.entered < ?", v));
        where.append(more);
        values.addAll(log);
        values.add(query.limit());
        return rows(where + " ORDER BY signal.entered DESC LIMIT ?", values);
    }

    private static String indexFor(SignalQuery query) {
        if (query.id().isPresent()) {
            return "signal_id";
        }
        if (query.trace().isPresent()) {
            return "signal_trace";
        }
        if (query.code().isPresent()) {
            return "signal_code";
        }
        boolean rare = query.outcome().filter(o -> !USUAL.contains(o)).isPresent();
        if (rare || query.rack().isEmpty() && query.outcome().isPresent()) {
            return "signal_outcome";
        }
        return query.rack().isPresent() ? "signal_log_entered" : "signal_entered";
    }

    private String joined() {
        return tables.join() + "log ON log.id = signal.log";
    }

    private List<Long> logsOf(String rack) {
        try (PreparedStatement find = db.prepareStatement("SELECT id FROM log WHERE rack = ?")) {
            find.setString(1, rack);
            List<Long> logs = new ArrayList<>();
            try (ResultSet row = find.executeQuery()) {
                while (row.next()) {
                    logs.add(row.getLong(1));
                }
            }
            return logs;
        } catch (SQLException e) {
            throw rolledBack(e);
        }
    }

    /** Those that answer this signal or derive from it. */
    List<Row> answersTo(long id) {
        return rows(joined() + " WHERE signal.ref = ? ORDER BY signal.entered, signal.leaf LIMIT 100", List.of(id));
    }

    private static void and(StringBuilder where, List<Object> values, String condition, Object value) {
        where.append(" AND ").append(condition);
        values.add(value);
    }

    private List<Row> rows(String where, List<Object> values) {
        try (PreparedStatement find =
                db.prepareStatement("SELECT log.rack, leaf, signal.id, ref, trace, entered, ended, gear, port,"
                        + " outcome, code, size, hash, more FROM signal" + where)) {
            for (int i = 0; i < values.size(); i++) {
                find.setObject(i + 1, values.get(i));
            }
            List<Row> rows = new ArrayList<>();
            try (ResultSet row = find.executeQuery()) {
                while (row.next()) {
                    rows.add(row(row));
                }
            }
            db.commit();
            return rows;
        } catch (SQLException e) {
            throw rolledBack(e);
        }
    }

    private static Row row(ResultSet row) throws SQLException {
        String trace = row.getString(5);
        String more = row.getString(14);
        return new Row(
                row.getString(1),
                row.getLong(2),
                row.getLong(3),
                row.getLong(4),
                trace == null ? "" : trace,
                row.getLong(6),
                row.getLong(7),
                row.getLong(8),
                row.getString(9),
                OUTCOMES.get(row.getInt(10)),
                row.getInt(11),
                row.getLong(12),
                Bytes.wrap(row.getBytes(13)),
                more == null ? "" : more);
    }

    /** Forgets at most so many signals that entered before this time; how many it were. */
    int forget(long before, int most) {
        try (PreparedStatement delete = db.prepareStatement("DELETE FROM signal WHERE (log, leaf) IN"
                + " (SELECT log, leaf FROM signal WHERE entered < ? ORDER BY entered LIMIT ?)")) {
            delete.setLong(1, before);
            delete.setInt(2, most);
            int gone = delete.executeUpdate();
            db.commit();
            return gone;
        } catch (SQLException e) {
            throw rolledBack(e);
        }
    }

    @Override
    public void close() {
        try {
            begin.close();
            end.close();
            db.close();
        } catch (SQLException e) {
            throw failed(tables, e);
        }
    }
}
