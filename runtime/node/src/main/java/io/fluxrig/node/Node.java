package io.fluxrig.node;

import com.typesafe.config.Config;
import io.fluxrig.config.Profile;
import io.fluxrig.gear.GearTypes;
import io.fluxrig.scenario.DataDir;
import io.fluxrig.scenario.GearJars;
import io.fluxrig.scenario.Trust;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.typed.ActorSystem;

/** One running process: mixer and rack roles, embedded journal, management port. */
public final class Node implements AutoCloseable {
    /**
     * @param managementPort empty for none; 0 lets the system choose
     * @param artifact the signed scenario to run; empty for the one that ran last
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
            Clock clock) {}

    private final ActorSystem<NodeGuardian.Command> system;
    private final RackBoard board;
    private final Tap tap;
    private int managementPort = -1;

    private Node(ActorSystem<NodeGuardian.Command> system, RackBoard board, Tap tap) {
        this.system = system;
        this.board = board;
        this.tap = tap;
    }

    /**
     * Starts and returns at once; {@link #awaitRunning} tells when traffic is taken.
     *
     * @throws FluxException MANAGEMENT_PORT where the management port is taken; the node is down again then
     */
    public static Node start(Settings settings) {
        Tap tap = new Tap();
        RackBoard board = new RackBoard(tap);
        Config config = Profile.single();
        Rack.Settings rack = new Rack.Settings(
                settings.rack(),
                settings.labels(),
                settings.data(),
                settings.types(),
                settings.jars(),
                settings.trust(),
                settings.artifact(),
                settings.clock(),
                config);
        ActorSystem<NodeGuardian.Command> system =
                ActorSystem.create(NodeGuardian.create(rack, board), "fluxrig", config);
        Node node = new Node(system, board, tap);
        try {
            if (settings.managementPort().isPresent()) {
                Metrics metrics = new Metrics(board, settings.data().root());
                node.managementPort = NodeHttp.start(
                                system,
                                settings.managementHost(),
                                settings.managementPort().getAsInt(),
                                board,
                                metrics)
                        .localAddress()
                        .getPort();
            }
            return node;
        } catch (FluxException refused) {
            node.close();
            throw refused;
        }
    }

    /** @throws FluxException the refusal that keeps the Rack from running */
    public void awaitRunning(Duration patience) {
        try {
            board.whenRunning().get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException refused) {
            throw refused.getCause() instanceof FluxException why ? why : new CompletionException(refused.getCause());
        } catch (TimeoutException late) {
            throw new FluxException(
                    NodeError.START, "not running after " + patience.toSeconds() + " s: " + status().why());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new FluxException(NodeError.START, "interrupted");
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

    /** Drains, seals the log and stops; idempotent. */
    @Override
    public void close() {
        system.tell(NodeGuardian.Stop.INSTANCE);
        try {
            system.getWhenTerminated().toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException slow) {
            system.terminate();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            tap.close();
        }
    }
}
