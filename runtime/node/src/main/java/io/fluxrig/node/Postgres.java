package io.fluxrig.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.fluxrig.signal.FluxException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/** The site's PostgreSQL, where what belongs to the Mixer and not to one of its nodes lies. Every wait for it has a bound. */
public record Postgres(String url, String passwordFile) {
    private static final String SCHEMA = "postgres.sql";
    private static final String RACKS = "racks.sql";

    /** Nodes that start at the same time make tables one after the other. */
    private static final long MAKING = 8_583_355L;

    private static final int CONNECTIONS = 2;

    /** As the settings name it; empty where everything is embedded. */
    static Optional<Postgres> of(Config config) {
        return Optional.of(config.getString("fluxrig.jdbc.url"))
                .filter(url -> !url.isEmpty())
                .map(url -> new Postgres(url, config.getString("fluxrig.jdbc.password-file")));
    }

    /** What the URL says goes before these. */
    private Map<String, String> properties() {
        Map<String, String> all = new HashMap<>(Map.of(
                "currentSchema", "fluxrig",
                "ApplicationName", "fluxrig",
                "connectTimeout", "5",
                "loginTimeout", "5",
                "socketTimeout", "8",
                "tcpKeepAlive", "true",
                // Else exceptions quote what was to be written.
                "logServerErrorDetail", "false",
                // A Mixer that was frozen within a transaction must not keep its successor waiting.
                "options", "-c idle_in_transaction_session_timeout=5s",
                "authenticationPluginClassName", PasswordFile.class.getName()));
        if (!passwordFile.isEmpty()) {
            all.put(PasswordFile.PROPERTY, passwordFile);
        }
        return all;
    }

    /** A connection of one's own. */
    public Connection connect() throws SQLException {
        Properties properties = new Properties();
        properties.putAll(properties());
        return DriverManager.getConnection(url, properties);
    }

    /**
     * In a few words, for whoever asks whether it can be used; changes nothing.
     *
     * @throws FluxException MIXER_JOURNAL where it cannot
     */
    public String state() {
        try (Connection db = connect();
                Statement sql = db.createStatement()) {
            if (hasTables(sql)) {
                try (ResultSet row = sql.executeQuery("SELECT coalesce(max(epoch), 0) FROM epoch")) {
                    row.next();
                    return "epoch " + row.getLong(1);
                }
            }
            return mayMakeTables(sql)
                    ? "no tables yet; the first Mixer makes them"
                    : "no tables yet, and this user may not make them: have postgres.sql run by who may";
        } catch (SQLException e) {
            throw SiteDatabase.away(e);
        }
    }

    private static boolean mayMakeTables(Statement sql) throws SQLException {
        try (ResultSet row = sql.executeQuery("SELECT has_database_privilege(current_database(), 'CREATE')")) {
            return row.next() && row.getBoolean(1);
        }
    }

    /** Makes the tables where they are missing, all or none of them. */
    static void makeTables(Connection db) throws SQLException {
        db.setAutoCommit(false);
        try (Statement sql = db.createStatement()) {
            sql.execute("SELECT pg_advisory_xact_lock(" + MAKING + ")");
            if (!hasTables(sql)) {
                sql.execute(schema(SCHEMA));
            }
            if (!hasRackTables(sql)) {
                sql.execute(schema(RACKS));
            }
            db.commit();
        } catch (SQLException e) {
            db.rollback();
            throw e;
        } finally {
            db.setAutoCommit(true);
        }
    }

    private static boolean hasTables(Statement sql) throws SQLException {
        return has(sql, "fluxrig.signal");
    }

    static boolean hasRackTables(Statement sql) throws SQLException {
        return has(sql, "fluxrig.rack_bytes");
    }

    private static boolean has(Statement sql, String table) throws SQLException {
        try (ResultSet row = sql.executeQuery("SELECT to_regclass('" + table + "') IS NOT NULL")) {
            return row.next() && row.getBoolean(1);
        }
    }

    private static String schema(String name) {
        try (InputStream in = Postgres.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The journal plugin of pekko-persistence-jdbc, with connections of its own. */
    Config journal(Config base) {
        Map<String, Object> over = new HashMap<>();
        over.put("slick.profile", "slick.jdbc.PostgresProfile$");
        over.put("slick.db.driver", "org.postgresql.Driver");
        over.put("slick.db.url", url);
        over.put("slick.db.numThreads", CONNECTIONS);
        over.put("slick.db.maxConnections", CONNECTIONS);
        over.put("slick.db.minConnections", 1);
        over.put("slick.db.connectionTimeout", 5_000);
        // A database that is away at the start may come later.
        over.put("slick.db.initializationFailTimeout", -1);
        over.put("slick.db.properties", properties());
        over.put("circuit-breaker.reset-timeout", "2s");
        return ConfigFactory.parseMap(over).withFallback(base.getConfig("jdbc-journal"));
    }
}
