package io.fluxrig.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.fluxrig.scenario.DataDir;
import io.fluxrig.scenario.GearJars;
import io.fluxrig.scenario.ScenarioFile;
import io.fluxrig.scenario.ScenarioSigner;
import io.fluxrig.signal.SigningKey;
import io.fluxrig.simulate.SchemeSim;
import io.fluxrig.spec.Spec;
import io.fluxrig.spec.Specs;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;

/**
 * A site on three machines: terminals ask the edge, whose requests go to the schemes over the hub; frames that come in at the yard are handed over to the hub. Any
 * of the three may be the Mixer, and whoever ends is started again, as the runtime of containers does it.
 */
final class NetworkSite implements AutoCloseable {
    static final String EDGE = "rack-edge";
    static final String HUB = "rack-hub";
    static final String YARD = "rack-yard";
    static final List<String> RACKS = List.of(EDGE, HUB, YARD);
    static final int TERMINALS_PORT = 8583;
    static final int YARD_PORT = 8600;

    private static final Path EXAMPLE = Program.HOME.resolve("examples/two-racks");
    private static final Path SPEC = EXAMPLE.resolve("specs/payments.yaml");
    private static final String NAME = "network.test";
    private static final Duration PATIENCE = Duration.ofSeconds(300);
    /** So long all nodes look for a cluster in vain before an operator founds one. */
    private static final Duration NOBODY = Duration.ofSeconds(40);

    final Path folder;
    final NetworkHosts hosts;
    final Spec spec;
    private final SigningKey key = SigningKey.generate(new SecureRandom());
    private final EmbeddedPostgres postgres;
    private final SlowLink database;
    private final SchemeSim alpha;
    private final SchemeSim beta;
    private final SiteProcesses nodes;
    private final String viewer;
    private final Map<String, Long> aloneSince = new ConcurrentHashMap<>();
    private int foundedAgain;

    NetworkSite(Path folder) throws Exception {
        this.folder = folder;
        hosts = new NetworkHosts(RACKS, folder);
        spec = Specs.load(Program.HOME.resolve("examples/two-racks/specs/payments.yaml"))
                .orThrow();
        postgres = EmbeddedPostgres.start();
        database = new SlowLink(hosts.here(), "127.0.0.1", postgres.getPort(), Duration.ZERO);
        alpha = scheme("alpha");
        beta = scheme("beta");
        nodes = new SiteProcesses(hosts, folder, NAME, RACKS);
        for (String rack : RACKS) {
            nodes.prepareMixer(rack, key, EDGE);
        }
        viewer = nodes.certify("vera", "viewer");
    }

    void startAll() throws Exception {
        Path artifact = Files.write(folder.resolve("network.scenario"), sign());
        for (String rack : RACKS) {
            DemoTest.Ran imported = DemoTest.fluxrig(
                    "spec", "import", SPEC.toString(), "--data", data(rack).toString());
            assertThat(imported.exit()).as(imported.err()).isZero();
            start(rack, artifact.toString());
        }
        for (String rack : RACKS) {
            Awaitility.await(rack + " runs, in " + folder).atMost(PATIENCE).until(() -> {
                assertThat(nodes.get(rack).isAlive()).as(() -> nodes.last(rack)).isTrue();
                return nodes.get(rack).printedSince(0).contains(rack + " runs");
            });
        }
    }

    private SchemeSim scheme(String name) throws IOException {
        return new SchemeSim(hosts.here(), 0, name, spec, Optional.of(ledger(name))).start();
    }

    Path ledger(String name) {
        return folder.resolve(name + ".jsonl");
    }

    Path data(String rack) {
        return nodes.data(rack);
    }

    /** The example on two Racks, and a third with a wire of its own. */
    private byte[] sign() throws IOException {
        Path copy = Files.createDirectories(folder.resolve("scenario/specs")).getParent();
        Files.copy(SPEC, copy.resolve("specs/payments.yaml"));
        String text = Files.readString(EXAMPLE.resolve("scenario.yaml"))
                .replace("127.0.0.1:8583", "0.0.0.0:" + TERMINALS_PORT)
                .replace("127.0.0.1:9001", hosts.here() + ":" + alpha.port())
                .replace("127.0.0.1:9002", hosts.here() + ":" + beta.port())
                .replace("  - name: rack-hub\n", "  - name: rack-hub\n  - name: rack-yard\n")
                .replace("gears:\n", "gears:\n" + yard())
                .replace("wires:\n", "wires:\n  - { from: door.out, to: heap.in, lane: guaranteed }\n");
        Path yaml = Files.writeString(copy.resolve("scenario.yaml"), text);
        ScenarioFile.Linted linted = ScenarioFile.lint(yaml, LiveSwitch.types());
        DataDir first = DataDir.openOrCreate(data(EDGE), Optional.empty());
        return ScenarioSigner.sign(
                linted.blueprint().orElseThrow(() -> new AssertionError(linted.findings())),
                GearJars.none(),
                first,
                key,
                new ScenarioSigner.Terms(OptionalLong.of(1), 1_700_000_000L, Optional.empty()));
    }

    private static String yard() {
        return "  - { name: door, type: tcp-server, deploy: rack-yard, config: { listen: \"0.0.0.0:" + YARD_PORT
                + "\", sender-timeout: 1h } }\n"
                + "  - { name: heap, type: log, deploy: rack-hub, config: { level: debug } }\n";
    }

    private void start(String rack, String... what) throws IOException {
        String url = "jdbc:postgresql://" + hosts.here() + ":" + database.port() + "/postgres?user=postgres";
        nodes.start(rack, Map.of("FLUXRIG_JDBC_URL", url), what);
    }

    void kill(String rack) throws Exception {
        nodes.get(rack).kill();
    }

    /** As an operator stops it, with all that is under way finished. */
    void stop(String rack) throws Exception {
        assertThat(nodes.get(rack).terminate()).as(() -> nodes.last(rack)).isZero();
    }

    int clusterPort(String rack) {
        return nodes.clusterPort(rack);
    }

    /** As the runtime of containers starts what has ended. Where all have, an operator founds the cluster anew: a node that was a member does not by itself. */
    private void restart() throws IOException {
        boolean allEnded = RACKS.stream().noneMatch(rack -> nodes.get(rack).isAlive());
        for (String rack : RACKS) {
            if (!nodes.get(rack).isAlive()) {
                boolean founds = allEnded && rack.equals(RACKS.getFirst());
                start(rack, founds ? new String[] {"--bootstrap"} : new String[0]);
                aloneSince.remove(rack);
            }
        }
    }

    /** Lets time pass, in which whoever ends is started again. */
    void restartFor(Duration time) throws Exception {
        long until = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = until - System.nanoTime()) {
            restart();
            TimeUnit.NANOSECONDS.sleep(Math.min(left, 200_000_000));
        }
    }

    /** What an operator does when nodes have ended one after the other, until each looks for a cluster and there is none. */
    private void found() throws Exception {
        if (RACKS.stream().allMatch(this::isAloneTooLong)) {
            foundedAgain++;
            kill(EDGE);
            start(EDGE, "--bootstrap");
            aloneSince.clear();
        }
    }

    private boolean isAloneTooLong(String rack) {
        JsonNode node = status(rack);
        if (node.isMissingNode() || !node.path("members").isEmpty()) {
            aloneSince.remove(rack);
            return false;
        }
        long since = aloneSince.computeIfAbsent(rack, first -> System.nanoTime());
        return System.nanoTime() - since > NOBODY.toNanos();
    }

    /** How often an operator had to. */
    int foundedAgain() {
        return foundedAgain;
    }

    /** What a node says; missing while it does not answer. */
    JsonNode status(String rack) {
        return ask(rack, "status");
    }

    /** The answer to a question that the Mixer is asked over this node. */
    JsonNode ask(String rack, String... question) {
        List<String> all = new ArrayList<>(List.of(question));
        all.addAll(List.of("--api", nodes.api(rack), "--tls", viewer, "--json"));
        DemoTest.Ran ran = DemoTest.fluxrig(all.toArray(String[]::new));
        try {
            return ran.exit() == 0 ? ran.json() : MissingNode.getInstance();
        } catch (IOException noDocument) {
            return MissingNode.getInstance();
        }
    }

    /** Every node runs, knows every other one as up and reaches it, and the Mixer knows all Racks. */
    void awaitTogether() {
        for (String rack : RACKS) {
            awaitFact("all are together, for " + rack, () -> {
                JsonNode status = status(rack);
                assertThat(up(status))
                        .as(() -> status + "\n" + nodes.last(rack))
                        .isEqualTo(RACKS.size());
                assertThat(status.path("ready").asBoolean())
                        .as(() -> status.toString())
                        .isTrue();
                assertThat(status.path("racks")).as(() -> status.toString()).hasSize(RACKS.size());
            });
        }
    }

    private static long up(JsonNode status) {
        long up = 0;
        for (JsonNode member : status.path("members")) {
            boolean isUp = member.path("status").asText().equals("up");
            up += isUp && member.path("reachable").asBoolean() ? 1 : 0;
        }
        return up;
    }

    /** Nothing is under way: not in a Rack, and not on a wire. */
    void awaitQuiet() {
        for (String rack : RACKS) {
            awaitFact("nothing is under way in " + rack, () -> {
                JsonNode status = status(rack);
                assertThat(status.path("inFlight").asInt(-1))
                        .as(() -> status.toString())
                        .isZero();
                for (JsonNode wire : status.path("wires")) {
                    assertThat(wire.path("backlog").asInt(-1))
                            .as(() -> wire.toString())
                            .isZero();
                }
            });
        }
    }

    /** Whoever ends meanwhile is started again. */
    void awaitFact(String fact, ThrowingRunnable holds) {
        Awaitility.await(fact + " in " + folder)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(() -> {
                    restart();
                    found();
                    holds.run();
                });
    }

    List<String> strings(String question) throws SQLException {
        String url =
                "jdbc:postgresql://127.0.0.1:" + postgres.getPort() + "/postgres?user=postgres&currentSchema=fluxrig";
        try (Connection db = DriverManager.getConnection(url);
                Statement sql = db.createStatement();
                ResultSet row = sql.executeQuery(question)) {
            List<String> all = new ArrayList<>();
            while (row.next()) {
                all.add(row.getString(1));
            }
            return all;
        }
    }

    void stopAll() throws Exception {
        for (String rack : List.of(YARD, EDGE, HUB)) {
            stop(rack);
        }
    }

    @Override
    public void close() throws Exception {
        nodes.close();
        alpha.close();
        beta.close();
        database.close();
        postgres.close();
        hosts.close();
    }
}
