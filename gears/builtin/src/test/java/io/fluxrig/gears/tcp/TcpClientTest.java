package io.fluxrig.gears.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxrig.gear.GearCommand;
import io.fluxrig.gear.GearError;
import io.fluxrig.gear.Intake.SignalClass;
import io.fluxrig.gear.Outcome;
import io.fluxrig.gear.Signal;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxId;
import io.fluxrig.signal.FluxMsg;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TcpClientTest {
    private static final ActorTestKit KIT = ActorTestKit.create();

    private final Door door = new Door();
    private final Setup setup = new Setup("link");
    private ServerSocket host;
    private ActorRef<GearCommand> gear;

    @BeforeEach
    void listen() throws Exception {
        host = new ServerSocket(0);
        host.setSoTimeout(10_000);
    }

    @AfterEach
    void close() throws Exception {
        host.close();
        KIT.stop(gear);
    }

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    private void start(Object... settings) {
        gear = KIT.spawn(new TcpClientType().create(Settings.client(host.getLocalPort(), settings), setup, door));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private CompletableFuture<Outcome> deliver(byte[] raw) {
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        FluxMsg msg =
                FluxMsg.builder().id(FluxId.of(7, 0, 1)).raw(Bytes.wrap(raw)).build();
        gear.tell(new GearCommand.Deliver(new Signal(msg, "in", Optional.empty()), outcome::complete));
        return outcome;
    }

    private static Object codeOf(CompletableFuture<Outcome> outcome) throws Exception {
        Outcome.Way way = outcome.get(10, TimeUnit.SECONDS).way();
        return way instanceof Outcome.Failed failed ? failed.code() : way;
    }

    @Test
    void writesSignalsAndBringsFramesIn() throws Exception {
        start();
        try (Peer peer = new Peer(host.accept())) {
            assertThat(setup.nextReady()).isTrue();
            assertThat(codeOf(deliver(bytes("request")))).isEqualTo(Outcome.Sent.INSTANCE);
            assertThat(peer.readFrame()).isEqualTo(bytes("request"));
            peer.writeFrame(bytes("reply"));
            Door.Offered offered = door.next();
            assertThat(offered.port()).isEqualTo("out");
            assertThat(offered.signalClass()).isEqualTo(SignalClass.REPLY);
            assertThat(offered.draft().raw()).isEqualTo(Bytes.wrap(bytes("reply")));
        }
    }

    @Test
    void failsAtOnceWhileTheLinkIsDownAndComesBackByItself() throws Exception {
        start();
        try (Peer peer = new Peer(host.accept())) {
            assertThat(setup.nextReady()).isTrue();
            peer.reset();
        }
        assertThat(setup.nextReady()).isFalse();
        int port = host.getLocalPort();
        host.close();
        Object code = codeOf(deliver(bytes("x")));
        assertThat(code).isEqualTo(GearError.LINK_DOWN);
        host = new ServerSocket();
        host.setReuseAddress(true);
        host.setSoTimeout(10_000);
        host.bind(new InetSocketAddress("127.0.0.1", port));
        try (Peer again = new Peer(host.accept())) {
            assertThat(codeOf(deliverUntilSent())).isEqualTo(Outcome.Sent.INSTANCE);
            assertThat(again.readFrame()).isEqualTo(bytes("again"));
        }
    }

    private CompletableFuture<Outcome> deliverUntilSent() throws Exception {
        while (!setup.nextReady()) {
            assertThat(codeOf(deliver(bytes("again")))).isEqualTo(GearError.LINK_DOWN);
        }
        return deliver(bytes("again"));
    }

    @Test
    void refusesWhatThePeerDoesNotReadAndLosesNothingSilently() throws Exception {
        start("max-queued", 8, "write-timeout", "500ms");
        try (Peer peer = new Peer(host.accept())) {
            assertThat(setup.nextReady()).isTrue();
            List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
            for (int i = 0; i < 3000; i++) {
                outcomes.add(deliver(new byte[8000]));
            }
            List<Object> codes = new ArrayList<>();
            for (CompletableFuture<Outcome> outcome : outcomes) {
                codes.add(codeOf(outcome));
            }
            assertThat(codes)
                    .hasSize(3000)
                    .contains(Outcome.Sent.INSTANCE, GearError.LINK_CONGESTED, GearError.LINK_LOST);
            assertThat(codes.stream().filter(GearError.LINK_LOST::equals).count())
                    .isEqualTo(1);
            // What was written before the peer stopped reading is still there for it, whole and in order.
            assertThat(peer.readFrame()).hasSize(8000);
        }
    }

    @Test
    void keepsAReplyThatFoundNoCredit() throws Exception {
        start();
        try (Peer peer = new Peer(host.accept())) {
            assertThat(setup.nextReady()).isTrue();
            door.credit.set(0);
            peer.writeFrame(bytes("one"));
            peer.writeFrame(bytes("two"));
            door.giveCredit(2);
            assertThat(door.next().draft().raw()).isEqualTo(Bytes.wrap(bytes("one")));
            assertThat(door.next().draft().raw()).isEqualTo(Bytes.wrap(bytes("two")));
        }
    }

    @Test
    void spreadsSignalsOverItsConnections() throws Exception {
        start("connections", 2);
        try (Peer one = new Peer(host.accept());
                Peer two = new Peer(host.accept())) {
            assertThat(setup.nextReady()).isTrue();
            deliverOnEach(one, two);
        }
    }

    private void deliverOnEach(Peer one, Peer two) throws Exception {
        // Both connections are accepted; the gear may still be learning of the second, which then gets the next signal.
        int ofOne = 0;
        CompletableFuture<byte[]> readByTwo = CompletableFuture.supplyAsync(() -> read(two));
        CompletableFuture<byte[]> readByOne = CompletableFuture.supplyAsync(() -> read(one));
        while (!(readByOne.isDone() && readByTwo.isDone())) {
            assertThat(codeOf(deliver(bytes("x")))).isEqualTo(Outcome.Sent.INSTANCE);
            assertThat(++ofOne).isLessThan(100_000);
        }
        assertThat(readByOne.get()).isEqualTo(bytes("x"));
        assertThat(readByTwo.get()).isEqualTo(bytes("x"));
    }

    private static byte[] read(Peer peer) {
        try {
            return peer.readFrame();
        } catch (java.io.IOException lost) {
            throw new java.io.UncheckedIOException(lost);
        }
    }

    @Test
    void backsOffBeforeAPeerThatHangsUpAtOnce() throws Exception {
        start("reconnect-min", "20ms", "reconnect-max", "400ms");
        long start = System.nanoTime();
        for (int i = 0; i < 6; i++) {
            host.accept().close();
        }
        // 20 + 40 + 80 + 160 + 320 ms, less a quarter at most.
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(440));
    }

    @Test
    void sendsKeepAlivesWhereAskedTo() throws Exception {
        start("keep-alive", "100ms");
        try (Peer peer = new Peer(host.accept())) {
            assertThat(peer.readFrame()).isEmpty();
            assertThat(peer.readFrame()).isEmpty();
        }
    }
}
