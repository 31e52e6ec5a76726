package io.fluxrig.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxrig.config.Environment;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code fluxrig doctor} says of the database that a node was told to use. */
class DatabaseCheckTest {
    private static EmbeddedPostgres server;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() throws Exception {
        // Over the network a password is asked for, as anywhere.
        server = EmbeddedPostgres.builder()
                .setServerConfig("password_encryption", "scram-sha-256")
                .start();
        try (var db = server.getPostgresDatabase().getConnection();
                var sql = db.createStatement()) {
            sql.execute("CREATE USER mixer PASSWORD 'right'");
            sql.execute("CREATE USER guest");
            sql.execute("COMMENT ON ROLE guest IS 'may look, and make nothing'");
            try (var file = sql.executeQuery("SHOW hba_file")) {
                file.next();
                Path rules = Path.of(file.getString(1));
                Files.writeString(
                        rules, "host all mixer 127.0.0.1/32 scram-sha-256\nhost all all 127.0.0.1/32 trust\n");
            }
            sql.execute("SELECT pg_reload_conf()");
        }
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    private Checkup.Finding journal(String user, String password) throws Exception {
        return journal(server.getPort(), user, password);
    }

    private Checkup.Finding journal(int port, String user, String password) throws Exception {
        Path file = Files.writeString(folder.resolve("password"), password + "\n");
        Environment environment = Environment.of(Map.of(
                "FLUXRIG_DATA", folder.resolve("data").toString(),
                "FLUXRIG_JDBC_URL", "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=" + user,
                "FLUXRIG_JDBC_PASSWORD_FILE", file.toString()));
        assertThat(environment.findings()).isEmpty();
        return new Checkup(environment, Clock.systemUTC())
                .all().stream()
                        .filter(finding -> finding.check().equals("journal"))
                        .findFirst()
                        .orElseThrow();
    }

    @Test
    void tellsWhoMayMakeTablesAndWhoMayNot() throws Exception {
        assertThat(journal("postgres", "").what()).contains("the first Mixer makes them");
        assertThat(journal("guest", "").what()).contains("postgres.sql");
    }

    @Test
    void aWrongPasswordAndAnAbsentServerFail() throws Exception {
        assertThat(journal("mixer", "right").verdict()).isEqualTo(Checkup.Verdict.FINE);
        Checkup.Finding wrong = journal("mixer", "wrong");
        assertThat(wrong.verdict()).isEqualTo(Checkup.Verdict.FAILED);
        assertThat(wrong.what()).contains("password authentication failed").doesNotContain("wrong");
        Checkup.Finding away = journal(LiveSwitch.freePort(), "mixer", "right");
        assertThat(away.verdict()).isEqualTo(Checkup.Verdict.FAILED);
        assertThat(away.advice()).contains("FLUXRIG_JDBC_URL");
    }

    @Test
    void aUrlWithAPasswordIsNotTaken() {
        for (String url : new String[] {
            "jdbc:postgresql://db/x?user=a&password=secret", "jdbc:postgresql://a:secret@db/x", "postgres://db/x"
        }) {
            assertThat(Environment.of(Map.of("FLUXRIG_JDBC_URL", url)).findings())
                    .as(url)
                    .isNotEmpty();
        }
    }
}
