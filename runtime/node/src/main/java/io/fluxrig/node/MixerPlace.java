package io.fluxrig.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import io.fluxrig.certs.CertificateFile;
import io.fluxrig.scenario.DataDir;
import io.fluxrig.scenario.Passport;
import io.fluxrig.signal.FluxException;
import io.fluxrig.vault.Vault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.ClusterSingletonSettings;
import org.apache.pekko.cluster.typed.Down;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where a Mixer that this node hosts keeps things: in the site's PostgreSQL, where one is named, or else in a log of its own on this node's disk. */
final class MixerPlace {
    private static final String JOURNAL = "fluxrig.journal.mixer";
    static final Duration AT_ONCE = Duration.ofMillis(100);

    private static final Logger LOG = LoggerFactory.getLogger(MixerPlace.class);

    private final RackSettings node;
    private final RackBoard board;
    private final Cluster cluster;
    private final Optional<Postgres> postgres;

    /**
     * @throws FluxException MIXER_ELSEWHERE where the Mixer's journal was moved to a database that is not named any more, KEY where its keys were brought in part
     */
    static void check(Path data, Config config) {
        if (Postgres.of(config).isEmpty()) {
            MixerMove.of(data).mustBeHere();
        }
        MixerKeys.check(config);
    }

    private MixerPlace(RackSettings node, RackBoard board, Cluster cluster) {
        this.node = node;
        this.board = board;
        this.cluster = cluster;
        this.postgres = Postgres.of(node.config());
    }

    static MixerPlace of(RackSettings node, RackBoard board, Cluster cluster) {
        return new MixerPlace(node, board, cluster);
    }

    /** Where a successor finds the journal, whoever may be the Mixer by its certificate, and has the site's root key, can be. */
    static Config roles(Config config, DataDir data, String rack) {
        String tls = config.getString("fluxrig.tls.dir");
        boolean may = tls.isEmpty()
                || CertificateFile.usable(Path.of(tls)).identity().roles().contains("mixer");
        return Postgres.of(config).isEmpty() || may && hasTheRootKey(config, data, rack)
                ? config
                : config.withValue("pekko.cluster.roles", ConfigValueFactory.fromIterable(List.of("rack")));
    }

    /** A node with a root key of its own is found out by the passport that it was given; before that, by the Mixer's journal. */
    private static boolean hasTheRootKey(Config config, DataDir data, String rack) {
        Path passport = data.passportFile(rack);
        try {
            if (Files.exists(passport)) {
                Passport.verify(
                        Files.readAllBytes(passport),
                        List.of(MixerKeys.root(data, config).publicKey()));
            }
            return true;
        } catch (IOException | FluxException another) {
            LOG.warn("this node does not host the Mixer: its root.pem is not the key that signed {}", passport);
            return false;
        }
    }

    /** A successor needs not wait for a Mixer that is down to notice: what it says is not believed any more. */
    ClusterSingletonSettings singleton(ClusterSingletonSettings usual) {
        ClusterSingletonSettings its = usual.withRole("mixer");
        return postgres.isPresent() ? its.withRemovalMargin(AT_ONCE) : its;
    }

    Behavior<Mixer.Command> seat() {
        Optional<SiteDatabase> site =
                postgres.map(its -> new SiteDatabase(its, node.data().root()));
        return MixerSeat.create(new MixerSeat.Settings(
                node(), site, (begun, seat) -> mixer(site, begun, seat), this::unfit, this::part));
    }

    private Behavior<Mixer.Command> mixer(Optional<SiteDatabase> site, long begun, ActorRef<MixerSeat.Message> seat) {
        boolean shared = postgres.isPresent();
        String id = shared ? JOURNAL : embedded().id();
        MixerKeys keys = MixerKeys.of(node.data(), node.config());
        return Mixer.create(new Mixer.Settings(
                node.data(),
                keys.root(),
                keys.witness(),
                node.trust(),
                node.clock(),
                id,
                postgres.map(this::sharedJournal).orElseGet(() -> embedded().config()),
                new Shelf(node.data().blobs(), site),
                new SignalDesk(book(), node.config().getDuration("fluxrig.metadata.keep"), node.clock()),
                begun,
                seat,
                fault -> {
                    // A database that is away comes back; a log of our own that cannot be read does not mend itself.
                    if (!shared) {
                        board.held(NodeError.VAULT_STOPPED.from(fault));
                    }
                }));
    }

    private BookTables book() {
        return postgres.<BookTables>map(BookTables.InPostgres::new)
                .orElseGet(() -> new BookTables.InFile(home().resolve("signals.db")));
    }

    private Path home() {
        return node.data().root().resolve("mixer");
    }

    private Vault.Journal embedded() {
        return Journals.at(node.data().mixerWal(), node.data().mixerSnapshots(), "mixer", keepingAll(node.config()));
    }

    private Config sharedJournal(Postgres its) {
        return ConfigFactory.empty()
                .withValue(
                        JOURNAL,
                        ConfigValueFactory.fromAnyRef(
                                its.journal(node.config()).root().unwrapped()));
    }

    /** The Mixer's log is small and holds what was granted for good: quota and archive are for the Racks. */
    private static Config keepingAll(Config config) {
        return ConfigFactory.parseString("persistence.wal { quota = 0 B, retention.archive = \"\" }")
                .withFallback(config);
    }

    private void unfit(FluxException why) {
        board.held(why);
        part();
    }

    /** Its name, for people. */
    String node() {
        return cluster.selfMember().address().hostPort();
    }

    /** The others take it to be gone, and host what it hosted. */
    void part() {
        cluster.manager().tell(new Down(cluster.selfMember().address()));
    }
}
