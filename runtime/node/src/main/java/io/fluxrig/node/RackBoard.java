package io.fluxrig.node;

import io.fluxrig.signal.FluxException;
import io.fluxrig.vault.Vault;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;

/** Where a Rack says how it is, and where everybody else looks. */
final class RackBoard {
    private final Tap tap;
    private final CompletableFuture<FluxException> held = new CompletableFuture<>();
    private final CompletableFuture<Void> running = new CompletableFuture<>();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private final CompletableFuture<ActorRef<Mixer.Command>> mixer = new CompletableFuture<>();
    private final CompletableFuture<ActorRef<Rack.Command>> rack = new CompletableFuture<>();
    private volatile NodeStatus.Phase phase = NodeStatus.Phase.STARTING;
    private volatile String why = "";
    private volatile boolean hosted;
    private volatile String degraded = "";
    private volatile Vault.Stats vault;
    private volatile Activation activation;
    private volatile SignalCourier courier;
    private volatile HandOver handOver;
    private volatile int draining;
    private volatile Optional<Long> policyEnds = Optional.empty();

    RackBoard(Tap tap) {
        this.tap = tap;
    }

    Tap tap() {
        return tap;
    }

    /** The way to the Mixer, wherever it runs. */
    CompletableFuture<ActorRef<Mixer.Command>> mixer() {
        return mixer;
    }

    /** The Rack itself. */
    CompletableFuture<ActorRef<Rack.Command>> rack() {
        return rack;
    }

    /** Whether anybody has told how the Rack is: of a movable one, its host. */
    boolean isHosted() {
        return hosted;
    }

    void phase(NodeStatus.Phase now, String reason) {
        why = reason;
        phase = now;
        hosted = now != NodeStatus.Phase.STOPPED;
        if (now == NodeStatus.Phase.STOPPED) {
            stopped.complete(null);
        }
    }

    /** It serves, but not as it should, and why; empty when that is over. */
    void degraded(String reason) {
        degraded = reason;
    }

    /** How far a recovery is. */
    void recovering(String how) {
        if (phase == NodeStatus.Phase.RECOVERING) {
            why = how;
        }
    }

    /** What runs; empty before the first. */
    Optional<Activation> activation() {
        return Optional.ofNullable(activation);
    }

    /** Changes of which something is still left from before. */
    void draining(int changes) {
        draining = changes;
    }

    int draining() {
        return draining;
    }

    /** Unix seconds from which on the policy in force lets nothing new be activated. */
    void policyEnds(Optional<Long> at) {
        policyEnds = at;
    }

    Optional<Long> policyEnds() {
        return policyEnds;
    }

    void handOver(HandOver its) {
        handOver = its;
    }

    /** Its wires to other Racks. */
    Collection<FarEnd> wires() {
        HandOver its = handOver;
        return its == null ? List.of() : its.ends();
    }

    void courier(SignalCourier its) {
        courier = its;
    }

    /** Durable leaves that the Mixer has not been told of yet. */
    long backlog() {
        SignalCourier its = courier;
        Vault.Stats stats = vault;
        return its == null || stats == null ? 0 : its.backlog(stats::durable);
    }

    /** When the oldest of them was made, unix nanoseconds; 0 where there is none. */
    long backlogSince() {
        SignalCourier its = courier;
        return its == null ? 0 : its.oldestAt();
    }

    void vault(Vault.Stats stats) {
        vault = stats;
    }

    void running(Activation now) {
        activation = now;
        phase(NodeStatus.Phase.RUNNING, "");
        running.complete(null);
    }

    /** Nothing goes on from here until somebody acts. */
    void held(FluxException refusal) {
        phase(NodeStatus.Phase.HELD, refusal.line());
        held.complete(refusal);
        running.completeExceptionally(refusal);
    }

    /** Completes when the Rack takes traffic, exceptionally when it refuses. */
    CompletableFuture<Void> whenRunning() {
        return running;
    }

    /** Completes when the Rack cannot go on. */
    CompletableFuture<FluxException> whenHeld() {
        return held;
    }

    CompletableFuture<Void> whenStopped() {
        return stopped;
    }

    NodeStatus status() {
        Activation now = activation;
        return new NodeStatus(
                phase,
                why,
                degraded,
                Optional.ofNullable(now).map(a -> a.scenario().identity()),
                Optional.ofNullable(vault),
                now == null ? Map.of() : now.links(),
                now == null ? 0 : now.pipeline().inFlight(),
                tap.dropped());
    }
}
