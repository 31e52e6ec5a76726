package io.fluxrig.node;

import io.fluxrig.scenario.SwapPlan;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import java.time.Duration;

/** What a Rack makes of an artifact that it was given. */
public sealed interface Report {
    /** Verified here; this is what running it would do. */
    record Fit(Bytes identity, SwapPlan plan, int inFlight, long openExchanges, Duration drainTimeout)
            implements Report {}

    /** It runs; {@code pause} is how long the change itself took. What it replaced may still be draining. */
    record Running(Bytes identity, Duration pause) implements Report {}

    /** This policy is in force here. */
    record Governed(Bytes identity, long version) implements Report {}

    /** What ran goes on running. */
    record Refused(FluxException why) implements Report {}
}
