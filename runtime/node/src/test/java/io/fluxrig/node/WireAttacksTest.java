package io.fluxrig.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxrig.gear.GearTypes;
import io.fluxrig.gear.Intake.SignalClass;
import io.fluxrig.scenario.DataDir;
import io.fluxrig.scenario.GearJars;
import io.fluxrig.scenario.Passport;
import io.fluxrig.scenario.Roster;
import io.fluxrig.scenario.ScenarioFile;
import io.fluxrig.scenario.ScenarioSigner;
import io.fluxrig.scenario.Trust;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxEntityId;
import io.fluxrig.signal.FluxMsg;
import io.fluxrig.signal.SigningKey;
import io.fluxrig.vault.Leaf;
import io.fluxrig.vault.LeafKind;
import io.fluxrig.vault.VaultReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.LongStream;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody inside the cluster speaks to a Rack as if he were another: only who holds the key of a Rack that the scenario names is heard, and only in order. */
class WireAttacksTest {
    private static final String WIRE = "door.out>sink.in";
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Bytes NONCE = Bytes.ofHex("00112233445566778899aabbccddeeff");

    @TempDir
    private Path folder;

    private final SigningKey key = SigningKey.generate(new SecureRandom());
    private final SigningKey keyOfA = SigningKey.generate(new SecureRandom());
    private DataDir data;
    private Node node;
    private ActorRef<WireTalk.ToReceiver> receiver;
    private TestProbe<WireTalk.ToSender> probe;

    @BeforeEach
    void start() throws Exception {
        data = DataDir.openOrCreate(folder.resolve("data"), Optional.of("attack.test"));
        Files.writeString(
                data.trustDir().resolve("scenario/release.pem"), key.publicKey().pem());
        GearTypes types = GearTypes.load(WireAttacksTest.class.getClassLoader());
        Path yaml = Files.writeString(folder.resolve("scenario.yaml"), """
                meta: { name: attack, version: 1.0.0 }
                racks: [{ name: rack-a }, { name: rack-b }, { name: rack-c }]
                gears:
                  - { name: door, type: tcp-server, deploy: rack-a, config: { listen: "127.0.0.1:1" } }
                  - { name: sink, type: log, deploy: rack-b, config: { level: debug } }
                wires:
                  - { from: door.out, to: sink.in }
                """);
        byte[] artifact = ScenarioSigner.sign(
                ScenarioFile.lint(yaml, types).blueprint().orElseThrow(),
                GearJars.none(),
                data,
                key,
                new ScenarioSigner.Terms(OptionalLong.of(1), 1_700_000_000L, Optional.empty()));
        node = Node.start(new Node.Settings(
                "rack-b",
                Map.of(),
                data,
                types,
                GearJars.none(),
                Trust.load(data.trustDir()),
                Optional.of(Bytes.wrap(artifact)),
                "127.0.0.1",
                OptionalInt.empty(),
                Clock.systemUTC(),
                Map.of()));
        node.awaitRunning(Duration.ofSeconds(60));
        TestProbe<Receptionist.Listing> found = TestProbe.create(node.system());
        Awaitility.await().atMost(PATIENCE).until(() -> {
            node.system().receptionist().tell(Receptionist.find(WireReceiver.key("rack-b"), found.getRef()));
            Set<ActorRef<WireTalk.ToReceiver>> all =
                    found.receiveMessage().getServiceInstances(WireReceiver.key("rack-b"));
            all.forEach(ref -> receiver = ref);
            return !all.isEmpty();
        });
        probe = TestProbe.create(node.system());
    }

    @AfterEach
    void stop() {
        node.close();
    }

    private Bytes passport(String rack, SigningKey its, SigningKey root) {
        return passport(rack, its, root, 1);
    }

    private Bytes passport(String rack, SigningKey its, SigningKey root, long generation) {
        Passport passport = new Passport(
                "attack.test",
                rack,
                FluxEntityId.of(FluxEntityId.Type.RACK, 1, 77).value(),
                List.of(77),
                its.publicKey().raw(),
                generation,
                1_700_000_000L,
                Map.of());
        return Bytes.wrap(passport.sign(root));
    }

    private SigningKey root() {
        return SigningKey.readPem(data.rootKeyFile());
    }

    private WireTalk.ToSender greet(String wire, String scenario, Bytes passport) {
        receiver.tell(new WireTalk.Hello(wire, scenario, passport, NONCE, probe.getRef()));
        return probe.receiveMessage(PATIENCE);
    }

    private String refusal(WireTalk.ToSender answer) {
        assertThat(answer).isInstanceOf(WireTalk.NotNow.class);
        return ((WireTalk.NotNow) answer).why().code().code();
    }

    private WireTalk.Welcome welcome() {
        return (WireTalk.Welcome) greet(WIRE, "attack", passport("rack-a", keyOfA, root()));
    }

    private WireTalk.Begun begin() {
        return begin(welcome());
    }

    private WireTalk.Begun begin(WireTalk.Welcome welcome) {
        receiver.tell(new WireTalk.Begin(welcome.session(), pledge(welcome, keyOfA), probe.getRef()));
        return (WireTalk.Begun) probe.receiveMessage(PATIENCE);
    }

    private Bytes pledge(WireTalk.Welcome welcome, SigningKey by) {
        Passport theirs = Passport.verify(welcome.passport().toArray(), List.of(root().publicKey()));
        Passport mine = Passport.verify(passport("rack-a", keyOfA, root()).toArray(), List.of(root().publicKey()));
        return new WirePledge(mine.origin(), theirs.origin(), WIRE, NONCE, welcome.session())
                .sign(WirePledge.By.SENDER, by);
    }

    private static WireTalk.Hand hand(long leaf) {
        FluxMsg msg = FluxMsg.builder()
                .id(1L << 24 | leaf << 16 | 77)
                .ts(1_800_000_000_000_000_000L)
                .srcId(1)
                .raw(Bytes.wrap(new byte[] {'x'}))
                .build();
        return new WireTalk.Hand(leaf, SignalClass.REQUEST, 0, Bytes.EMPTY, Bytes.wrap(msg.encode()));
    }

    private WireTalk.Hands hands(Bytes session, long after, long... leaves) {
        return new WireTalk.Hands(
                session,
                after,
                LongStream.of(leaves).mapToObj(WireAttacksTest::hand).toList(),
                probe.getRef());
    }

    private void awaitTaken(long upTo) {
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> probe.receiveMessage(PATIENCE) instanceof WireTalk.Taken taken && taken.upTo() == upTo);
    }

    private List<Long> arrived() {
        List<Long> leaves = new ArrayList<>();
        VaultReader.at(data.rackWal("rack-b")).forEach((Leaf leaf) -> {
            if (leaf.is(LeafKind.INGRESS)) {
                leaves.add(leaf.note().integer("leaf", -1));
            }
        });
        return leaves;
    }

    @Test
    void nobodyIsHeardWithAPassportThatNoRootHasSigned() {
        SigningKey stranger = SigningKey.generate(new SecureRandom());
        assertThat(greet(WIRE, "attack", passport("rack-a", stranger, stranger)))
                .isInstanceOf(WireTalk.NotNow.class);
        assertThat(greet(WIRE, "attack", Bytes.ofHex("00"))).isInstanceOf(WireTalk.NotNow.class);
        assertThat(arrived()).isEmpty();
    }

    @Test
    void onlyWiresOfTheScenarioFromTheRackThatItNamesAreTaken() {
        assertThat(refusal(greet("door.error>sink.in", "attack", passport("rack-a", keyOfA, root()))))
                .isEqualTo("FLX-6082");
        assertThat(refusal(greet(WIRE, "another", passport("rack-a", keyOfA, root()))))
                .isEqualTo("FLX-6082");
        assertThat(refusal(greet(WIRE, "attack", passport("rack-c", keyOfA, root()))))
                .isEqualTo("FLX-6082");
    }

    @Test
    void aRackThatAnOperatorHasStoppedHandsNothingOverAlsoInASessionThatHasBegun() {
        WireTalk.Begun own = begin();
        receiver.tell(hands(own.session(), -1, 3));
        awaitTaken(3);

        Bytes roster = Bytes.wrap(new Roster("attack.test", 1, 1_000, List.of(77)).sign(root()));
        Adapter.toClassic(node.system())
                .actorSelection("/user/rack-rack-b")
                .tell(new Rack.Heed(roster, ""), org.apache.pekko.actor.ActorRef.noSender());
        Path kept = data.rackDir("rack-b").resolve("roster.cose");
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> Bytes.wrap(Files.readAllBytes(kept)).equals(roster));
        receiver.tell(hands(own.session(), 3, 4));
        assertThat(probe.receiveMessage(PATIENCE)).isInstanceOf(WireTalk.Gone.class);
        assertThat(refusal(greet(WIRE, "attack", passport("rack-a", keyOfA, root()))))
                .isEqualTo("FLX-6083");
        assertThat(arrived()).containsExactly(3L);
    }

    @Test
    void aCopyOfADiskFromBeforeItsRackWasRenewedIsNotHeard() {
        receiver.tell(new WireTalk.Hello(WIRE, "attack", passport("rack-a", keyOfA, root(), 2), NONCE, probe.getRef()));
        assertThat(probe.receiveMessage(PATIENCE)).isInstanceOf(WireTalk.Welcome.class);
        assertThat(refusal(greet(WIRE, "attack", passport("rack-a", keyOfA, root()))))
                .isEqualTo("FLX-6083");
    }

    @Test
    void aCopiedPassportWithoutItsKeyNeitherHandsOverNorEndsTheSessionOfItsOwner() {
        WireTalk.Begun own = begin();
        receiver.tell(hands(own.session(), -1, 3));
        awaitTaken(3);

        WireTalk.Welcome forged = welcome();
        SigningKey thief = SigningKey.generate(new SecureRandom());
        receiver.tell(new WireTalk.Begin(forged.session(), pledge(forged, thief), probe.getRef()));
        assertThat(refusal(probe.receiveMessage(PATIENCE))).isEqualTo("FLX-6083");
        receiver.tell(hands(forged.session(), 3, 9));
        assertThat(probe.receiveMessage(PATIENCE)).isInstanceOf(WireTalk.Gone.class);

        receiver.tell(hands(own.session(), 3, 4));
        awaitTaken(4);
        assertThat(arrived()).containsExactly(3L, 4L);
    }

    @Test
    void thePositionThatIsToldIsThatWithWhichTheSessionBeforeEnds() {
        WireTalk.Begun old = begin();
        WireTalk.Welcome next = welcome();
        receiver.tell(hands(old.session(), -1, 3));
        awaitTaken(3);
        assertThat(begin(next).accepted()).isEqualTo(3);
        receiver.tell(hands(old.session(), 3, 4));
        assertThat(probe.receiveMessage(PATIENCE)).isInstanceOf(WireTalk.Gone.class);
        assertThat(begin().accepted()).isEqualTo(3);
        assertThat(arrived()).containsExactly(3L);
    }

    @Test
    void aWindowThatComesAgainIsTakenOnceAndAGapNotAtAll() {
        WireTalk.Begun own = begin();
        receiver.tell(hands(own.session(), -1, 3, 5, 8));
        awaitTaken(8);
        receiver.tell(hands(own.session(), -1, 3, 5, 8));
        receiver.tell(hands(own.session(), 5, 8, 9));
        awaitTaken(9);
        receiver.tell(hands(own.session(), 11, 12));
        assertThat(probe.receiveMessage(PATIENCE)).isInstanceOf(WireTalk.Gone.class);
        assertThat(begin().accepted()).isEqualTo(9);
        assertThat(arrived()).containsExactly(3L, 5L, 8L, 9L);
    }

    @Test
    void whatIsNoMessageIsRefusedAndTheNextSessionGoesOnBehindIt() {
        WireTalk.Begun own = begin();
        WireTalk.Hand broken = new WireTalk.Hand(3, SignalClass.REQUEST, 0, Bytes.EMPTY, Bytes.ofHex("ff"));
        receiver.tell(new WireTalk.Hands(own.session(), -1, List.of(broken), probe.getRef()));
        assertThat(probe.receiveMessage(PATIENCE)).isInstanceOf(WireTalk.NotNow.class);
        WireTalk.Hand noSpec =
                new WireTalk.Hand(3, SignalClass.REQUEST, 0, key.publicKey().kid(), hand(3).msg());
        WireTalk.Begun next = begin();
        receiver.tell(new WireTalk.Hands(next.session(), -1, List.of(noSpec), probe.getRef()));
        assertThat(refusal(probe.receiveMessage(PATIENCE))).isEqualTo("FLX-6082");
        assertThat(begin().accepted()).isEqualTo(-1);
        assertThat(arrived()).isEmpty();
    }
}
