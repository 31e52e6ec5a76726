package io.fluxrig.gears.tcp;

import io.fluxrig.gear.GearSetup;
import io.fluxrig.signal.FluxEntityId;
import io.fluxrig.spec.Spec;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What a gear is given in a test. */
record Setup(String name, Map<String, Spec> specs, BlockingQueue<Boolean> told, Queue<String> counted)
        implements GearSetup {
    Setup(String name) {
        this(name, Map.of(), new LinkedBlockingQueue<>());
    }

    Setup(String name, Map<String, Spec> specs, BlockingQueue<Boolean> told) {
        this(name, specs, told, new ConcurrentLinkedQueue<>());
    }

    @Override
    public FluxEntityId id() {
        return FluxEntityId.of(FluxEntityId.Type.GEAR, 1, 1);
    }

    @Override
    public Spec spec(String reference) {
        return specs.get(reference);
    }

    @Override
    public void count(String counter) {
        counted.add(counter);
    }

    @Override
    public void ready(boolean ready) {
        told.add(ready);
    }

    /** Waits for the next word of the gear about itself. */
    boolean nextReady() throws InterruptedException {
        Boolean ready = told.poll(10, TimeUnit.SECONDS);
        if (ready == null) {
            throw new AssertionError("the gear says nothing of itself");
        }
        return ready;
    }
}
