package io.fluxrig.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The host of a movable Rack is cut off from the other nodes, not from the database and not from who sends: the worst that a network can do to it. */
class MovableRackCutOffTest {
    private static final Duration PATIENCE = Duration.ofSeconds(150);
    private static final List<String> OTHERS = List.of("node-b", "node-c");

    @TempDir
    private Path folder;

    @Test
    void ofTwoHostsOneMakesSignalsDurable() throws Exception {
        Optional<String> missing = NetworkHosts.missing();
        Assumptions.assumeTrue(missing.isEmpty(), () -> missing.orElse(""));
        AtomicBoolean sending = new AtomicBoolean(true);
        try (NetworkHosts hosts = new NetworkHosts(MovableSite.NODES, folder);
                MovableSite site = MovableSite.withDoor(hosts, folder)) {
            site.startAll();
            for (String node : MovableSite.NODES) {
                Thread.ofPlatform().daemon().start(() -> keepSending(hosts.address(node), site.switchPort, sending));
            }
            site.awaitTraffic("node-a", 400);
            for (String other : OTHERS) {
                hosts.deafen("node-a", other);
                hosts.deafen(other, "node-a");
            }
            // It is not replaced yet, and works.
            site.awaitTraffic("node-a", 400);
            String host = awaitHost(site);
            assertThat(site.epoch()).isEqualTo(2);
            assertThat(site.node("node-a").awaitEnd()).isNotZero();
            assertThat(site.node("node-a").printedSince(0)).containsAnyOf("FLX-6090", "FLX-6070");
            site.awaitTraffic(host, 400);
            sending.set(false);
            for (String node : OTHERS) {
                assertThat(site.node(node).terminate())
                        .as(() -> site.last(node))
                        .isZero();
            }
            DemoTest.Ran verified = DemoTest.fluxrig(
                    "audit",
                    "verify",
                    "--jdbc",
                    site.url(),
                    "--trust",
                    site.trust().toString(),
                    "--json");
            assertThat(verified.exit()).as(verified.out() + verified.err()).isZero();
            assertThat(verified.json().path("intact").asBoolean()).isTrue();
            Books.vaultIsInOrder(site.copied(), MovableSite.RACK);
        }
    }

    private static void keepSending(String host, int port, AtomicBoolean sending) {
        for (int n = 0; sending.get(); n++) {
            LockSupport.parkNanos(50_000_000);
            try {
                PairOfRacks.send(host, port, "signal " + n);
            } catch (IOException notThere) {
                continue;
            }
        }
    }

    private static String awaitHost(MovableSite site) {
        AtomicReference<String> host = new AtomicReference<>();
        Awaitility.await("another host")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(250))
                .untilAsserted(() -> {
                    for (String node : OTHERS) {
                        if (site.movable(node).path("ready").asBoolean()) {
                            host.set(node);
                        }
                    }
                    assertThat(host.get()).isNotNull();
                });
        return host.get();
    }
}
