package io.fluxrig.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.fluxrig.certs.ApiTls;
import io.fluxrig.config.Profile;
import io.fluxrig.gear.GearTypes;
import io.fluxrig.scenario.DataDir;
import io.fluxrig.scenario.GearJars;
import io.fluxrig.scenario.Trust;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.typed.Cluster;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One running process: mixer and rack roles, embedded journal, management port. */
public final class Node implements AutoCloseable {
    /**
     * @param managementPort empty for none; 0 lets the system choose
     * @param artifact the signed scenario to run; empty for the one that ran last
     * @param overrides of the profile's configuration, by path
     */
    public record Settings(
            String rack,
            Map<String, String> labels,
            DataDir data,
            GearTypes types,
            GearJars jars,
            Trust trust,
            Optional<Bytes> artifact,
            String managementHost,
            OptionalInt managementPort,
            Clock clock,
            Map<String, String> overrides) {}

    private static final Logger LOG = LoggerFactory.getLogger(Node.class);

    /**
     * An actor system that has done everything else ends in this time, or is left to the end of the process: after a connection was made anew under TLS, Pekko's
     * streams sometimes never let it end.
     */
    private static final Duration LAST_PHASE = Duration.ofSeconds(10);

    private final ActorSystem<NodeGuardian.Command> system;
    private final CompletableFuture<Done> lastPhase = new CompletableFuture<>();
    private final RackBoard board;
    private final Tap tap;
    private final Telemetry telemetry;
    private final RackSettings first;
    private final List<Tap> taps = new CopyOnWriteArrayList<>();
    private final Map<String, RackBoard> movable = new TreeMap<>();
    private int managementPort = -1;
    private volatile boolean closing;

    private Node(
            ActorSystem<NodeGuardian.Command> system,
            RackSettings first,
            RackBoard board,
            Tap tap,
            Telemetry telemetry) {
        this.system = system;
        this.first = first;
        this.board = board;
        this.tap = tap;
        this.telemetry = telemetry;
        CoordinatedShutdown.get(system).addTask(CoordinatedShutdown.PhaseActorSystemTerminate(), "node", () -> {
            lastPhase.complete(Done.getInstance());
            return lastPhase;
        });
    }

    /**
     * Starts and returns at once; {@link #awaitRunning} tells when traffic is taken.
     *
     * @throws FluxException MANAGEMENT_PORT where the management port is taken; the node is down again then
     */
    public static Node start(Settings settings) {
        return start(settings, Profile.single());
    }

    /** The same under another profile. */
    public static Node start(Settings settings, Config profile) {
        return start(settings, profile, false);
    }

    /** @param bootstrap whether this node may found a cluster though it was a member of one before */
    public static Node start(Settings settings, Config profile, boolean bootstrap) {
        Config config = ConfigFactory.parseMap(settings.overrides())
                .withFallback(MixerPlace.roles(
                        Founding.rule(profile, settings.data().root(), bootstrap), settings.data(), settings.rack()));
        if (RoleWarden.isDue(config)) {
            RoleWarden.checkOwn(config);
        }
        MixerPlace.check(settings.data().root(), config);
        MovableRack.check(config, settings.data(), settings.rack());
        Telemetry.Settings tells = Telemetry.Settings.of(config);
        Tap tap = new Tap();
        RackBoard board = new RackBoard(tap);
        RackSettings rack = new RackSettings(
                settings.rack(),
                settings.labels(),
                settings.data(),
                new Shelf(settings.data().blobs(), Optional.empty()),
                settings.types(),
                settings.jars(),
                settings.trust(),
                settings.artifact(),
                settings.clock(),
                config);
        ActorSystem<NodeGuardian.Command> system =
                ActorSystem.create(NodeGuardian.create(rack, board), "fluxrig", config);
        Telemetry telemetry = new Telemetry(tells);
        telemetry.traces(settings.rack(), settings.labels(), board);
        Node node = new Node(system, rack, board, tap, telemetry);
        node.whenEnded().thenRun(node::ended);
        MovableRack.named(config).forEach(node::hostMovable);
        try {
            if (settings.managementPort().isPresent()) {
                node.managementPort = node.listen(settings, config);
            }
            return node;
        } catch (FluxException refused) {
            node.close();
            throw refused;
        }
    }

    private int listen(Settings settings, Config config) {
        Path root = settings.data().root();
        Metrics metrics = telemetry.metrics(settings.rack(), board, root);
        Map<String, Metrics> ofMovable = new TreeMap<>();
        movable.forEach((name, its) -> ofMovable.put(name, telemetry.metrics(settings.rack(), name, its, root)));
        ApiDoor door = new ApiDoor(
                set(config, "fluxrig.api.tokens").map(Path::of).map(ApiTokens::at),
                settings.data().site());
        metrics.countRefusals(door);
        metrics.watchCluster(Cluster.get(system));
        metrics.watchCertificate(set(config, "fluxrig.tls.dir").map(Path::of));
        Management management = new Management(
                system,
                board.mixer().join(),
                settings.data().blobs(),
                new NodeReport(system, board, movable, settings.rack(), settings.data(), settings.clock()),
                door,
                new DisclosureRoutes(system, board.mixer().join(), board));
        NodeHttp http = new NodeHttp(board, metrics, ofMovable, management);
        set(config, "fluxrig.api.listen").ifPresent(listen -> http.startSecured(system, listen, tls(config)));
        return http.start(
                        system,
                        settings.managementHost(),
                        settings.managementPort().getAsInt())
                .localAddress()
                .getPort();
    }

    /** For tests that speak to actors as another node would. */
    ActorSystem<?> system() {
        return system;
    }

    private static Optional<String> set(Config config, String path) {
        return Optional.of(config.getString(path)).filter(value -> !value.isEmpty());
    }

    /** Tokens, and what signals hold, never go over a network in clear. */
    private static Supplier<SSLEngine> tls(Config config) {
        return set(config, "fluxrig.tls.dir")
                .map(dir -> ApiTls.answering(Path.of(dir), config.getDuration("fluxrig.tls.reload")))
                .orElseThrow(() -> new FluxException(NodeError.API_IN_CLEAR, "there is no certificate for it"));
    }

    /**
     * Hosts one more Rack, with the scenario that the first one was started with; completes when it runs, exceptionally when it refuses.
     */
    public CompletableFuture<Void> host(String name, Map<String, String> labels) {
        Tap own = new Tap();
        taps.add(own);
        RackBoard its = new RackBoard(own);
        telemetry.traces(name, labels, its);
        system.tell(new NodeGuardian.Host(first.named(name, labels), its));
        return its.whenRunning();
    }

    private void hostMovable(String name) {
        Tap own = new Tap();
        taps.add(own);
        RackBoard its = new RackBoard(own);
        movable.put(name, its);
        its.whenHeld().thenAccept(why -> LOG.error("'{}' is held: {}", name, why.line()));
        telemetry.traces(name, first.labels(), its);
        system.tell(new NodeGuardian.HostMovable(first.named(name, first.labels()), its));
    }

    /** Waits without telling how far it is. */
    public void awaitRunning(Duration patience) {
        awaitRunning(patience, line -> {});
    }

    /**
     * Waits until the Rack takes traffic.
     *
     * @param patience how long nothing may change; a long recovery may take as long as it moves on
     * @param progress told each second what the Rack is doing, when that has changed
     * @throws FluxException why it does not run
     */
    public void awaitRunning(Duration patience, Consumer<String> progress) {
        String told = "";
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            long left = deadline - System.nanoTime();
            try {
                board.whenRunning().get(Math.min(left, TimeUnit.SECONDS.toNanos(1)), TimeUnit.NANOSECONDS);
                return;
            } catch (ExecutionException refused) {
                throw refused.getCause() instanceof FluxException why
                        ? why
                        : new CompletionException(refused.getCause());
            } catch (TimeoutException notYet) {
                String now = status().why();
                if (!now.equals(told)) {
                    told = now;
                    deadline = System.nanoTime() + patience.toNanos();
                    progress.accept(now);
                } else if (left <= 0) {
                    throw new FluxException(
                            NodeError.START, "nothing has changed for " + patience.toSeconds() + " s: " + now);
                }
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                throw new FluxException(NodeError.START, "interrupted");
            }
        }
    }

    /** Completes when the Rack refuses to go on. */
    public CompletableFuture<FluxException> whenHeld() {
        return board.whenHeld();
    }

    public NodeStatus status() {
        return board.status();
    }

    public Tap tap() {
        return tap;
    }

    /** The port that the management endpoints listen on, -1 without one. */
    public int managementPort() {
        return managementPort;
    }

    /** Completes when the actor system has ended, or has done everything else for a while. */
    private CompletableFuture<Done> whenEnded() {
        CompletableFuture<Done> terminated = system.getWhenTerminated().toCompletableFuture();
        return lastPhase
                .thenCompose(begun -> terminated
                        .copy()
                        .completeOnTimeout(Done.getInstance(), LAST_PHASE.toSeconds(), TimeUnit.SECONDS))
                .applyToEither(terminated, done -> done);
    }

    /** A member that the others have parted with stops by itself; whoever restarts the process lets it join anew. */
    private void ended() {
        if (!closing) {
            board.held(new FluxException(NodeError.PARTED, "the actor system ended"));
        }
    }

    /** What is under way has its time, and sealing the log and taking leave have a minute. */
    private Duration longestStop() {
        return Stream.concat(Stream.of(board), movable.values().stream())
                .flatMap(its -> its.activation().stream())
                .map(running -> running.scenario().scenario().limits().drainTimeout())
                .max(Duration::compareTo)
                .orElse(Duration.ZERO)
                .plusMinutes(1);
    }

    /** Drains, seals the log and stops; idempotent. */
    @Override
    public void close() {
        closing = true;
        system.tell(NodeGuardian.Stop.INSTANCE);
        try {
            whenEnded().get(longestStop().toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException slow) {
            system.terminate();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            telemetry.close();
            tap.close();
            taps.forEach(Tap::close);
        }
    }
}
