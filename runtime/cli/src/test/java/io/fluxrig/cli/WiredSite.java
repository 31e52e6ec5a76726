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
    private final SiteProcesses nodes;
    private final Path artifact;

    WiredSite(Path folder) throws IOException {
        this.folder = folder;
        nodes = new SiteProcesses(folder, "wired.test", RACKS);
        for (String rack : RACKS) {
            DataDir directory = nodes.prepare(rack, key, rack.equals("rack-m") ? "mixer,rack" : "rack");
            Files.copy(
                    data("rack-m").resolve("trust/root/root.pub.pem"),
                    directory.trustDir().resolve("root/site.pem"),
                    StandardCopyOption.REPLACE_EXISTING);
            nodes.ticket(rack, "rack-m");
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
        // Whoever is killed here is back at once: the others wait for it instead of parting, which is tried elsewhere.
        nodes.start(rack, Map.of("FLUXRIG_DOWN_AFTER", "300s"), what);
    }

    /**
     * {@code kill -9}, and a start from what is on its disk. A node that was let in by one that dies before it has told anybody is known to nobody: so the next one
     * dies when all know each other again.
     */
    void killAndRestart(String rack) throws Exception {
        nodes.get(rack).kill();
        restart(rack);
        awaitTogether();
    }

    /** Every node knows every other one as up, and reaches it. */
    void awaitTogether() {
        for (String rack : RACKS) {
            Awaitility.await("all are together, for " + rack + " in " + folder)
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(250))
                    .untilAsserted(() -> {
                        restartWhatHasEnded();
                        assertThat(up(rack)).as(() -> nodes.last(rack)).isEqualTo(RACKS.size());
                    });
        }
    }

    private long up(String rack) throws IOException {
        DemoTest.Ran ran = DemoTest.fluxrig("status", "--api", nodes.api(rack), "--json");
        long up = 0;
        for (JsonNode member : ran.exit() == 0 ? ran.json().path("members") : MissingNode.getInstance()) {
            up += member.path("reachable").asBoolean()
                            && member.path("status").asText().equals("up")
                    ? 1
                    : 0;
        }
        return up;
    }

    void kill(String rack) throws Exception {
        nodes.get(rack).kill();
    }

    void restart(String rack) throws IOException {
        long before = Files.size(nodes.log(rack));
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
            DemoTest.Ran ran = DemoTest.fluxrig("status", "--api", nodes.api("rack-a"), "--json");
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
                            .as(() -> wire() + "\n" + nodes.last("rack-a") + "\n" + nodes.last("rack-b"))
                            .isZero();
                });
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
        nodes.close();
    }
}
