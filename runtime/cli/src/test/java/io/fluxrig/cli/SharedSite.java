package io.fluxrig.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.fluxrig.scenario.DataDir;
import io.fluxrig.scenario.GearJars;
import io.fluxrig.scenario.Passport;
import io.fluxrig.scenario.ScenarioFile;
import io.fluxrig.scenario.ScenarioSigner;
import io.fluxrig.scenario.Trust;
import io.fluxrig.signal.SigningKey;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** Processes with disks and certificates of their own, any of which may be the Mixer, and the PostgreSQL that they share. */
final class SharedSite implements AutoCloseable {
    static final List<String> RACKS = List.of("rack-a", "rack-b", "rack-c", "rack-d");
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    final Path folder;
    private final SigningKey key = SigningKey.generate(new SecureRandom());
    private final SiteProcesses nodes;
    private final Map<String, Integer> doors = new TreeMap<>();
    private final int port;
    private EmbeddedPostgres postgres;

    SharedSite(Path folder) throws IOException {
        this.folder = folder;
        port = LiveSwitch.freePort();
        startPostgres();
        nodes = new SiteProcesses(folder, "fleet.test", List.of("rack-a", "rack-b"));
        for (String rack : RACKS) {
            nodes.prepareMixer(rack, key, "rack-a");
            doors.put(rack, LiveSwitch.freePort());
        }
        for (String role : List.of("operator", "auditor")) {
            DemoTest.Ran token = DemoTest.fluxrig(
                    "api", "token", "--name", role, "--role", role, "--tokens", folder.resolve("tokens") + "");
            Files.writeString(folder.resolve(role + ".token"), token.out());
        }
    }

    void startPostgres() throws IOException {
        postgres = EmbeddedPostgres.builder()
                .setPort(port)
                .setDataDirectory(folder.resolve("postgres"))
                .setCleanDataDirectory(false)
                .start();
    }

    void stopPostgres() throws IOException {
        postgres.close();
    }

    private String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres";
    }

    long number(String question) throws SQLException {
        try (Connection db = DriverManager.getConnection(url() + "&currentSchema=fluxrig");
                Statement sql = db.createStatement();
                ResultSet row = sql.executeQuery(question)) {
            row.next();
            return row.getLong(1);
        }
    }

    long epoch() throws SQLException {
        return number("SELECT max(epoch) FROM epoch");
    }

    Path data(String rack) {
        return nodes.data(rack);
    }

    /** Signals come in at each Rack by a door of its own. */
    Path sign(long serial, String level) throws IOException {
        String gears = RACKS.stream()
                .map(rack -> "  - { name: door-" + rack + ", type: tcp-server, deploy: " + rack
                        + ", config: { listen: \"127.0.0.1:" + doors.get(rack) + "\" } }\n")
                .collect(Collectors.joining());
        String wires = RACKS.stream()
                .map(rack -> "  - { from: door-" + rack + ".out, to: sink.in, lane: guaranteed }\n"
                        + "  - { from: door-" + rack + ".error, to: sink.in, lane: guaranteed }\n")
                .collect(Collectors.joining());
        Path yaml = Files.writeString(
                folder.resolve("scenario.yaml"),
                "meta: { name: fleet, version: 1.0.0 }\nracks:\n"
                        + RACKS.stream().map(r -> "  - { name: " + r + " }\n").collect(Collectors.joining())
                        + "gears:\n  - { name: sink, type: log, config: { level: " + level + " } }\n" + gears
                        + "wires:\n" + wires);
        ScenarioFile.Linted linted = ScenarioFile.lint(yaml, LiveSwitch.types());
        byte[] artifact = ScenarioSigner.sign(
                linted.blueprint().orElseThrow(() -> new AssertionError(linted.findings())),
                GearJars.none(),
                DataDir.openOrCreate(data("rack-a"), Optional.empty()),
                key,
                new ScenarioSigner.Terms(OptionalLong.of(serial), 1_700_000_000L, Optional.empty()));
        return Files.write(folder.resolve("v" + serial + ".scenario"), artifact);
    }

    Program start(String rack, String... more) throws IOException {
        Map<String, String> settings = Map.of(
                "FLUXRIG_API_TOKENS", folder.resolve("tokens").toString(),
                "FLUXRIG_JDBC_URL", url());
        return nodes.start(rack, settings, more);
    }

    Path log(String rack) {
        return nodes.log(rack);
    }

    Program node(String rack) {
        return nodes.get(rack);
    }

    DemoTest.Ran ask(String role, String rack, String... question) {
        List<String> all = new ArrayList<>(List.of(question));
        all.addAll(List.of("--api", nodes.api(rack)));
        all.addAll(List.of("--token-file", folder.resolve(role + ".token").toString()));
        return DemoTest.fluxrig(all.toArray(String[]::new));
    }

    JsonNode status(String rack) throws IOException {
        DemoTest.Ran ran = ask("auditor", rack, "status", "--json");
        return ran.exit() == 0 ? ran.json() : MissingNode.getInstance();
    }

    /** Over this node the Mixer answers, and knows so many Racks. */
    void awaitRacks(String over, int racks) {
        Awaitility.await(racks + " Racks, over " + over + " in " + folder)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(250))
                .until(() -> status(over).path("racks").size() == racks);
    }

    void send(String rack, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        try (Socket socket = new Socket("127.0.0.1", doors.get(rack))) {
            socket.getOutputStream().write(new byte[] {0, (byte) bytes.length});
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        }
    }

    /** How many signals of a Rack the Mixer knows. */
    int known(String rack, String over) throws IOException {
        DemoTest.Ran listed = ask("auditor", over, "signals", "list", "--rack", rack, "--limit", "1000", "--json");
        return listed.exit() == 0 ? listed.json().path("signals").size() : -1;
    }

    void awaitKnown(String rack, String over, int signals) {
        Awaitility.await(signals + " signals of " + rack)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(250))
                .until(() -> known(rack, over) == signals);
    }

    int machine(String rack) throws IOException {
        byte[] file = Files.readAllBytes(data(rack).resolve("racks/" + rack + "/passport.cose"));
        return Passport.verify(file, Trust.load(data(rack).resolve("trust")).root())
                .machines()
                .getFirst();
    }

    @Override
    public void close() throws IOException {
        nodes.close();
        postgres.close();
    }
}
