package io.fluxrig.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxrig.scenario.DataDir;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people get wrong with movable Racks, each with a number that says what to do. */
class MovableMistakesTest {
    private static EmbeddedPostgres postgres;

    @TempDir
    private Path folder;

    private final Map<String, String> settings = new HashMap<>();
    private int runs;

    @BeforeAll
    static void start() throws IOException {
        postgres = EmbeddedPostgres.builder().start();
    }

    @AfterAll
    static void stop() throws IOException {
        postgres.close();
    }

    @BeforeEach
    void good() throws IOException {
        settings.put("FLUXRIG_MOVABLE_RACKS", "gate");
        settings.put("FLUXRIG_JDBC_URL", url());
        settings.put("FLUXRIG_RACK_SECRET_FILE", secret("rack.secret", 32));
        settings.put("FLUXRIG_RACK", "rack-a");
        settings.put("FLUXRIG_DATA", folder.resolve("data").toString());
        settings.put("FLUXRIG_MANAGEMENT_PORT", "0");
    }

    private static String url() {
        return postgres.getJdbcUrl("postgres", "postgres");
    }

    private String secret(String name, int bytes) throws IOException {
        return Files.write(folder.resolve(name), new byte[bytes]).toString();
    }

    /** The command in a process of its own ends by itself with this exit code, and says this. */
    private void ends(int exit, String says, String... command) throws Exception {
        Path output = Files.createFile(folder.resolve("run" + runs++));
        try (Program program = Program.start(output, settings, command)) {
            int code = program.awaitEnd();
            assertThat(Files.readString(output)).contains(says);
            assertThat(code).as(Files.readString(output)).isEqualTo(exit);
        }
    }

    @Test
    void theCheckOfSettingsNamesWhatIsMissing() throws Exception {
        ends(0, "the settings fit", "config", "check");
        settings.remove("FLUXRIG_JDBC_URL");
        ends(5, "FLUXRIG_MOVABLE_RACKS needs FLUXRIG_JDBC_URL", "config", "check");
        settings.put("FLUXRIG_RACK", "gate");
        ends(5, "pins to this node", "config", "check");
    }

    @Test
    void aNodeThatCannotHostWhatItNamesDoesNotStart() throws Exception {
        String scenario =
                Program.HOME.resolve("examples/payment-switch/scenario.yaml").toString();
        settings.put("FLUXRIG_RACK_SECRET_FILE", folder.resolve("none").toString());
        ends(7, "FLX-6091", "run", scenario, "--dev");
        settings.put("FLUXRIG_RACK_SECRET_FILE", secret("short", 31));
        ends(7, "has 31 bytes, not 32", "run", scenario, "--dev");
        settings.remove("FLUXRIG_MOVABLE_RACKS");
        Files.createDirectories(folder.resolve("data/racks/rack-a"));
        Files.writeString(folder.resolve("data/racks/rack-a/movable"), "1\n");
        ends(7, "FLX-6093", "run", scenario, "--dev");
    }

    @Test
    void theLogOfAMovableRackIsNotRenewedInItsWorkingCopy() throws Exception {
        DataDir.openOrCreate(folder.resolve("data"), Optional.empty());
        Files.createDirectories(folder.resolve("data/racks/gate"));
        Files.writeString(folder.resolve("data/racks/gate/movable"), "1\n");
        ends(
                7,
                "is movable: its log is in the database",
                "racks",
                "renew",
                "gate",
                "--data",
                settings.get("FLUXRIG_DATA"));
    }

    @Test
    void anAuditOfADatabaseSaysWhichRackIsMeant() throws Exception {
        ends(2, "FLX-9145", "audit", "verify", "--jdbc", url());
        ends(2, "FLX-6096", "audit", "verify", "--jdbc", url(), "--rack", "press");
        ends(2, "FLX-9144", "audit", "verify", "--jdbc", url() + "&password=secret");
        ends(2, "exclude each other", "audit", "verify", "--jdbc", url(), "--data", "x");
        ends(1, "FLX-6092", "audit", "verify", "--jdbc", "jdbc:postgresql://127.0.0.1:1/none?user=x");
    }
}
