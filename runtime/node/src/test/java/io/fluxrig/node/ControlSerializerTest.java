package io.fluxrig.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxrig.config.Profile;
import io.fluxrig.gear.Intake.SignalClass;
import io.fluxrig.scenario.SwapPlan;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.ErrorCode;
import io.fluxrig.signal.FluxException;
import java.io.NotSerializableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class ControlSerializerTest {
    private static final ActorTestKit KIT = ActorTestKit.create("fluxrig", Profile.single());
    private static final Bytes SOME = Bytes.ofHex("00ff10");

    private final Serialization serialization = SerializationExtension.get(KIT.system());

    @AfterAll
    static void end() {
        KIT.shutdownTestKit();
    }

    private static <T> ActorRef<T> ref() {
        TestProbe<T> probe = KIT.createTestProbe();
        return probe.getRef();
    }

    private static List<Object> samples() {
        SwapPlan plan = new SwapPlan(
                Map.of("a", SwapPlan.GearFate.KEPT),
                Map.of("tcp:1", SwapPlan.SocketFate.OPENED),
                List.of("x"),
                List.of());
        Report fit = new Report.Fit(SOME, plan, 3, 4, Duration.ofMillis(1_500));
        Mixer.Here here = new Mixer.Here("rack-b", ref(), "fleet", 7, SOME);
        List<Object> all = new ArrayList<>(List.of(
                new Mixer.Enrol("rack-b", SOME, "", ref()),
                new Mixer.Enrolled(SOME, SOME),
                new Mixer.NotEnrolled("no"),
                here,
                new Mixer.Push(SOME, ref()),
                new Mixer.Plan(SOME, ref()),
                new Mixer.Activate("ab", Optional.of(new Mixer.Canary("rack-b", Duration.ofMinutes(1))), ref()),
                new Mixer.Activate("ab", Optional.empty(), ref()),
                new Mixer.Rollback(ref()),
                new Mixer.Govern(SOME, ref()),
                new Mixer.Look(ref()),
                new Mixer.Overview(
                        List.of(new Releases.Release("fleet", "1.0.0", 7, SOME, SOME, 1, Optional.of(SOME))),
                        List.of(new Releases.Event(1, "running", SOME, "rack-b", "")),
                        Optional.of(SOME),
                        Map.of("rack-b", here),
                        Map.of("rack-c", new CheckpointLedger.Quarantine("why", SOME, SOME)),
                        Map.of(
                                "rack-b",
                                new Registry.Entry(
                                        Registry.Standing.SUSPENDED,
                                        SOME,
                                        Optional.of(new Registry.Grant(1, 2, SOME)),
                                        3,
                                        "olga",
                                        "why"))),
                new Mixer.NotYet("why"),
                new Mixer.Decide("rack-b", Enrolment.Order.SUSPEND, "olga", "why", ref()),
                new Rack.Heed(SOME, "why"),
                new Mixer.Done(SOME, "fleet", 7, Map.of("rack-b", fit)),
                new Mixer.ShowCheckpoint(SOME, SOME, 5, List.of(SOME, SOME), ref()),
                new Mixer.TakeSignals(SOME, ref()),
                new Mixer.FindSignals(SignalQuery.of(Map.of()), ref()),
                new Mixer.FindSignals(
                        SignalQuery.of(Map.of("rack", "rack-b", "since", "2026-11-23T00:00:00Z", "limit", "7")), ref()),
                new Mixer.FindAnswers(42, ref()),
                new SignalReply.Taken(9),
                new SignalReply.Found(List.of(new SignalBook.Row(
                        "rack-b", 1, Long.MAX_VALUE, 0, "", 2, 3, -1, "in", "sent", 6002, 9, SOME, "{}"))),
                new CheckpointOverseer.Cosigned("line"),
                new CheckpointOverseer.Remembers(9),
                new CheckpointOverseer.Denied("why"),
                new CheckpointOverseer.NoAnswer("why"),
                new Rack.Check(SOME, SOME, ref()),
                new Rack.Activate(SOME, SOME, Optional.of(Duration.ofSeconds(30)), ref()),
                new Rack.Govern(SOME, SOME, ref()),
                new Rack.Disclose(42, "alice", true, "dispute 7", ref()),
                new Disclosed.Story(SOME),
                fit,
                new Report.Running(SOME, Duration.ofNanos(1)),
                new Report.Governed(SOME, 2),
                new WireTalk.Hello("a.out>b.in", "fleet", SOME, SOME, ref()),
                new WireTalk.Welcome(SOME, SOME, SOME, SOME),
                new WireTalk.Begun(SOME, 9, -1),
                new WireTalk.Begin(SOME, SOME, ref()),
                new WireTalk.Hands(
                        SOME, -1, List.of(new WireTalk.Hand(7, SignalClass.ADVICE, 0, Bytes.EMPTY, SOME)), ref()),
                new WireTalk.Taken(SOME, 7),
                new WireTalk.Gone(SOME)));
        return all;
    }

    private Object sent(Object message) throws Exception {
        var serializer = (ControlSerializer) serialization.findSerializerFor(message);
        return serializer.fromBinary(serializer.toBinary(message), serializer.manifest(message));
    }

    @Test
    void everyMessageArrivesAsItWasSent() throws Exception {
        for (Object message : samples()) {
            assertThat(sent(message)).isEqualTo(message);
        }
        assertThat(Stream.concat(
                                samples().stream(),
                                Stream.of(
                                        refusal(),
                                        new Mixer.No(why()),
                                        new SignalReply.No(why()),
                                        new WireTalk.NotNow(SOME, why()),
                                        new Disclosed.No(why())))
                        .map(Object::getClass)
                        .distinct())
                .containsExactlyInAnyOrderElementsOf(new ArrayList<>(ControlSerializer.MANIFESTS.values()));
    }

    private static FluxException why() {
        return new FluxException(NodeError.LINK_NOT_UP, "alpha");
    }

    private static Report refusal() {
        return new Report.Refused(why());
    }

    @Test
    void aRefusalKeepsItsNumberItsSentenceAndItsExitCode() throws Exception {
        FluxException told = ((Report.Refused) sent(refusal())).why();
        assertThat(told.line()).isEqualTo(why().line());
        assertThat(told.code().category()).isEqualTo(ErrorCode.Category.EXTERNAL);
        assertThat(((Mixer.No) sent(new Mixer.No(why()))).why().line()).isEqualTo(why().line());
    }

    @Test
    void anUnknownManifestIsRefusedAndWhatBelongsToANodeStaysThere() {
        var serializer = (ControlSerializer) serialization.findSerializerFor(Rack.Stop.INSTANCE);
        assertThatThrownBy(() -> serializer.fromBinary(new byte[] {1}, "java.util.HashMap"))
                .isInstanceOf(NotSerializableException.class);
        assertThatThrownBy(() -> serializer.toBinary(Rack.Stop.INSTANCE)).hasMessageContaining("stays on its node");
        assertThatThrownBy(() -> serializer.fromBinary(new byte[] {1}, "enrol/1"))
                .isInstanceOf(NotSerializableException.class);
    }
}
