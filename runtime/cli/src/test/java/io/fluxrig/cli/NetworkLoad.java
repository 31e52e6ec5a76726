package io.fluxrig.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxrig.simulate.TerminalPlan;
import io.fluxrig.simulate.TerminalSim;
import io.fluxrig.simulate.TerminalStats;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What comes from outside during one round: requests of terminals at the edge, frames at the yard. */
final class NetworkLoad implements AutoCloseable {
    private static final double REQUESTS_A_SECOND = 30;
    private static final int FRAMES_AT_ONCE = 5;
    private static final int ENOUGH = 60;
    /** Longer than the edge waits for the hub. */
    private static final Duration PATIENCE = Duration.ofSeconds(8);

    private final NetworkSite site;
    private final int round;
    private final TerminalSim terminals;
    private final Thread yard;
    private final AtomicInteger frames = new AtomicInteger();
    private final AtomicLong entered = new AtomicLong();
    private volatile boolean sending = true;

    NetworkLoad(NetworkSite site, int round, long seed) {
        this.site = site;
        this.round = round;
        TerminalPlan plan = TerminalPlan.to(site.hosts.address(NetworkSite.EDGE), NetworkSite.TERMINALS_PORT)
                .terminals(4)
                .rate(REQUESTS_A_SECOND)
                .waiting(PATIENCE)
                .seed(seed)
                .ledger(site.ledger("terminals"));
        terminals = new TerminalSim(plan, site.spec).start();
        yard = Thread.ofVirtual().name("yard").start(this::keepSending);
    }

    private void keepSending() {
        while (sending) {
            try {
                send(texts("frame", FRAMES_AT_ONCE));
                entered.addAndGet(FRAMES_AT_ONCE);
                TimeUnit.MILLISECONDS.sleep(100);
            } catch (IOException down) {
                Thread.yield();
            } catch (InterruptedException stop) {
                return;
            }
        }
    }

    private List<String> texts(String what, int count) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add(what + " " + frames.incrementAndGet() + " of round " + round);
        }
        return texts;
    }

    private void send(List<String> texts) throws IOException {
        InetSocketAddress door = new InetSocketAddress(site.hosts.address(NetworkSite.YARD), NetworkSite.YARD_PORT);
        try (Socket socket = new Socket()) {
            socket.connect(door, 2_000);
            OutputStream out = socket.getOutputStream();
            for (String text : texts) {
                byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
                out.write(new byte[] {0, (byte) bytes.length});
                out.write(bytes);
            }
        }
    }

    /** Enough of both gets through from now on. */
    void awaitFlow() {
        long answered = terminals.stats().approved();
        long before = entered.get();
        site.awaitFact("requests are approved and frames enter", () -> {
            assertThat(terminals.stats().approved()).isGreaterThan(answered + ENOUGH);
            assertThat(entered.get()).isGreaterThan(before + ENOUGH);
        });
    }

    /**
     * Ends it, when nothing is wrong: of what is sent last nothing may be missing.
     *
     * @return the texts of frames that must arrive
     */
    List<String> end() throws Exception {
        sending = false;
        yard.join();
        terminals.stop();
        assertThat(terminals.await(Duration.ofSeconds(60)))
                .as("every request has its end at its terminal")
                .isTrue();
        List<String> last = texts("last", ENOUGH);
        send(last);
        return last;
    }

    TerminalStats requests() {
        return terminals.stats();
    }

    @Override
    public void close() {
        sending = false;
        terminals.close();
    }
}
