package io.fluxrig.signal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** {@code -Dfuzz.inputs=100000000} for a long run, {@code -Dfluxrig.seed=n} to repeat one. */
class FluxCborFuzzTest {
    @Test
    void damagedInputsAreAcceptedExactlyOrRefusedWithANumber() {
        long inputs = Long.getLong("fuzz.inputs", 300_000);
        long seed = Long.getLong("fluxrig.seed", System.nanoTime());
        long accepted = new FluxCborFuzz(seed).run(inputs);
        assertThat(accepted).as("seed %d", seed).isBetween(inputs / 100, inputs - inputs / 100);
    }
}
