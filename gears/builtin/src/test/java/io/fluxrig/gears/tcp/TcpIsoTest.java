package io.fluxrig.gears.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxrig.gear.Draft;
import io.fluxrig.gear.GearError;
import io.fluxrig.gear.Intake;
import io.fluxrig.gear.Intake.SignalClass;
import io.fluxrig.gear.Outcome;
import io.fluxrig.gears.Payments;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxId;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.FluxMsg;
import io.fluxrig.signal.Value;
import io.fluxrig.spec.Codec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** A listening port that knows its spec. */
class TcpIsoTest {
    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final String SPEC = "specs/payments.yaml";

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    private static ServerUnderTest server() throws IOException {
        return new ServerUnderTest(KIT, Map.of(SPEC, Payments.SPEC), "spec", SPEC);
    }

    private static FluxMap purchase(String trace) {
        return FluxMap.builder()
                .put("0", "0200")
                .put("2", "9999100000000006")
                .put("3", "000000")
                .put("4", "000000001000")
                .put("7", "1123181500")
                .put("11", trace)
                .put("37", "RRN000000001")
                .put("41", "TERM0001")
                .put("42", "MERCHANT0000001")
                .put("49", "978")
                .build();
    }

    private static byte[] frame(FluxMap data) {
        return Payments.SPEC.codec().encode(data);
    }

    private static FluxMap read(Peer peer) throws IOException {
        byte[] frame = peer.readFrame();
        return ((Codec.Decoded.Ok) Payments.SPEC.codec().decode(frame, 0, frame.length)).data();
    }

    @Test
    void readsAFrameAtOnceAndTellsItsType() throws Exception {
        try (ServerUnderTest server = server();
                Peer peer = server.connect()) {
            peer.writeFrame(frame(purchase("000001")));
            Door.Offered offered = server.door.next();
            assertThat(offered.port()).isEqualTo("out");
            assertThat(offered.signalClass()).isEqualTo(SignalClass.REQUEST);
            assertThat(offered.draft().data()).isEqualTo(purchase("000001"));
            assertThat(offered.draft().meta()).containsEntry("iso.mti", "0200").containsKey("tcp.session");
            assertThat(offered.draft().spec()).contains(Payments.SPEC);
        }
    }

    @Test
    void letsReversalsAndEchoesLiveOnCreditsOfTheirOwn() throws Exception {
        try (ServerUnderTest server = server();
                Peer peer = server.connect()) {
            peer.writeFrame(frame(purchase("000001").with("0", "0400")));
            Door.Offered reversal = server.door.next();
            assertThat(reversal.signalClass()).isEqualTo(SignalClass.ADVICE);
            assertThat(reversal.expiresAt()).isZero();
            peer.writeFrame(frame(FluxMap.builder()
                    .put("0", "0800")
                    .put("7", "1123181500")
                    .put("11", "000002")
                    .put("70", "301")
                    .build()));
            assertThat(server.door.next().signalClass()).isEqualTo(SignalClass.NETWORK);
        }
    }

    @Test
    void leavesNothingOfAnUnreadableFrameButItsLengthAndTheReason() throws Exception {
        try (ServerUnderTest server = server();
                Peer peer = server.connect()) {
            byte[] garbage = "9999100000000006".getBytes(StandardCharsets.US_ASCII);
            peer.writeFrame(garbage);
            Door.Offered offered = server.door.next();
            assertThat(offered.port()).isEqualTo("error");
            Draft told = offered.draft();
            assertThat(told.raw().isEmpty()).isTrue();
            assertThat(told.data().integer("length", 0)).isEqualTo(16);
            assertThat(told.data().has("field")).isTrue();
            assertThat(told.data().has("offset")).isTrue();
            assertThat(told.meta()).containsEntry("error.code", "FLX-3003");
            assertThat(told.meta().get("error.reason")).doesNotContain("9999");
            peer.writeFrame(frame(purchase("000001")));
            assertThat(server.door.next().port()).isEqualTo("out");
        }
    }

    @Test
    void answers30WhereEnoughCouldBeReadToAnswer() throws Exception {
        try (ServerUnderTest server = server();
                Peer peer = server.connect()) {
            byte[] whole = frame(purchase("000123"));
            peer.writeFrame(Arrays.copyOf(whole, whole.length - 2));
            Door.Offered offered = server.door.next();
            assertThat(offered.port()).isEqualTo("error");
            Draft answer = server.door.nextAnswer();
            assertThat(answer.refId()).isEqualTo(offered.id());
            assertThat(answer.data().text("0")).contains("0210");
            assertThat(answer.data().text("39")).contains("30");
            assertThat(answer.data().text("11")).contains("000123");
            assertThat(answer.meta())
                    .containsEntry("tcp.session", offered.draft().meta().get("tcp.session"));
        }
    }

    @Test
    void answers96WithoutTheVaultWhereThereIsNoCreditAndReadsOnWhenThereIs() throws Exception {
        try (ServerUnderTest server = server();
                Peer peer = server.connect()) {
            server.door.credit.set(0);
            peer.writeFrame(frame(purchase("000001")));
            FluxMap busy = read(peer);
            assertThat(busy.text("39")).contains("96");
            assertThat(busy.text("11")).contains("000001");
            assertThat(server.door.waitingInside()).isZero();
            server.door.giveCredit(10);
            peer.writeFrame(frame(purchase("000002")));
            assertThat(server.door.next().draft().data().text("11")).contains("000002");
        }
    }

    @Test
    void answersARequestThatFailedOnItsWay() throws Exception {
        try (ServerUnderTest server = server();
                Peer peer = server.connect()) {
            expectAnswer(server, peer, GearError.LINK_DOWN, "91");
            expectAnswer(server, peer, GearError.EXPIRED, "91");
            expectAnswer(server, peer, GearError.NO_ROUTE, "92");
            expectAnswer(server, peer, GearError.CRASHED, "96");
        }
    }

    private static void expectAnswer(ServerUnderTest server, Peer peer, GearError failure, String code)
            throws Exception {
        peer.writeFrame(frame(purchase("000001")));
        Door.Offered offered = server.door.next();
        offered.ended().accept(new Intake.Failure(failure, "in a test"));
        Draft answer = server.door.nextAnswer();
        assertThat(answer.data().text("39")).contains(code);
        assertThat(answer.refId()).isEqualTo(offered.id());
        assertThat(answer.data())
                .isEqualTo(purchase("000001")
                        .without("2")
                        .with("0", Value.of("0210"))
                        .with("39", Value.of(code)));
    }

    /** What a gear says to this request. */
    private static Outcome reply(ServerUnderTest server, Door.Offered request, String code) throws Exception {
        FluxMap data =
                purchase("000001").without("2").with("0", Value.of("0210")).with("39", Value.of(code));
        FluxMsg msg = FluxMsg.builder()
                .id(FluxId.of(5, 0, 1))
                .refId(request.id())
                .srcId(1)
                .ts(1)
                .meta(request.draft().meta())
                .raw(Bytes.wrap(frame(data)))
                .build();
        return server.deliver(msg).get(10, TimeUnit.SECONDS);
    }

    @Test
    void aRequestThatAGearHasAnsweredIsNotAnsweredOnceMoreWhenItFails() throws Exception {
        try (ServerUnderTest server = server();
                Peer peer = server.connect()) {
            peer.writeFrame(frame(purchase("000001")));
            Door.Offered request = server.door.next();
            assertThat(reply(server, request, "91")).isEqualTo(Outcome.sent());
            request.ended().accept(new Intake.Failure(GearError.EXPIRED, "it waited on a wire"));
            // The next answer is that of the next request.
            expectAnswer(server, peer, GearError.NO_ROUTE, "92");
        }
    }

    @Test
    void aRequestThatWasAnsweredBecauseItFailedIsNotAnsweredOnceMoreByAGear() throws Exception {
        try (ServerUnderTest server = server();
                Peer peer = server.connect()) {
            peer.writeFrame(frame(purchase("000001")));
            Door.Offered request = server.door.next();
            request.ended().accept(new Intake.Failure(GearError.LINK_DOWN, "in a test"));
            assertThat(server.door.nextAnswer().refId()).isEqualTo(request.id());
            assertThat(reply(server, request, "91")).isEqualTo(Outcome.sent());
            assertThat(read(peer).text("39")).contains("91");
            assertThat(reply(server, request, "00").way())
                    .isInstanceOfSatisfying(
                            Outcome.Failed.class,
                            failed -> assertThat(failed.code()).isEqualTo(GearError.ANSWERED));
        }
    }

    @Test
    void answersNobodyWhoIsGone() throws Exception {
        try (ServerUnderTest server = server();
                Peer other = server.connect()) {
            Peer peer = server.connect();
            peer.writeFrame(frame(purchase("000001")));
            Door.Offered orphan = server.door.next();
            peer.reset();
            String session = orphan.draft().meta().get("tcp.session");
            Outcome gone = Outcome.fail(GearError.SENDER_GONE, "its connection is closed");
            while (!server.deliver(session, new byte[] {1}).equals(gone)) {
                Thread.onSpinWait();
            }
            orphan.ended().accept(new Intake.Failure(GearError.LINK_DOWN, "in a test"));
            expectAnswer(server, other, GearError.LINK_DOWN, "91");
        }
    }
}
