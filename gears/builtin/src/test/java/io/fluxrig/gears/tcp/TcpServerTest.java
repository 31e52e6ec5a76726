package io.fluxrig.gears.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxrig.gear.GearCommand;
import io.fluxrig.gear.GearError;
import io.fluxrig.gear.Intake.SignalClass;
import io.fluxrig.gear.Outcome;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxId;
import io.fluxrig.signal.FluxMsg;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class TcpServerTest {
    private static final ActorTestKit KIT = ActorTestKit.create();

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String sessionOf(Door.Offered offered) {
        return offered.draft().meta().get(Session.META);
    }

    @Test
    void writesAReplyToTheConnectionThatAsked() throws Exception {
        try (ServerUnderTest server = new ServerUnderTest(KIT);
                Peer a = server.connect();
                Peer b = server.connect()) {
            a.writeFrame(bytes("from a"));
            String ofA = sessionOf(server.door.next());
            b.writeFrame(bytes("from b"));
            String ofB = sessionOf(server.door.next());
            assertThat(server.deliver(ofB, bytes("to b"))).isEqualTo(Outcome.sent());
            assertThat(server.deliver(ofA, bytes("to a"))).isEqualTo(Outcome.sent());
            assertThat(a.readFrame()).isEqualTo(bytes("to a"));
            assertThat(b.readFrame()).isEqualTo(bytes("to b"));
        }
    }

    @Test
    void givesEveryConnectionANameThatNobodyCanGuess() throws Exception {
        try (ServerUnderTest server = new ServerUnderTest(KIT);
                ServerUnderTest restarted = new ServerUnderTest(KIT);
                Peer one = server.connect();
                Peer other = restarted.connect()) {
            one.writeFrame(bytes("x"));
            other.writeFrame(bytes("x"));
            assertThat(sessionOf(server.door.next()))
                    .isNotEqualTo(sessionOf(restarted.door.next()))
                    .hasSizeGreaterThan(16);
        }
    }

    @Test
    void failsAReplyWhoseSenderIsGone() throws Exception {
        try (ServerUnderTest server = new ServerUnderTest(KIT)) {
            Peer peer = server.connect();
            peer.writeFrame(bytes("x"));
            String session = sessionOf(server.door.next());
            peer.reset();
            Outcome outcome = server.deliver(session, bytes("y"));
            while (outcome.equals(Outcome.sent())) {
                outcome = server.deliver(session, bytes("y"));
            }
            assertThat(codeOf(outcome)).isIn(GearError.SENDER_GONE, GearError.LINK_LOST);
            assertThat(codeOf(server.deliver("somebody.else", bytes("y")))).isEqualTo(GearError.SENDER_GONE);
        }
    }

    private static Object codeOf(Outcome outcome) {
        return outcome.way() instanceof Outcome.Failed failed ? failed.code() : outcome.way();
    }

    @Test
    void knowsThatAPortIsInUseBeforeItIsStarted() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            TcpServerSettings settings = Settings.server(taken.getLocalPort());
            assertThatThrownBy(() -> new TcpServerType().create(settings, new Setup("server"), new Door()))
                    .isInstanceOfSatisfying(
                            FluxException.class, e -> assertThat(e.code()).isEqualTo(GearError.PORT_IN_USE));
        }
    }

    @Test
    void keepsAFrameThatFoundNoCreditAndReadsOnLater() throws Exception {
        try (ServerUnderTest server = new ServerUnderTest(KIT);
                Peer peer = server.connect()) {
            server.door.credit.set(1);
            peer.writeFrame(bytes("one"));
            peer.writeFrame(bytes("two"));
            peer.writeFrame(bytes("three"));
            assertThat(server.door.next().draft().raw()).isEqualTo(Bytes.wrap(bytes("one")));
            server.door.giveCredit(5);
            assertThat(server.door.next().draft().raw()).isEqualTo(Bytes.wrap(bytes("two")));
            assertThat(server.door.next().draft().raw()).isEqualTo(Bytes.wrap(bytes("three")));
        }
    }

    @Test
    void limitsTheConnectionsOfOnePeer() throws Exception {
        try (ServerUnderTest server = new ServerUnderTest(KIT, "max-connections-per-peer", 2);
                Peer first = server.connect();
                Peer second = server.connect();
                Peer third = server.connect()) {
            assertThat(third.isHungUpOn()).isTrue();
            first.writeFrame(bytes("x"));
            second.writeFrame(bytes("y"));
            server.door.next();
            server.door.next();
        }
    }

    @Test
    void closesAnIdleConnection() throws Exception {
        try (ServerUnderTest server = new ServerUnderTest(KIT, "idle-timeout", "200ms");
                Peer peer = server.connect()) {
            assertThat(peer.isHungUpOn()).isTrue();
        }
    }

    @Test
    void servesOneWhileTwoThousandIdle() throws Exception {
        try (ServerUnderTest server = new ServerUnderTest(KIT);
                Peer busy = server.connect()) {
            busy.writeFrame(bytes("hello"));
            String session = sessionOf(server.door.next());
            long alone = medianRoundTrip(server, busy, session);
            int threads = Thread.activeCount();
            List<Peer> idle = new ArrayList<>();
            try {
                for (int i = 0; i < 2000; i++) {
                    idle.add(server.connect());
                }
                // The last of them is being served, so all of them are.
                idle.get(1999).writeFrame(bytes("here"));
                server.door.next();
                long crowded = medianRoundTrip(server, busy, session);
                System.out.println("median round trip: alone " + alone / 1000 + " us, beside 2000 idle connections "
                        + crowded / 1000 + " us");
                assertThat(Thread.activeCount()).isLessThan(threads + 50);
                assertThat(crowded).isLessThan(10 * alone + 5_000_000);
            } finally {
                for (Peer peer : idle) {
                    peer.close();
                }
            }
        }
    }

    private static long medianRoundTrip(ServerUnderTest server, Peer peer, String session) throws Exception {
        long[] nanos = new long[300];
        for (int i = 0; i < nanos.length; i++) {
            long start = System.nanoTime();
            peer.writeFrame(bytes("ping"));
            server.door.next();
            server.deliver(session, bytes("pong"));
            peer.readFrame();
            nanos[i] = System.nanoTime() - start;
        }
        Arrays.sort(nanos);
        return nanos[nanos.length / 2];
    }

    @Test
    void boundsWhatWaitsForAPeerThatDoesNotRead() throws Exception {
        try (ServerUnderTest server = new ServerUnderTest(KIT, "max-queued-writes", 4, "write-timeout", "500ms");
                Peer peer = server.connect()) {
            peer.writeFrame(bytes("x"));
            String session = sessionOf(server.door.next());
            List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
            for (int i = 0; i < 3000; i++) {
                outcomes.add(server.deliver(FluxMsg.builder()
                        .id(FluxId.of(5, 0, 1))
                        .meta(Session.META, session)
                        .raw(Bytes.wrap(new byte[8000]))
                        .build()));
            }
            List<Object> codes = new ArrayList<>();
            for (CompletableFuture<Outcome> outcome : outcomes) {
                codes.add(codeOf(outcome.get(10, TimeUnit.SECONDS)));
            }
            assertThat(codes)
                    .contains(
                            Outcome.Sent.INSTANCE,
                            GearError.LINK_CONGESTED,
                            GearError.LINK_LOST,
                            GearError.SENDER_GONE);
            assertThat(codes.stream().filter(GearError.LINK_LOST::equals).count())
                    .isEqualTo(1);
        }
    }

    @Test
    void whileDrainingTakesNothingAndStillWritesReplies() throws Exception {
        try (ServerUnderTest server = new ServerUnderTest(KIT);
                Peer peer = server.connect()) {
            peer.writeFrame(bytes("before"));
            String session = sessionOf(server.door.next());
            server.gear.tell(GearCommand.Drain.INSTANCE);
            assertThat(server.deliver(session, bytes("reply"))).isEqualTo(Outcome.sent());
            assertThat(peer.readFrame()).isEqualTo(bytes("reply"));
            peer.writeFrame(bytes("after"));
            assertThat(server.deliver(session, bytes("another"))).isEqualTo(Outcome.sent());
            assertThat(peer.readFrame()).isEqualTo(bytes("another"));
            assertThat(server.door.waitingInside()).isZero();
        }
    }

    @Test
    void refusesAReplyThatItsFramingCannotCarry() throws Exception {
        try (ServerUnderTest server = new ServerUnderTest(KIT);
                Peer peer = server.connect()) {
            peer.writeFrame(bytes("x"));
            String session = sessionOf(server.door.next());
            assertThat(codeOf(server.deliver(session, new byte[8193]))).isEqualTo(GearError.ENCODE);
            assertThat(codeOf(server.deliver(session, new byte[0]))).isEqualTo(GearError.ENCODE);
        }
    }

    @Test
    void saysWhenARequestIsTooOldToBeForwarded() throws Exception {
        try (ServerUnderTest server = new ServerUnderTest(KIT, "sender-timeout", "3s");
                Peer peer = server.connect()) {
            long before = UnixTime.nanos();
            peer.writeFrame(bytes("x"));
            Door.Offered offered = server.door.next();
            assertThat(offered.signalClass()).isEqualTo(SignalClass.REQUEST);
            assertThat(offered.expiresAt()).isBetween(before + 3_000_000_000L, UnixTime.nanos() + 3_000_000_000L);
        }
    }
}
