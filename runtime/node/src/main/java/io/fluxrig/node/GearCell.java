package io.fluxrig.node;

import io.fluxrig.gear.GearType;
import io.fluxrig.signal.FluxEntityId;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;

/**
 * A gear's place in a pipeline: who it is, whether it can work now, and the way to its actor. A wire to another Rack has one too, under the name of the gear that
 * it begins at.
 */
final class GearCell {
    private final String name;
    private final FluxEntityId id;
    private final boolean reachesOutside;
    private final Optional<FarEnd> farEnd;
    private final AtomicBoolean ready;
    private volatile Pipeline pipeline;
    private volatile BiConsumer<Branch, String> actor = (branch, port) -> {
        throw new IllegalStateException("the gear has not been started");
    };

    GearCell(String name, FluxEntityId id, GearType<?> type) {
        this(name, id, type.reachesOutside(), Optional.empty());
    }

    private GearCell(String name, FluxEntityId id, boolean reachesOutside, Optional<FarEnd> farEnd) {
        this.name = name;
        this.id = id;
        this.reachesOutside = reachesOutside;
        this.farEnd = farEnd;
        // What reaches outside says by itself when it can.
        this.ready = new AtomicBoolean(!reachesOutside || farEnd.isPresent());
    }

    /** Where a wire from this gear leaves the Rack. */
    GearCell at(FarEnd farEnd) {
        return new GearCell(name, id, true, Optional.of(farEnd));
    }

    /** The wire to another Rack that this stands for, where it does. */
    Optional<FarEnd> farEnd() {
        return farEnd;
    }

    void startedWith(BiConsumer<Branch, String> actor) {
        this.actor = actor;
    }

    /** The pipeline that its signals enter from now on. */
    void belongsTo(Pipeline now) {
        pipeline = now;
    }

    Pipeline pipeline() {
        return pipeline;
    }

    String name() {
        return name;
    }

    long id() {
        return id.value();
    }

    FluxEntityId entity() {
        return id;
    }

    boolean reachesOutside() {
        return reachesOutside;
    }

    boolean ready() {
        return ready.get();
    }

    void ready(boolean now) {
        ready.set(now);
    }

    /** Hands over a branch; whoever handles it ends it through the pipeline. */
    void accept(Branch branch, String port) {
        actor.accept(branch, port);
    }

    @Override
    public String toString() {
        return name;
    }
}
