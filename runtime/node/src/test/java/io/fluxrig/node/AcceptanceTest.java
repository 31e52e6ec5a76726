package io.fluxrig.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxrig.gear.GearTypes;
import io.fluxrig.scenario.DataDir;
import io.fluxrig.scenario.GearJars;
import io.fluxrig.scenario.Policy;
import io.fluxrig.scenario.Scenario;
import io.fluxrig.scenario.ScenarioFile;
import io.fluxrig.scenario.ScenarioSigner;
import io.fluxrig.scenario.Trust;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.SignedArtifact;
import io.fluxrig.signal.SigningKey;
import io.fluxrig.vault.Leaf;
import io.fluxrig.vault.LeafKind;
import io.fluxrig.vault.VaultReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Rack is told of policies and scenarios as fast as a Mixer can speak. */
class AcceptanceTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final GearTypes TYPES =
            GearTypes.load(AcceptanceTest.class.getClassLoader()).and(List.of(new LineType()));

    private static final String ANOTHER_GEAR =
            "  - { name: another, type: log, deploy: rack-a, config: { level: debug } }";

    @TempDir
    private Path folder;

    /** Once armed, holds whoever asks it until it is released. */
    private static final class HoldingClock extends Clock {
        private volatile CountDownLatch held = new CountDownLatch(0);

        void arm() {
            held = new CountDownLatch(1);
        }

        void release() {
            held.countDown();
        }

        @Override
        public Instant instant() {
            try {
                held.await();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
            return Instant.now();
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    private final HoldingClock clock = new HoldingClock();
    private final SigningKey key = SigningKey.generate(new SecureRandom());
    private DataDir data;
    private Node node;
    private TestProbe<Report> mixer;

    @BeforeEach
    void start() throws Exception {
        data = DataDir.openOrCreate(folder.resolve("data"), Optional.of("quick.test"));
        Files.writeString(
                data.trustDir().resolve("scenario/release.pem"), key.publicKey().pem());
        node = Node.start(new Node.Settings(
                "rack-a",
                Map.of(),
                data,
                TYPES,
                GearJars.none(),
                Trust.load(data.trustDir()),
                Optional.of(scenario(1, "")),
                "127.0.0.1",
                OptionalInt.empty(),
                clock,
                Map.of()));
        node.awaitRunning(Duration.ofSeconds(60));
        mixer = TestProbe.create(node.system());
    }

    @AfterEach
    void stop() {
        node.close();
    }

    private Bytes scenario(long serial, String more) throws Exception {
        Path yaml = Files.writeString(folder.resolve("scenario.yaml"), """
                meta: { name: quick, version: 1.0.0 }
                racks: [{ name: rack-a }, { name: rack-b }]
                gears:
                  - { name: door, type: tcp-server, deploy: rack-b, config: { listen: "127.0.0.1:1" } }
                  - { name: sink, type: log, deploy: rack-a, config: { level: debug } }
                %s
                wires:
                  - { from: door.out, to: sink.in }
                """.formatted(more));
        return Bytes.wrap(ScenarioSigner.sign(
                ScenarioFile.lint(yaml, TYPES).blueprint().orElseThrow(),
                GearJars.none(),
                data,
                key,
                new ScenarioSigner.Terms(OptionalLong.of(serial), 1_700_000_000L, Optional.empty())));
    }

    private Bytes policy(long version) {
        return policy(version, Map.of());
    }

    private Bytes policy(long version, Map<String, Long> resets) {
        Policy.Grant everything = new Policy.Grant(
                "release", List.of(key.publicKey().raw()), 1, List.of(), List.of(), Optional.empty(), Optional.empty());
        Policy policy = new Policy(
                "quick.test", version, 1_700_000_000L, Optional.empty(), List.of(everything), Set.of(), resets);
        return Bytes.wrap(policy.sign(SigningKey.readPem(data.rootKeyFile())));
    }

    private Bytes roster() throws Exception {
        Path shown = data.rackDir("rack-a").resolve("roster.cose");
        Awaitility.await().atMost(PATIENCE).until(() -> Files.exists(shown));
        return Bytes.wrap(Files.readAllBytes(shown));
    }

    private void tellRack(Rack.Command command) {
        Adapter.toClassic(node.system())
                .actorSelection("/user/rack-rack-a")
                .tell(command, org.apache.pekko.actor.ActorRef.noSender());
    }

    /** Tells them while the Rack cannot look up from the first. */
    private void tellAtOnce(Rack.Command... commands) {
        clock.arm();
        for (Rack.Command command : commands) {
            tellRack(command);
        }
        clock.release();
    }

    @Test
    void aScenarioThatComesRightBehindAPolicyRunsWhenItIsRememberedAndNotWhenThePolicyIs() throws Exception {
        Bytes next = scenario(2, ANOTHER_GEAR);
        tellAtOnce(
                new Rack.Govern(roster(), policy(1), mixer.getRef()),
                new Rack.Activate(roster(), next, Optional.empty(), mixer.getRef()));

        assertThat(mixer.receiveMessage(PATIENCE)).isInstanceOf(Report.Governed.class);
        assertThat(mixer.receiveMessage(PATIENCE))
                .isInstanceOfSatisfying(
                        Report.Running.class,
                        runs -> assertThat(runs.identity()).isEqualTo(identity(next)));
    }

    @Test
    void whatAPolicyResetsCountsForTheScenarioRightBehindIt() throws Exception {
        tellAtOnce(
                new Rack.Govern(roster(), policy(1, Map.of("quick", 7L)), mixer.getRef()),
                new Rack.Activate(roster(), scenario(2, ANOTHER_GEAR), Optional.empty(), mixer.getRef()));

        assertThat(mixer.receiveMessage(PATIENCE)).isInstanceOf(Report.Governed.class);
        assertThat(mixer.receiveMessage(PATIENCE)).isInstanceOf(Report.Refused.class);
    }

    @Test
    void aRackThatIsToldToStopInTheMiddleOfAChangeSaysSoRecordsItAndStops() throws Exception {
        Bytes next = scenario(2, ANOTHER_GEAR);
        tellAtOnce(new Rack.Activate(roster(), next, Optional.empty(), mixer.getRef()), Rack.Stop.INSTANCE);

        assertThat(mixer.receiveMessage(PATIENCE))
                .isInstanceOfSatisfying(
                        Report.Refused.class,
                        refused -> assertThat(refused.why().code()).isEqualTo(NodeError.SWAP_UNDER_WAY));
        Awaitility.await().atMost(PATIENCE).until(() -> controls().contains("stopped"));
        assertThat(controls()).containsSubsequence("activated", "refused", "stopped");
    }

    @Test
    void aLinkThatGoesDownWhileSocketsPassOverIsAnErrorOfTheTrial() throws Exception {
        String line = "  - { name: line, type: line, deploy: rack-a }";
        tellRack(new Rack.Activate(roster(), scenario(2, line), Optional.empty(), mixer.getRef()));
        assertThat(mixer.receiveMessage(PATIENCE)).isInstanceOf(Report.Running.class);

        String andCutter = line + "\n  - { name: cutter, type: line, deploy: rack-a, config: { cuts: true } }";
        Optional<Duration> trial = Optional.of(Duration.ofSeconds(2));
        tellRack(new Rack.Activate(roster(), scenario(3, andCutter), trial, mixer.getRef()));

        assertThat(mixer.receiveMessage(PATIENCE)).isInstanceOfSatisfying(Report.Refused.class, refused -> {
            assertThat(refused.why().code()).isEqualTo(NodeError.TRIAL_FAILED);
            assertThat(refused.why()).hasMessageContaining("'line'");
        });
    }

    @Test
    void aListenerThatMovesHasUntilTheEndOfTheTrialToComeUp() throws Exception {
        Optional<Duration> trial = Optional.of(Duration.ofSeconds(1));
        String moving = "  - { name: line, type: line, deploy: rack-a, config: { door: %d } }";
        tellRack(new Rack.Activate(roster(), scenario(2, moving.formatted(1)), Optional.empty(), mixer.getRef()));
        assertThat(mixer.receiveMessage(PATIENCE)).isInstanceOf(Report.Running.class);
        Awaitility.await().atMost(PATIENCE).until(() -> node.status().links().get("line"));

        tellRack(new Rack.Activate(roster(), scenario(3, moving.formatted(200)), trial, mixer.getRef()));
        assertThat(mixer.receiveMessage(PATIENCE)).isInstanceOf(Report.Running.class);

        tellRack(new Rack.Activate(roster(), scenario(4, moving.formatted(60_000)), trial, mixer.getRef()));
        assertThat(mixer.receiveMessage(PATIENCE))
                .isInstanceOfSatisfying(
                        Report.Refused.class,
                        refused -> assertThat(refused.why().code()).isEqualTo(NodeError.TRIAL_FAILED));
    }

    private List<String> controls() {
        List<String> events = new ArrayList<>();
        VaultReader.at(data.rackWal("rack-a")).forEach((Leaf leaf) -> {
            if (leaf.is(LeafKind.CONTROL)) {
                events.add(leaf.note().text("event").orElse(""));
            }
        });
        return events;
    }

    private static Bytes identity(Bytes artifact) {
        return SignedArtifact.nameOf(artifact.toArray(), Scenario.CONTENT_TYPE);
    }
}
