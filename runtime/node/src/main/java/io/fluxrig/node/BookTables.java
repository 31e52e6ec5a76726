package io.fluxrig.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The database that holds the book of signals, and what differs between the two. */
sealed interface BookTables {

    /** With tables, not committing by itself. */
    Connection open() throws SQLException;

    /** Between a table and its conditions: which index to use, where that has to be said. */
    String by(String index);

    /** Signals first, then their logs. */
    String join();

    /** Behind a question whose row nobody else may change before the end of the transaction. */
    String forUpdate();

    /** For people. */
    String place();

    /** One file on this node. */
    record InFile(Path file) implements BookTables {
        private static final String[] SCHEMA = {
            "CREATE TABLE IF NOT EXISTS log (id INTEGER PRIMARY KEY, origin TEXT NOT NULL UNIQUE, rack TEXT NOT NULL, next INTEGER NOT NULL)",
            "CREATE TABLE IF NOT EXISTS signal (log INTEGER NOT NULL, leaf INTEGER NOT NULL, id INTEGER NOT NULL, ref INTEGER, trace TEXT,"
                    + " entered INTEGER NOT NULL, ended INTEGER, gear INTEGER NOT NULL, port TEXT NOT NULL, outcome INTEGER NOT NULL,"
                    + " code INTEGER, size INTEGER NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (log, leaf)) WITHOUT ROWID",
            "CREATE INDEX IF NOT EXISTS signal_id ON signal (id)",
            "CREATE INDEX IF NOT EXISTS signal_entered ON signal (entered)",
            "CREATE INDEX IF NOT EXISTS signal_log_entered ON signal (log, entered)",
            "CREATE INDEX IF NOT EXISTS signal_outcome ON signal (outcome, entered)",
            "CREATE INDEX IF NOT EXISTS signal_code ON signal (code, entered) WHERE code IS NOT NULL",
            "CREATE INDEX IF NOT EXISTS signal_ref ON signal (ref) WHERE ref IS NOT NULL",
            "CREATE INDEX IF NOT EXISTS signal_trace ON signal (trace, entered) WHERE trace IS NOT NULL"
        };

        @Override
        public Connection open() throws SQLException {
            try {
                Files.createDirectories(file.getParent());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            Connection db = DriverManager.getConnection("jdbc:sqlite:" + file);
            try (Statement set = db.createStatement()) {
                set.execute("PRAGMA journal_mode = WAL");
                // What a power cut takes from the end is delivered again.
                set.execute("PRAGMA synchronous = NORMAL");
                set.execute("PRAGMA busy_timeout = 5000");
                for (String table : SCHEMA) {
                    set.execute(table);
                }
                addMissing(set);
            }
            db.setAutoCommit(false);
            return db;
        }

        /** Books from before scenarios could let out more than facts. */
        private static void addMissing(Statement set) throws SQLException {
            try (ResultSet column = set.executeQuery("SELECT 1 FROM pragma_table_info('signal') WHERE name = 'more'")) {
                if (column.next()) {
                    return;
                }
            }
            set.execute("ALTER TABLE signal ADD COLUMN more TEXT");
        }

        @Override
        public String by(String index) {
            return " INDEXED BY " + index;
        }

        @Override
        public String join() {
            return " CROSS JOIN ";
        }

        @Override
        public String forUpdate() {
            return "";
        }

        @Override
        public String place() {
            return file.toString();
        }
    }

    /** The site's database, which the Mixer finds wherever it sits. */
    record InPostgres(Postgres where) implements BookTables {
        @Override
        public Connection open() throws SQLException {
            Connection db = where.connect();
            Postgres.makeTables(db);
            db.setAutoCommit(false);
            return db;
        }

        @Override
        public String by(String index) {
            return "";
        }

        @Override
        public String join() {
            return " JOIN ";
        }

        @Override
        public String forUpdate() {
            return " FOR UPDATE";
        }

        @Override
        public String place() {
            return "PostgreSQL";
        }
    }
}
