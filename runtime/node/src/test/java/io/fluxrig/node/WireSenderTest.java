package io.fluxrig.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.fluxrig.gear.Intake.SignalClass;
import io.fluxrig.scenario.DataDir;
import io.fluxrig.scenario.Passport;
import io.fluxrig.scenario.Trust;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxEntityId;
import io.fluxrig.signal.SigningKey;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The near end of a wire, from rack-a to rack-b; the test is rack-b. */
class WireSenderTest {
    private static final String SITE = "wire.test";
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Bytes SESSION = Bytes.ofHex("00112233445566778899aabbccddeeff");

    @TempDir
    private Path folder;

    private final ActorTestKit kit = ActorTestKit.create(ConfigFactory.parseString("pekko.actor.provider = local"));
    private final FarEnd end = new FarEnd("door.out>sink.in", "rack-b", 10);
    /** By leaf: what became of it; and what to run when a failure is durable. */
    private final Map<Long, String> ended = new ConcurrentSkipListMap<>();

    private final Map<Long, Runnable> recorded = new ConcurrentSkipListMap<>();
    private final SigningKey keyOfB = SigningKey.generate(new SecureRandom());
    private final TestProbe<WireTalk.ToReceiver> receiver = kit.createTestProbe();
    private DataDir data;
    private RackIdentity rackA;
    private ActorRef<WireSender.Command> sender;

    @BeforeEach
    void makeASite() {
        data = DataDir.openOrCreate(folder, Optional.of(SITE));
        Bytes keyOfA = RackIdentity.keyOf(data, "rack-a").publicKey().raw();
        rackA = RackIdentity.store(data, "rack-a", Trust.load(data.trustDir()), passport("rack-a", 76, keyOfA));
    }

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    private Bytes passport(String rack, int machine, Bytes key) {
        long id = FluxEntityId.of(FluxEntityId.Type.RACK, 1, machine).value();
        Passport passport = new Passport(SITE, rack, id, List.of(machine), key, 1, 1_700_000_000L, Map.of());
        return Bytes.wrap(passport.sign(SigningKey.readPem(data.rootKeyFile())));
    }

    /** @param size leaves that its log has at its start */
    private void start(long size) {
        Trust trust = Trust.load(data.trustDir());
        HandOver.Party party = new HandOver.Party(
                "rack-a",
                rackA,
                Bytes.wrap(rackA.passport().sign(SigningKey.readPem(data.rootKeyFile()))),
                trust,
                Allegiance.of(data, "rack-a", trust),
                data,
                false);
        sender = kit.spawn(WireSender.create(party, end, () -> "wired", size, System::nanoTime, new Tap()));
    }

    private void offer(long n, boolean expired) {
        Parcel.Record record = new Parcel.Record(n, 1, expired ? 1 : 0, SignalClass.REQUEST, true);
        sender.tell(new WireSender.Offer(Parcel.live(record, Bytes.EMPTY, Bytes.EMPTY, (failure, durable) -> {
            ended.put(n, failure.map(f -> f.code().code()).orElse("taken"));
            recorded.put(n, durable);
        })));
    }

    /** rack-b is there, and says how far it is. */
    private void meet(long accepted, long durable) {
        Bytes its = passport("rack-b", 77, keyOfB.publicKey().raw());
        Passport mine =
                Passport.verify(its.toArray(), Trust.load(data.trustDir()).root());
        kit.system().receptionist().tell(Receptionist.register(WireReceiver.key("rack-b"), receiver.getRef()));
        WireTalk.ToReceiver said = receiver.receiveMessage(PATIENCE);
        // A sender that was kept waiting greets anew.
        while (said instanceof WireTalk.Hello hello) {
            welcome(hello, its, mine);
            said = receiver.receiveMessage(PATIENCE);
        }
        ((WireTalk.Begin) said).replyTo().tell(new WireTalk.Begun(SESSION, accepted, durable));
    }

    private void welcome(WireTalk.Hello hello, Bytes its, Passport mine) {
        WirePledge pledge = new WirePledge(rackA.origin(), mine.origin(), end.wire(), hello.nonce(), SESSION);
        hello.replyTo()
                .tell(new WireTalk.Welcome(hello.nonce(), SESSION, its, pledge.sign(WirePledge.By.RECEIVER, keyOfB)));
    }

    private List<Long> handed() {
        return receiver.expectMessageClass(WireTalk.Hands.class, PATIENCE).hands().stream()
                .map(WireTalk.Hand::leaf)
                .toList();
    }

    @Test
    void whatTheReceiverHasIsTakenAndTheRestIsSent() {
        start(6);
        offer(3, false);
        offer(5, false);
        offer(8, false);
        meet(5, 5);
        assertThat(handed()).containsExactly(8L);
        assertThat(ended).containsOnlyKeys(3L, 5L).containsValue("taken");
    }

    @Test
    void aLeafOutOfOrderStopsTheWireAndEndsNothing() {
        start(0);
        offer(7, false);
        offer(9, false);
        offer(8, false);
        receiver.expectTerminated(sender, PATIENCE);
        assertThat(ended).isEmpty();
    }

    @Test
    void nothingOvertakesAFailureThatIsNotDurableYet() {
        start(0);
        offer(3, false);
        offer(4, true);
        offer(5, false);
        meet(-1, -1);
        assertThat(handed()).containsExactly(3L);
        Awaitility.await().atMost(PATIENCE).until(() -> ended.containsKey(4L));
        assertThat(ended).containsOnly(Map.entry(4L, "FLX-3005"));
        sender.tell(new WireTalk.Taken(SESSION, 3));
        Awaitility.await().atMost(PATIENCE).until(() -> ended.containsKey(3L));
        // Before this it looked at its queue at least once more, and sent nothing.
        receiver.expectNoMessage(Duration.ofMillis(500));
        recorded.get(4L).run();
        assertThat(handed()).containsExactly(5L);
    }

    @Test
    void aReceiverThatHasMoreThanItCanHaveBeenSentIsNotBelieved() {
        // Of 1,000 leaves a disk came back with 900, and the log has grown past what the other has.
        start(900);
        offer(950, false);
        offer(1_100, false);
        meet(990, 990);
        Awaitility.await().atMost(PATIENCE).until(() -> end.state() == FarEnd.State.REFUSED);
        assertThat(end.why()).contains("rack-b has leaf 990", "none beyond leaf 899");
        assertThat(ended).isEmpty();
    }
}
