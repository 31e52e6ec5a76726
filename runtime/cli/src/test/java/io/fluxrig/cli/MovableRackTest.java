package io.fluxrig.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A movable Rack under load loses its host: by a kill, by a freeze from which it wakes, by a database that is away. The books balance. */
class MovableRackTest {
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    @TempDir
    private Path folder;

    /** What is done to the site while terminals send. */
    private interface Trouble {
        void with(MovableSite site) throws Exception;
    }

    /** What the books are asked when all is over. */
    private interface Question {
        void of(MovableSite site) throws Exception;
    }

    private void underLoad(Trouble trouble, Question question) throws Exception {
        try (MovableSite site = MovableSite.withSwitch(folder);
                Program alpha = site.scheme("alpha");
                Program beta = site.scheme("beta")) {
            site.startAll();
            try (Program terminals = site.terminals()) {
                site.awaitTraffic("node-a", 500);
                trouble.with(site);
                assertThat(terminals.terminate()).isZero();
            }
            for (String node : MovableSite.NODES) {
                if (site.node(node).isAlive()) {
                    assertThat(site.node(node).terminate())
                            .as(() -> site.last(node))
                            .isZero();
                }
            }
            alpha.terminate();
            beta.terminate();
            question.of(site);
        }
    }

    @Test
    void runsOnAnotherNodeWhenItsHostIsKilledAndComesBackInOrder() throws Exception {
        underLoad(
                site -> {
                    assertThat(site.metrics("node-a", "gate").orElseThrow())
                            .contains("fluxrig_ready 1.0", "fluxrig_signals_total{what=\"sent\"}")
                            .doesNotContain("fluxrig_vault_leaves_total 0.0");
                    assertThat(site.metrics("node-b", "gate")).contains("# it is not hosted here\n");
                    assertThat(site.metrics("node-b", "node-b")).isEmpty();

                    site.node("node-a").kill();
                    long killed = System.nanoTime();
                    String host = awaitOneOf(site, "node-b", "node-c");
                    System.out.printf(
                            "host killed: gate ran on %s after %.1f s%n", host, (System.nanoTime() - killed) / 1e9);
                    assertThat(site.epoch()).isEqualTo(2);
                    site.awaitTraffic(host, 500);

                    // The first host stands by again; those that have been there longer leave one after the other.
                    site.start("node-a").awaitText("node-a runs", 0);
                    site.awaitMember("node-a");
                    String other = host.equals("node-b") ? "node-c" : "node-b";
                    handOver(site, host, other);
                    assertThat(site.epoch()).isEqualTo(3);
                    site.awaitTraffic(other, 200);
                    handOver(site, other, "node-a");
                    assertThat(site.epoch()).isEqualTo(4);
                    site.awaitTraffic("node-a", 200);
                },
                MovableRackTest::booksBalance);
    }

    private static void handOver(MovableSite site, String from, String to) throws Exception {
        long began = System.nanoTime();
        int before = site.log(to).length();
        assertThat(site.node(from).terminate()).as(() -> site.last(from)).isZero();
        site.awaitHost(to);
        assertThat(site.log(to).substring(before))
                .as("it said good-bye, and nobody missed it")
                .doesNotContain(", Leaving)]");
        System.out.printf("host stopped: gate ran on %s after %.1f s%n", to, (System.nanoTime() - began) / 1e9);
    }

    @Test
    void aHostThatWakesAfterItsSuccessorBeganMakesNothingDurable() throws Exception {
        AtomicBoolean sending = new AtomicBoolean(true);
        try (MovableSite site = MovableSite.withWire(folder)) {
            site.startAll();
            Thread terminal = Thread.ofPlatform().daemon().start(() -> keepSending(site.switchPort, sending));
            site.awaitTraffic("node-a", 100);
            site.node("node-a").freeze();
            String host = awaitOneOf(site, "node-b", "node-c");
            site.awaitTraffic(host, 100);
            site.node("node-a").thaw();
            assertThat(site.node("node-a").awaitEnd()).isNotZero();
            assertThat(site.node("node-a").printedSince(0)).containsAnyOf("FLX-6090", "FLX-6070");
            site.awaitTraffic(host, 100);
            assertThat(site.epoch()).isEqualTo(2);
            sending.set(false);
            terminal.join();
            Awaitility.await("the wire drains")
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(site.status("node-c")
                                    .path("wires")
                                    .path(0)
                                    .path("backlog")
                                    .asInt(-1))
                            .isZero());
            for (String node : List.of("node-b", "node-c")) {
                assertThat(site.node(node).terminate())
                        .as(() -> site.last(node))
                        .isZero();
            }
            WireBooks gate = new WireBooks(site.copied(), MovableSite.RACK);
            List<WireBooks.Entry> arrived = gate.arrived(WiredSite.WIRE);
            assertThat(arrived)
                    .isEqualTo(site.books("node-c").handedOver(WiredSite.WIRE))
                    .doesNotHaveDuplicates();
            gate.areInOrder();
        }
    }

    private static void keepSending(int port, AtomicBoolean sending) {
        for (int n = 0; sending.get(); n++) {
            try {
                PairOfRacks.send(port, "signal " + n, "another " + n);
                Thread.sleep(20);
            } catch (IOException down) {
                Thread.onSpinWait();
            } catch (InterruptedException stop) {
                return;
            }
        }
    }

    @Test
    void waitsWhileTheDatabaseIsAwayAndGoesOnWhenItIsBack() throws Exception {
        underLoad(
                site -> {
                    site.stopPostgres();
                    Awaitility.await("it waits")
                            .atMost(PATIENCE)
                            .until(() -> site.log("node-a").contains("FLX-6092"));
                    long before = site.movable("node-a").path("leaves").asLong();
                    // Long enough for credits to be used up and for requests to be refused.
                    Thread.sleep(8_000);
                    assertThat(site.movable("node-a").path("leaves").asLong()).isEqualTo(before);
                    long own = ownLeaves(site);
                    for (int i = 0; i < 20; i++) {
                        PairOfRacks.send(site.ownPort, "signal " + i);
                    }
                    Awaitility.await("the node's own Rack works on")
                            .atMost(Duration.ofSeconds(20))
                            .until(() -> ownLeaves(site) >= own + 40);
                    assertThat(site.log("node-a")).doesNotContain("the database is back");
                    site.startPostgres();
                    long back = System.nanoTime();
                    site.awaitTraffic("node-a", 200);
                    System.out.printf("database back: traffic after %.1f s%n", (System.nanoTime() - back) / 1e9);
                    assertThat(site.epoch()).isEqualTo(1);
                },
                site -> {
                    // Answers that waited for the database left late: the vault says that they left, and terminals had
                    // given up.
                    Books.vaultIsInOrder(site.copied(), MovableSite.RACK);
                    Books.schemesSawNothingTwice(site.folder);
                });
    }

    private static void booksBalance(MovableSite site) throws Exception {
        System.out.println("  " + Books.balance(site.folder, site.copied(), MovableSite.RACK, site.ledger()));
        DemoTest.Ran verified = DemoTest.fluxrig(
                "audit", "verify", "--jdbc", site.url(), "--trust", site.trust().toString());
        assertThat(verified.exit()).as(verified.out() + verified.err()).isZero();
        consistent(site);
        new DatabaseAudit(site, "node-a").isThatOfTheLastHost();
        Path output = Files.createFile(site.folder.resolve("replay.log"));
        Map<String, String> secret =
                Map.of("FLUXRIG_RACK_SECRET_FILE", site.secret().toString());
        try (Program replay = Program.start(output, secret, "audit", "replay", "--jdbc", site.url())) {
            assertThat(replay.awaitEnd()).as(() -> replayed(output)).isZero();
        }
        assertThat(output).content().contains("identical");
    }

    /** The first checkpoint of the first host, and the last of the last. */
    private static void consistent(MovableSite site) throws IOException {
        Path checkpoints =
                site.folder.resolve("copied/racks").resolve(MovableSite.RACK).resolve("checkpoints");
        List<String> sizes;
        try (Stream<Path> files = Files.list(checkpoints)) {
            sizes = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("\\d{20}"))
                    .sorted()
                    .toList();
        }
        DemoTest.Ran ran = DemoTest.fluxrig(
                "audit", "consistency", number(sizes.getFirst()), number(sizes.getLast()), "--jdbc", site.url());
        assertThat(ran.exit()).as(ran.out() + ran.err()).isZero();
        assertThat(ran.out()).contains("is the beginning of that of");
    }

    private static String number(String padded) {
        return Long.toString(Long.parseLong(padded));
    }

    private static String replayed(Path output) {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            return e.getMessage();
        }
    }

    private static long ownLeaves(MovableSite site) throws IOException {
        return site.status("node-a").path("vault").path("durable").asLong();
    }

    private static String awaitOneOf(MovableSite site, String one, String other) {
        String[] host = new String[1];
        Awaitility.await("a host")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .untilAsserted(() -> {
                    for (String node : new String[] {one, other}) {
                        if (site.movable(node).path("ready").asBoolean()) {
                            host[0] = node;
                            return;
                        }
                    }
                    throw new AssertionError(site.last(one) + "\n" + site.last(other));
                });
        return host[0];
    }
}
