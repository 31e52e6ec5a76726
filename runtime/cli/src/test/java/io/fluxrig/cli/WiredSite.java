package io.fluxrig.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.fluxrig.scenario.DataDir;
import io.fluxrig.scenario.GearJars;
import io.fluxrig.scenario.ScenarioFile;
import io.fluxrig.scenario.ScenarioSigner;
import io.fluxrig.signal.SigningKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.awaitility.Awaitility;

/** Nodes in processes of their own, each with its disk and certificate; a wire leads from rack-a to rack-b, and rack-m has the Mixer. */
final class WiredSite implements AutoCloseable {
    static final String WIRE = "door.out>sink.in";
    private static final List<String> RACKS = List.of("rack-m", "rack-a", "rack-b");
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    final int door = LiveSwitch.freePort();
    private final Path folder;
    private final SigningKey key = SigningKey.generate(new SecureRandom());
    private final Map<String, Program> nodes = new HashMap<>();
    private final Map<String, Integer> cluster = new HashMap<>();
    private final Map<String, Integer> api = new HashMap<>();
    private final Path artifact;

    WiredSite(Path folder) throws IOException {
        this.folder = folder;
        String ca = folder.resolve("ca").toString();
        DemoTest.fluxrig("certs", "init", "--ca", ca, "--site", "wired.test");
        for (String rack : RACKS) {
            DataDir directory = DataDir.openOrCreate(data(rack), Optional.of("wired.test"));
            Files.writeString(
                    directory.trustDir().resolve("scenario/release.pem"),
                    key.publicKey().pem());
            Files.copy(
                    data("rack-m").resolve("trust/root/root.pub.pem"),
                    directory.trustDir().resolve("root/site.pem"),
                    StandardCopyOption.REPLACE_EXISTING);
            String role = rack.equals("rack-m") ? "mixer,rack" : "rack";
            DemoTest.Ran issued = DemoTest.fluxrig(
                    "certs", "issue", rack, "--ca", ca, "--host", "127.0.0.1", "--role", role, "--out", tls(rack));
            assertThat(issued.exit()).as(issued.err()).isZero();
            DemoTest.Ran ticket = DemoTest.fluxrig(
                    "racks", "token", rack, "--data", data("rack-m").toString(), "--out", ticket(rack));
            assertThat(ticket.exit()).as(ticket.err()).isZero();
            cluster.put(rack, LiveSwitch.freePort());
            api.put(rack, LiveSwitch.freePort());
        }
        artifact = Files.write(folder.resolve("wired.scenario"), sign());
    }

    private byte[] sign() throws IOException {
        Path yaml = Files.writeString(
                folder.resolve("scenario.yaml"),
                "meta: { name: wired, version: 1.0.0 }\n"
                        + "racks: [{ name: rack-m }, { name: rack-a }, { name: rack-b }]\n"
                        + "gears:\n"
                        + "  - { name: idle, type: log, deploy: rack-m }\n"
                        + "  - { name: door, type: tcp-server, deploy: rack-a, config: { listen: \"127.0.0.1:" + door
                        + "\", sender-timeout: 1h } }\n"
                        + "  - { name: sink, type: log, deploy: rack-b, config: { level: debug } }\n"
                        + "wires:\n  - { from: door.out, to: sink.in }\n");
        ScenarioFile.Linted linted = ScenarioFile.lint(yaml, LiveSwitch.types());
        return ScenarioSigner.sign(
                linted.blueprint().orElseThrow(() -> new AssertionError(linted.findings())),
                GearJars.none(),
                DataDir.openOrCreate(data("rack-m"), Optional.empty()),
                key,
                new ScenarioSigner.Terms(OptionalLong.of(1), 1_700_000_000L, Optional.empty()));
    }

    private Path data(String rack) {
        return folder.resolve(rack);
    }

    private String tls(String rack) {
        return folder.resolve("tls-" + rack).toString();
    }

    void startAll() throws IOException {
        for (String rack : RACKS) {
            start(rack, artifact.toString());
        }
        for (String rack : RACKS) {
            nodes.get(rack).awaitText(rack + " runs", 0);
        }
    }

    private void start(String rack, String... what) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("run"));
        arguments.addAll(List.of(what));
        arguments.addAll(List.of("--name", rack, "--data", data(rack).toString()));
        // Whoever is killed here is back at once: the others wait for it instead of parting, which is tried elsewhere.
        Map<String, String> environment = Map.of(
                "FLUXRIG_PROFILE",
                "cluster",
                "FLUXRIG_DOWN_AFTER",
                "300s",
                "FLUXRIG_CLUSTER_HOST",
                "127.0.0.1",
                "FLUXRIG_CLUSTER_PORT",
                cluster.get(rack).toString(),
                "FLUXRIG_SEED_NODES",
                "127.0.0.1:" + cluster.get("rack-m") + ",127.0.0.1:" + cluster.get("rack-a") + ",127.0.0.1:"
                        + cluster.get("rack-b"),
                "FLUXRIG_MANAGEMENT_PORT",
                api.get(rack).toString(),
                "FLUXRIG_TLS",
                tls(rack),
                "FLUXRIG_ENROL_TOKEN_FILE",
                ticket(rack));
        nodes.put(rack, Program.start(log(rack), environment, arguments.toArray(String[]::new)));
    }

    private String ticket(String rack) {
        return folder.resolve(rack + ".ticket").toString();
    }

    private Path log(String rack) {
        return folder.resolve(rack + ".log");
    }

    /** {@code kill -9}, and a start from what is on its disk. */
    void killAndRestart(String rack) throws Exception {
        nodes.get(rack).kill();
        restart(rack);
    }

    void kill(String rack) throws Exception {
        nodes.get(rack).kill();
    }

    void restart(String rack) throws IOException {
        long before = Files.size(log(rack));
        start(rack);
        nodes.get(rack).awaitText(rack + " runs", before);
    }

    /** The process stands still, as a machine does to which no packet comes through. */
    void freeze(String rack) throws Exception {
        signal(rack, "-STOP");
    }

    void thaw(String rack) throws Exception {
        signal(rack, "-CONT");
    }

    private void signal(String rack, String signal) throws Exception {
        long pid = nodes.get(rack).pid();
        assertThat(new ProcessBuilder("kill", signal, Long.toString(pid))
                        .start()
                        .waitFor())
                .isZero();
    }

    /** A member that the others have parted with ends by itself; whoever runs containers starts it again. */
    void restartWhatHasEnded() throws IOException {
        for (String rack : RACKS) {
            if (!nodes.get(rack).isAlive()) {
                restart(rack);
            }
        }
    }

    /** What rack-a tells of its wire. */
    JsonNode wire() {
        try {
            DemoTest.Ran ran = DemoTest.fluxrig("status", "--api", "http://127.0.0.1:" + api.get("rack-a"), "--json");
            return ran.exit() == 0 ? ran.json().path("wires").path(0) : MissingNode.getInstance();
        } catch (IOException away) {
            return MissingNode.getInstance();
        }
    }

    void awaitDrained() {
        Awaitility.await("the wire of " + folder + " drains")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(() -> {
                    restartWhatHasEnded();
                    assertThat(wire().path("backlog").asInt(-1))
                            .as(() -> wire() + "\n" + lastOf("rack-a") + "\n" + lastOf("rack-b"))
                            .isZero();
                });
    }

    /** What it said last, for whoever reads that a test failed. */
    private String lastOf(String rack) {
        try {
            List<String> lines = Files.readAllLines(log(rack));
            return rack + ": " + String.join("\n", lines.subList(Math.max(0, lines.size() - 25), lines.size()));
        } catch (IOException e) {
            return rack + ": " + e.getMessage();
        }
    }

    void stopAll() throws Exception {
        for (String rack : List.of("rack-a", "rack-b", "rack-m")) {
            assertThat(nodes.get(rack).terminate())
                    .as(() -> rack + " in " + folder)
                    .isZero();
        }
    }

    WireBooks books(String rack) {
        return new WireBooks(data(rack), rack);
    }

    @Override
    public void close() {
        nodes.values().forEach(Program::close);
    }
}
