package io.fluxrig.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A movable Rack under load loses its host: by a kill, by a freeze from which it wakes, by a database that is away. The books balance. */
class MovableRackTest {
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    @TempDir
    private Path folder;

    @Test
    void runsOnAnotherNodeWhenItsHostIsKilled() throws Exception {
        try (MovableSite site = new MovableSite(folder);
                Program alpha = site.scheme("alpha");
                Program beta = site.scheme("beta")) {
            site.startAll();
            try (Program terminals = site.terminals()) {
                awaitTraffic(site, "node-a", 500);
                site.node("node-a").kill();
                long killed = System.nanoTime();
                String host = awaitOneOf(site, "node-b", "node-c");
                System.out.printf(
                        "host killed: gate ran on %s after %.1f s%n", host, (System.nanoTime() - killed) / 1e9);
                assertThat(site.epoch()).isEqualTo(2);
                awaitTraffic(site, host, 500);
                assertThat(terminals.terminate()).isZero();
                assertThat(site.node(host).terminate())
                        .as(() -> site.last(host))
                        .isZero();
            }
            alpha.terminate();
            beta.terminate();
            booksBalance(site);
        }
    }

    private static void booksBalance(MovableSite site) throws Exception {
        System.out.println("  " + Books.balance(site.folder, site.copied(), MovableSite.RACK, site.ledger()));
        DemoTest.Ran verified = DemoTest.fluxrig(
                "audit", "verify", "--jdbc", site.url(), "--trust", site.trust().toString());
        assertThat(verified.exit()).as(verified.out() + verified.err()).isZero();
    }

    /** The Rack has written so many leaves more. */
    private static void awaitTraffic(MovableSite site, String host, long leaves) throws Exception {
        long before = site.movable(host).path("leaves").asLong();
        Awaitility.await("traffic on " + host)
                .atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(site.movable(host).path("leaves").asLong())
                                .as(() -> site.last(host))
                                .isGreaterThan(before + leaves));
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
