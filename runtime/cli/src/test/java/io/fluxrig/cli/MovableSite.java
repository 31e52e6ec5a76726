package io.fluxrig.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.fluxrig.node.MovableRacks;
import io.fluxrig.node.Postgres;
import io.fluxrig.scenario.DataDir;
import io.fluxrig.scenario.GearJars;
import io.fluxrig.scenario.ScenarioFile;
import io.fluxrig.scenario.ScenarioSigner;
import io.fluxrig.signal.SigningKey;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.awaitility.Awaitility;

/** Three nodes, the PostgreSQL that they share, and the payment switch of the examples on the movable Rack {@code gate}, between terminals and schemes of their own. */
final class MovableSite implements AutoCloseable {
    static final String RACK = "gate";
    static final List<String> NODES = List.of("node-a", "node-b", "node-c");
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    final Path folder;
    final int switchPort = LiveSwitch.freePort();
    /** Of the Rack that is pinned to {@code node-a}. */
    final int ownPort = LiveSwitch.freePort();

    private final int alphaPort = LiveSwitch.freePort();
    private final int betaPort = LiveSwitch.freePort();
    private final int databasePort = LiveSwitch.freePort();
    private final SigningKey key = SigningKey.generate(new SecureRandom());
    private final Machines machines;
    private final SiteProcesses nodes;
    /** The way to the database for nodes on machines of their own; null where they have none. */
    private final SlowLink relay;
    /** Who asks such nodes. */
    private final Optional<String> viewer;

    private final Path artifact;
    private EmbeddedPostgres postgres;

    /** With the payment switch on the movable Rack. */
    static MovableSite withSwitch(Path folder) throws IOException {
        return new MovableSite(Machines.THIS_ONE, folder, MovableSite::aSwitch);
    }

    /** With a wire to the movable Rack, whose other end is a door on {@code node-c}: so no port is held by a host that stands still. */
    static MovableSite withWire(Path folder) throws IOException {
        return new MovableSite(Machines.THIS_ONE, folder, MovableSite::aWire);
    }

    /** With a door of its own on whatever machine hosts it. */
    static MovableSite withDoor(Machines machines, Path folder) throws IOException {
        return new MovableSite(machines, folder, MovableSite::aDoor);
    }

    private MovableSite(Machines machines, Path folder, Blueprint blueprint) throws IOException {
        this.machines = machines;
        this.folder = folder;
        startPostgres();
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        Files.write(secret(), secret);
        nodes = new SiteProcesses(machines, folder, "movable.test", NODES);
        relay = machines == Machines.THIS_ONE
                ? null
                : new SlowLink(machines.address("database"), "127.0.0.1", databasePort, Duration.ZERO);
        viewer = machines == Machines.THIS_ONE ? Optional.empty() : Optional.of(nodes.certify("vera", "viewer"));
        for (String node : NODES) {
            prepare(node);
        }
        artifact = Files.write(folder.resolve("movable.scenario"), sign(blueprint.of(this)));
    }

    private void prepare(String node) throws IOException {
        DataDir directory = nodes.prepare(node, key, "mixer,rack");
        Path first = nodes.data("node-a");
        if (node.equals("node-a")) {
            SigningKey.generate(new SecureRandom()).writePem(first.resolve("keys/mixer.pem"));
        } else {
            for (String file : List.of("root.pem", "root.pub.pem", "mixer.pem", "mixer.pub.pem")) {
                copy(first.resolve("keys/" + file), directory.root().resolve("keys/" + file));
            }
            copy(first.resolve("trust/root/root.pub.pem"), directory.trustDir().resolve("root/root.pub.pem"));
        }
        nodes.ticket(node, node);
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
    }

    private interface Blueprint {
        String of(MovableSite site) throws IOException;
    }

    private String aSwitch() throws IOException {
        StringBuilder idle = new StringBuilder();
        idle.append("  - { name: own, type: tcp-server, deploy: node-a, config: { listen: \"127.0.0.1:" + ownPort
                + "\" } }\n");
        NODES.forEach(node -> idle.append("  - { name: idle-" + node + ", type: log, deploy: " + node + " }\n"));
        return Files.readString(Program.HOME.resolve("examples/payment-switch/scenario.yaml"))
                .replace("127.0.0.1:8583", "127.0.0.1:" + switchPort)
                .replace("127.0.0.1:9001", "127.0.0.1:" + alphaPort)
                .replace("127.0.0.1:9002", "127.0.0.1:" + betaPort)
                .replace("  - name: rack-a\n", "  - name: gate\n  - name: node-a\n  - name: node-b\n  - name: node-c\n")
                .replaceAll("(?m)^    type: (.*)$", "    type: $1\n    deploy: gate")
                .replace("gears:\n", "gears:\n" + idle)
                .replace("wires:\n", "wires:\n  - { from: own.out, to: idle-node-a.in, lane: guaranteed }\n");
    }

    private String aWire() {
        return "meta: { name: movable, version: 1.0.0 }\n"
                + "racks: [{ name: gate }, { name: node-a }, { name: node-b }, { name: node-c }]\ngears:\n"
                + "  - { name: idle-a, type: log, deploy: node-a }\n  - { name: idle-b, type: log, deploy: node-b }\n"
                + "  - { name: door, type: tcp-server, deploy: node-c, config: { listen: \"127.0.0.1:" + switchPort
                + "\", sender-timeout: 1h } }\n"
                + "  - { name: sink, type: log, deploy: gate, config: { level: debug } }\n"
                + "wires:\n  - { from: door.out, to: sink.in }\n";
    }

    private String aDoor() {
        return "meta: { name: movable, version: 1.0.0 }\n"
                + "racks: [{ name: gate }, { name: node-a }, { name: node-b }, { name: node-c }]\ngears:\n"
                + "  - { name: idle-a, type: log, deploy: node-a }\n  - { name: idle-b, type: log, deploy: node-b }\n"
                + "  - { name: idle-c, type: log, deploy: node-c }\n"
                + "  - { name: door, type: tcp-server, deploy: gate, config: { listen: \"0.0.0.0:" + switchPort
                + "\" } }\n"
                + "  - { name: sink, type: log, deploy: gate, config: { level: debug } }\n"
                + "wires:\n  - { from: door.out, to: sink.in, lane: guaranteed }\n";
    }

    private byte[] sign(String scenario) throws IOException {
        Path example = Program.HOME.resolve("examples/payment-switch");
        Path specs = Files.createDirectories(folder.resolve("scenario/specs"));
        copy(example.resolve("specs/payments.yaml"), specs.resolve("payments.yaml"));
        Path yaml = Files.writeString(folder.resolve("scenario/scenario.yaml"), scenario);
        ScenarioFile.Linted linted = ScenarioFile.lint(yaml, LiveSwitch.types());
        return ScenarioSigner.sign(
                linted.blueprint().orElseThrow(() -> new AssertionError(linted.findings())),
                GearJars.none(),
                DataDir.openOrCreate(nodes.data("node-a"), Optional.empty()),
                key,
                new ScenarioSigner.Terms(OptionalLong.of(1), 1_700_000_000L, Optional.empty()));
    }

    void startPostgres() throws IOException {
        postgres = EmbeddedPostgres.builder()
                .setPort(databasePort)
                .setDataDirectory(folder.resolve("postgres"))
                .setCleanDataDirectory(false)
                .start();
    }

    void stopPostgres() throws IOException {
        postgres.close();
    }

    String url() {
        return url("127.0.0.1", databasePort);
    }

    private static String url(String host, int port) {
        return "jdbc:postgresql://" + host + ":" + port + "/postgres?user=postgres";
    }

    Path secret() {
        return folder.resolve("rack.secret");
    }

    Program start(String node) throws IOException {
        return start(node, Map.of());
    }

    Program start(String node, Map<String, String> more) throws IOException {
        // Specs are found beside the artifact, on whatever node it is given to.
        Path from = Files.createDirectories(nodes.data("node-a").resolve("blobs"));
        Path to = nodes.data(node).resolve("blobs");
        if (!Files.exists(to.resolve("sha256"))) {
            try (var files = Files.walk(from)) {
                for (Path file : files.toList()) {
                    Files.copy(file, to.resolve(from.relativize(file).toString()));
                }
            }
        }
        Map<String, String> settings = new HashMap<>(Map.of(
                "FLUXRIG_JDBC_URL",
                relay == null ? url() : url(machines.address("database"), relay.port()),
                "FLUXRIG_MOVABLE_RACKS",
                RACK,
                "FLUXRIG_RACK_SECRET_FILE",
                secret().toString()));
        settings.putAll(more);
        return nodes.start(node, settings, artifact.toString());
    }

    void startAll() throws IOException {
        // The first of the seed nodes founds the cluster, and so is its oldest member, where singletons sit.
        start("node-a").awaitText("node-a runs", 0);
        awaitHost("node-a");
        for (String node : List.of("node-b", "node-c")) {
            start(node).awaitText(node + " runs", 0);
        }
    }

    Program node(String node) {
        return nodes.get(node);
    }

    String last(String node) {
        return nodes.last(node);
    }

    String log(String node) throws IOException {
        return Files.readString(nodes.log(node));
    }

    JsonNode status(String node) throws IOException {
        List<String> question = new ArrayList<>(List.of("status", "--json", "--api", nodes.api(node)));
        viewer.ifPresent(certificate -> question.addAll(List.of("--tls", certificate)));
        DemoTest.Ran ran = DemoTest.fluxrig(question.toArray(String[]::new));
        return ran.exit() == 0 ? ran.json() : MissingNode.getInstance();
    }

    /** What a node tells whoever scrapes it about the movable Rack; empty where it says that there is none. */
    Optional<String> metrics(String node, String rack) throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(nodes.api(node) + "/metrics/" + rack))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        return answer.statusCode() == 404 ? Optional.empty() : Optional.of(answer.body());
    }

    JsonNode movable(String node) throws IOException {
        return status(node).path("movable").path(0);
    }

    /** The others have let it in. */
    void awaitMember(String node) {
        Awaitility.await(node + " is a member")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(250))
                .until(() -> status(node).path("members").findValuesAsText("status").stream()
                                .filter("up"::equals)
                                .count()
                        == NODES.size());
    }

    /** The Rack has written so many leaves more. */
    void awaitTraffic(String host, long leaves) throws IOException {
        long before = movable(host).path("leaves").asLong();
        Awaitility.await("traffic on " + host)
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(movable(host).path("leaves").asLong())
                        .as(() -> last(host))
                        .isGreaterThan(before + leaves));
    }

    /** The Rack runs on this node. */
    void awaitHost(String node) {
        Awaitility.await("gate on " + node + " in " + folder)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .untilAsserted(() -> {
                    if (!movable(node).path("ready").asBoolean()) {
                        throw new AssertionError(movable(node) + "\n" + last(node));
                    }
                });
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
        return number("SELECT epoch FROM rack_seat WHERE rack = 'gate'");
    }

    Program scheme(String name) throws IOException {
        return Program.start(
                folder.resolve(name + ".log"),
                "simulate",
                "scheme",
                "--listen",
                "127.0.0.1:" + (name.equals("alpha") ? alphaPort : betaPort),
                "--name",
                name,
                "--ledger",
                folder.resolve(name + ".jsonl").toString());
    }

    Program terminals() throws IOException {
        return Program.start(
                folder.resolve("terminals.log"),
                "simulate",
                "terminals",
                "--connect",
                "127.0.0.1:" + switchPort,
                "--rate",
                "100",
                "--ledger",
                ledger().toString());
    }

    Path ledger() {
        return folder.resolve("terminals.jsonl");
    }

    /** What the database holds, as a data directory with the trust of the site. */
    Path copied() throws IOException {
        Path to = folder.resolve("copied");
        MovableRacks.in(new Postgres(url(), "")).copy(RACK, to, Optional.of(secret().toString()), bytes -> {});
        Path trust = nodes.data("node-a").resolve("trust");
        try (var files = Files.walk(trust)) {
            for (Path file : files.toList()) {
                Path target = to.resolve("trust").resolve(trust.relativize(file).toString());
                if (!Files.isDirectory(target)) {
                    Files.copy(file, target);
                }
            }
        }
        return to;
    }

    WireBooks books(String node) {
        return new WireBooks(nodes.data(node), node);
    }

    Path data(String node) {
        return nodes.data(node);
    }

    Path trust() {
        return nodes.data("node-a").resolve("trust");
    }

    @Override
    public void close() throws IOException {
        nodes.close();
        if (relay != null) {
            relay.close();
        }
        postgres.close();
    }
}
