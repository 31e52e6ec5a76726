package io.fluxrig.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxrig.cli.WireBooks.Entry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Signals flow over a wire between two Racks while either is killed, and while one stands still: nothing is lost, nothing comes twice, and the order stays. More
 * rounds: {@code -Dwire.kills=50}; another seed: {@code -Dwire.seed=N}.
 */
class KilledWireTest {
    private static final int KILLS = Integer.getInteger("wire.kills", 4);

    @TempDir
    private Path folder;

    private final AtomicBoolean sending = new AtomicBoolean(true);
    private final AtomicInteger sent = new AtomicInteger();

    @Test
    void nothingIsLostAndNothingComesTwice() throws Exception {
        long seed = Long.getLong("wire.seed", System.nanoTime());
        System.out.println("KilledWireTest: seed " + seed);
        Random random = new Random(seed);
        try (WiredSite site = new WiredSite(folder)) {
            site.startAll();
            site.awaitTogether();
            Thread terminal = Thread.ofPlatform().daemon().start(() -> keepSending(site.door));
            for (int i = 0; i < KILLS; i++) {
                int from = sent.get();
                int more = 50 + random.nextInt(500);
                awaitSent(site, from + more);
                site.killAndRestart(random.nextBoolean() ? "rack-a" : "rack-b");
            }
            // The other Rack stands still for a while, shorter than the cluster takes to part from it.
            site.freeze("rack-b");
            awaitSent(site, sent.get() + 500);
            assertThat(site.wire().path("backlog").asInt()).isPositive();
            site.thaw("rack-b");
            site.awaitTogether();
            awaitSent(site, sent.get() + 100);
            // The Mixer is away: no effect on traffic.
            site.kill("rack-m");
            int before = sent.get();
            Awaitility.await().atMost(Duration.ofSeconds(120)).until(() -> sent.get() >= before + 200);
            site.restart("rack-m");
            sending.set(false);
            terminal.join();
            site.awaitDrained();
            site.stopAll();
            booksAgree(site);
        }
    }

    private void awaitSent(WiredSite site, int count) {
        Awaitility.await("signals enter in " + folder)
                .atMost(Duration.ofSeconds(120))
                .until(() -> {
                    site.restartWhatHasEnded();
                    return sent.get() >= count;
                });
    }

    /** Again and again; what was on its way to a Rack that died may never have entered. */
    private void keepSending(int port) {
        while (sending.get()) {
            try {
                int first = sent.get();
                String[] texts = new String[20];
                for (int i = 0; i < texts.length; i++) {
                    texts[i] = "signal " + (first + i);
                }
                PairOfRacks.send(port, texts);
                sent.addAndGet(texts.length);
                Thread.sleep(20);
            } catch (IOException down) {
                Thread.onSpinWait();
            } catch (InterruptedException stop) {
                return;
            }
        }
    }

    private void booksAgree(WiredSite site) {
        List<Entry> left = site.books("rack-a").handedOver(WiredSite.WIRE);
        List<Entry> arrived = site.books("rack-b").arrived(WiredSite.WIRE);
        System.out.println("KilledWireTest: " + sent.get() + " sent, " + arrived.size() + " arrived");
        assertThat(arrived).isEqualTo(left);
        assertThat(new HashSet<>(arrived)).as("nothing twice").hasSameSizeAs(arrived);
        assertThat(arrived).hasSizeGreaterThan(sent.get() / 2);
        site.books("rack-a").areInOrder();
        site.books("rack-b").areInOrder();
    }
}
