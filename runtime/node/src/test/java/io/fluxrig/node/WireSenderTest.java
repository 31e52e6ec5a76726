package io.fluxrig.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxrig.gear.Intake.SignalClass;
import io.fluxrig.signal.Bytes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The near end of a wire to another Rack. */
class WireSenderTest {
    private final ActorTestKit kit = ActorTestKit.create();
    private final List<Long> ended = new ArrayList<>();

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    private WireSender.Offer leaf(long n) {
        Parcel.Record record = new Parcel.Record(n, 1, 0, SignalClass.REQUEST, true);
        return new WireSender.Offer(Parcel.live(record, Bytes.EMPTY, Bytes.EMPTY, failure -> ended.add(n)));
    }

    @Test
    void aLeafOutOfOrderStopsTheWireAndEndsNothing() {
        FarEnd end = new FarEnd("door.out>sink.in", "rack-b", 10);
        ActorRef<WireSender.Command> sender =
                kit.spawn(WireSender.create(null, end, () -> "", null, System::nanoTime, null));
        TestProbe<Void> watch = kit.createTestProbe();
        sender.tell(leaf(7));
        sender.tell(leaf(9));
        sender.tell(leaf(8));
        watch.expectTerminated(sender, Duration.ofSeconds(10));
        assertThat(ended).isEmpty();
    }
}
