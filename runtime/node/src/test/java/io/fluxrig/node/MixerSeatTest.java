package io.fluxrig.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxrig.signal.Bytes;
import java.time.Duration;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class MixerSeatTest {
    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final TestProbe<Mixer.Command> mixer = KIT.createTestProbe();
    private final TestProbe<ActorRef<MixerSeat.Message>> spawned = KIT.createTestProbe();
    private final TestProbe<Mixer.EnrolReply> rack = KIT.createTestProbe();

    @AfterAll
    static void end() {
        KIT.shutdownTestKit();
    }

    private ActorRef<Mixer.Command> seat() {
        return KIT.spawn(MixerSeat.create(new MixerSeat.Settings(
                "here",
                Optional.empty(),
                (epoch, seat) -> {
                    spawned.getRef().tell(seat);
                    return Behaviors.monitor(Mixer.Command.class, mixer.getRef(), Behaviors.ignore());
                },
                unfit -> {},
                () -> {})));
    }

    private Mixer.Enrol enrol(String name, int attempt) {
        return new Mixer.Enrol(name, Bytes.wrap(new byte[] {(byte) attempt}), "", rack.getRef());
    }

    @Test
    void whatARackAskedBeforeTheMixerSpokeIsAskedOnceWhenItDoes() {
        ActorRef<Mixer.Command> seat = seat();
        seat.tell(enrol("rack-a", 1));
        seat.tell(enrol("rack-b", 2));
        seat.tell(enrol("rack-a", 3));
        ActorRef<MixerSeat.Message> begins = spawned.receiveMessage(PATIENCE);
        mixer.expectNoMessage(Duration.ofMillis(100));
        begins.tell(new MixerSeat.Begun(1));
        assertThat(mixer.receiveMessage(PATIENCE)).isEqualTo(enrol("rack-b", 2));
        assertThat(mixer.receiveMessage(PATIENCE)).isEqualTo(enrol("rack-a", 3));
        seat.tell(enrol("rack-c", 4));
        assertThat(mixer.receiveMessage(PATIENCE)).isEqualTo(enrol("rack-c", 4));
    }
}
