package io.fluxrig.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import io.fluxrig.config.Profile;
import io.fluxrig.scenario.DataDir;
import io.fluxrig.scenario.Passport;
import io.fluxrig.scenario.Roster;
import io.fluxrig.scenario.Ticket;
import io.fluxrig.scenario.Trust;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.SigningKey;
import io.fluxrig.vault.Vault;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two Mixers over one journal in PostgreSQL, as a cut between nodes makes them; each must know which of them speaks. */
class MixerFencingTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration QUIET = Duration.ofMillis(600);
    private static final Bytes KEY =
            SigningKey.generate(new SecureRandom()).publicKey().raw();

    private static EmbeddedPostgres server;
    private static ActorTestKit kit;

    @TempDir
    private Path folder;

    private final SigningKey root = SigningKey.generate(new SecureRandom());

    private String ticket(String rack) {
        byte[] nonce = new byte[Ticket.NONCE_BYTES];
        new SecureRandom().nextBytes(nonce);
        return new Ticket(
                        "fleet.test",
                        rack,
                        Bytes.wrap(nonce),
                        Instant.now().plusSeconds(3_600).getEpochSecond())
                .sign(root);
    }

    private final SigningKey witness = SigningKey.generate(new SecureRandom());
    private static final AtomicInteger COUNT = new AtomicInteger();
    private Postgres postgres;

    @BeforeAll
    static void start() throws Exception {
        server = EmbeddedPostgres.builder().start();
        kit = ActorTestKit.create("fluxrig", Profile.single());
    }

    @AfterAll
    static void stop() throws Exception {
        kit.shutdownTestKit();
        server.close();
    }

    @BeforeEach
    void freshDatabase() throws Exception {
        String name = "site" + COUNT.incrementAndGet();
        try (var db = server.getPostgresDatabase().getConnection();
                var sql = db.createStatement()) {
            sql.execute("CREATE DATABASE " + name);
        }
        postgres = new Postgres(server.getJdbcUrl("postgres", name), "");
    }

    /** A node with its own disk, which may host the Mixer. */
    private final class Host {
        final String name;
        final DataDir data;
        final SiteDatabase site;
        final AtomicInteger parted = new AtomicInteger();
        final List<String> unfit = new CopyOnWriteArrayList<>();
        final ActorRef<Mixer.Command> seat;
        private final SigningKey its;

        Host(String name, SigningKey its) {
            this.name = name;
            this.its = its;
            this.data = DataDir.openOrCreate(folder.resolve(name), Optional.of("fleet.test"));
            this.site = new SiteDatabase(postgres, data.root());
            this.seat = kit.spawn(MixerSeat.create(new MixerSeat.Settings(
                    name,
                    Optional.of(site),
                    (begun, told) -> Mixer.create(settings(begun, told)),
                    why -> unfit.add(why.line()),
                    parted::incrementAndGet)));
        }

        Mixer.Settings settings(long begun, ActorRef<MixerSeat.Message> told) {
            // Plugins live as long as the actor system, which here outlives a site.
            String id = "fluxrig.journal." + name + COUNT.incrementAndGet();
            Config journal = ConfigFactory.empty()
                    .withValue(
                            id,
                            ConfigValueFactory.fromAnyRef(
                                    postgres.journal(kit.system().settings().config())
                                            .root()
                                            .unwrapped()));
            Trust trust = Trust.load(data.trustDir());
            return new Mixer.Settings(
                    data,
                    its,
                    witness,
                    trust,
                    Clock.systemUTC(),
                    id,
                    journal,
                    new Shelf(data.blobs(), Optional.of(site)),
                    new SignalDesk(new BookTables.InPostgres(postgres), Duration.ofDays(1), Clock.systemUTC()),
                    begun,
                    told,
                    fault -> {});
        }

        /** Its Mixer of the first epoch once more, without anybody who looks whether another has begun. */
        ActorRef<Mixer.Command> withoutSeat() {
            awaitGrant("rack-a");
            TestProbe<MixerSeat.Message> told = kit.createTestProbe();
            ActorRef<Mixer.Command> its = kit.spawn(Mixer.create(settings(1, told.ref())));
            assertThat(told.receiveMessage(SOON)).isEqualTo(new MixerSeat.Begun(1));
            return its;
        }

        Optional<Mixer.Enrolled> enrols(String rack) {
            TestProbe<Mixer.EnrolReply> probe = kit.createTestProbe();
            seat.tell(new Mixer.Enrol(rack, KEY, ticket(rack), probe.ref()));
            try {
                return Optional.of((Mixer.Enrolled) probe.receiveMessage(QUIET));
            } catch (AssertionError silent) {
                return Optional.empty();
            }
        }

        Mixer.Enrolled awaitGrant(String rack) {
            return Awaitility.await(name + " grants " + rack)
                    .atMost(SOON)
                    .until(() -> enrols(rack), Optional::isPresent)
                    .orElseThrow();
        }

        Mixer.LookReply look() {
            TestProbe<Mixer.LookReply> probe = kit.createTestProbe();
            seat.tell(new Mixer.Look(probe.ref()));
            return probe.receiveMessage(SOON);
        }

        int machine(Mixer.Enrolled grant) {
            return Passport.verify(grant.passport().toArray(), List.of(its.publicKey()))
                    .machines()
                    .getFirst();
        }
    }

    private long epochOf(Mixer.Enrolled grant) {
        return Roster.verify(grant.roster().toArray(), List.of(root.publicKey()), "fleet.test")
                .epoch();
    }

    @Test
    void aSuccessorKnowsWhatWasGrantedAndGrantsNothingTwice() {
        Host first = new Host("a", root);
        Mixer.Enrolled grant = first.awaitGrant("rack-a");
        assertThat(epochOf(grant)).isEqualTo(1);
        kit.stop(first.seat);
        Host second = new Host("b", root);
        Mixer.Enrolled again = second.awaitGrant("rack-a");
        assertThat(epochOf(again)).isEqualTo(2);
        assertThat(second.machine(again)).isEqualTo(first.machine(grant));
        assertThat(second.machine(second.awaitGrant("rack-b"))).isEqualTo(2);
    }

    @Test
    void aMixerThatWasReplacedAnswersNobodyAndParts() {
        Host first = new Host("a", root);
        first.awaitGrant("rack-a");
        Host second = new Host("b", root);
        second.awaitGrant("rack-b");

        // What it was asked needs no write: it could answer from memory, and must not.
        assertThat(first.enrols("rack-a")).isEmpty();
        assertThat(first.look())
                .isInstanceOfSatisfying(
                        Mixer.No.class, no -> assertThat(no.why().code()).isEqualTo(NodeError.MIXER_REPLACED));
        assertThat(first.parted).hasValue(1);
        assertThat(epochOf(second.awaitGrant("rack-a"))).isEqualTo(2);
        assertThat(second.parted).hasValue(0);
    }

    /** The last line of defence, without anybody who looks first. */
    @Test
    void aWriteOfAMixerThatWasReplacedFailsOnTheJournalsKey() throws Exception {
        Host host = new Host("a", root);
        ActorRef<Mixer.Command> stale = host.withoutSeat();
        Host second = new Host("b", root);
        int granted = second.machine(second.awaitGrant("rack-b"));

        TestProbe<Mixer.EnrolReply> probe = kit.createTestProbe();
        stale.tell(new Mixer.Enrol("rack-c", KEY, ticket("rack-c"), probe.ref()));
        kit.createTestProbe().expectTerminated(stale, SOON);
        probe.expectNoMessage(QUIET);
        assertThat(second.machine(second.awaitGrant("rack-c"))).isEqualTo(granted + 1);
    }

    @Test
    void aMixerThatWasReplacedTakesNoRelease() {
        Host host = new Host("a", root);
        ActorRef<Mixer.Command> stale = host.withoutSeat();
        Host second = new Host("b", root);
        second.awaitGrant("rack-b");

        TestProbe<Mixer.ReleaseReply> probe = kit.createTestProbe();
        host.seat.tell(new Mixer.Push(Bytes.ofHex("00"), probe.ref()));
        assertThat(probe.receiveMessage(SOON))
                .isInstanceOfSatisfying(
                        Mixer.No.class, no -> assertThat(no.why().code()).isEqualTo(NodeError.MIXER_REPLACED));
        // Without anybody who looks first not even that something was refused can be written.
        stale.tell(new Mixer.Push(Bytes.ofHex("00"), probe.ref()));
        kit.createTestProbe().expectTerminated(stale, SOON);
        probe.expectNoMessage(QUIET);
        assertThat(second.look())
                .isInstanceOfSatisfying(
                        Mixer.Overview.class, now -> assertThat(now.events()).isEmpty());
    }

    @Test
    void aNodeWithAnotherRootKeyIsNoMixerOfThisSite() {
        new Host("a", root).awaitGrant("rack-a");
        Host stranger = new Host("b", SigningKey.generate(new SecureRandom()));
        Awaitility.await().atMost(SOON).until(() -> !stranger.unfit.isEmpty());
        assertThat(stranger.unfit)
                .singleElement()
                .asString()
                .contains("FLX-6074")
                .contains("keys/root.pem");
        assertThat(stranger.enrols("rack-a")).isEmpty();
    }

    @Test
    void anArtifactIsFoundByWhoeverComesAfterAndIsHashedAgain() throws Exception {
        Host first = new Host("a", root);
        first.awaitGrant("rack-a");
        byte[] content = {1, 2, 3};
        Bytes name = new Shelf(first.data.blobs(), Optional.of(first.site)).put(content);
        Host second = new Host("b", root);
        Shelf shelf = new Shelf(second.data.blobs(), Optional.of(second.site));
        assertThat(shelf.get(name)).isEqualTo(content);
        assertThat(second.data.blobs().has(name)).isTrue();

        try (var db = postgres.connect();
                var sql = db.createStatement()) {
            sql.execute("UPDATE blob SET content = decode('ff', 'hex')");
        }
        DataDir third = DataDir.openOrCreate(folder.resolve("c"), Optional.of("fleet.test"));
        assertThatThrownBy(() -> new Shelf(third.blobs(), Optional.of(second.site)).get(name))
                .hasMessageContaining("was altered");
    }

    /** What a node's own log granted stays granted, also where the database is named later. */
    @Test
    void aLogOnDiskIsMovedOnceAndNothingElseIsBegunBesideIt() throws Exception {
        DataDir data = DataDir.openOrCreate(folder.resolve("a"), Optional.of("fleet.test"));
        Vault.Journal onDisk = Journals.at(
                data.mixerWal(),
                data.mixerSnapshots(),
                "mixer",
                kit.system().settings().config());
        TestProbe<MixerSeat.Message> told = kit.createTestProbe();
        Mixer.Settings embedded = new Mixer.Settings(
                data,
                root,
                witness,
                Trust.load(data.trustDir()),
                Clock.systemUTC(),
                onDisk.id(),
                onDisk.config(),
                new Shelf(data.blobs(), Optional.empty()),
                new SignalDesk(new BookTables.InFile(folder.resolve("book")), Duration.ofDays(1), Clock.systemUTC()),
                0,
                told.ref(),
                fault -> {});
        ActorRef<Mixer.Command> alone = kit.spawn(Mixer.create(embedded));
        assertThat(told.receiveMessage(SOON)).isEqualTo(new MixerSeat.Begun(1));
        TestProbe<Mixer.EnrolReply> probe = kit.createTestProbe();
        alone.tell(new Mixer.Enrol("rack-a", KEY, ticket("rack-a"), probe.ref()));
        probe.receiveMessage(SOON);
        kit.stop(alone);
        // The plugin that holds the directory lives as long as the actor system: a copy stands for a restart.
        Path restarted = folder.resolve("b");
        copy(data.root(), restarted);

        Host moved = new Host("b", root);
        Mixer.Enrolled again = moved.awaitGrant("rack-a");
        assertThat(epochOf(again)).isEqualTo(2);
        assertThat(moved.machine(again)).isEqualTo(1);
        assertThatThrownBy(() ->
                        MixerPlace.check(restarted, kit.system().settings().config()))
                .hasMessageContaining("FLX-6076");

        // Another log that granted the same ids is not the one that was moved.
        kit.stop(moved.seat);
        copy(data.root(), folder.resolve("c"));
        try (var db = postgres.connect();
                var sql = db.createStatement()) {
            sql.execute("UPDATE event_journal SET event_payload = decode('a0', 'hex') WHERE sequence_number = 2");
        }
        Host other = new Host("c", root);
        Awaitility.await().atMost(SOON).until(() -> !other.unfit.isEmpty());
        assertThat(other.unfit).singleElement().asString().contains("FLX-6076").contains("event 2");
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path file : all.toList()) {
                Files.copy(file, to.resolve(from.relativize(file)));
            }
        }
    }

    @Test
    void anAbsentDatabaseIsTold() {
        Postgres nowhere = new Postgres("jdbc:postgresql://127.0.0.1:1/none?user=postgres", "");
        ActorRef<Mixer.Command> seat = kit.spawn(MixerSeat.create(new MixerSeat.Settings(
                "a", Optional.of(new SiteDatabase(nowhere, folder)), (begun, told) -> null, why -> {}, () -> {})));
        TestProbe<Mixer.LookReply> probe = kit.createTestProbe();
        Awaitility.await().atMost(SOON).untilAsserted(() -> {
            seat.tell(new Mixer.Look(probe.ref()));
            assertThat(((Mixer.No) probe.receiveMessage(SOON)).why().line())
                    .contains("FLX-6072")
                    .contains("mixer: journal away");
        });
    }
}
