package io.fluxrig.gears.tcp;

import java.time.Instant;

/** The wall clock, in the unit of the Rack. */
final class UnixTime {
    private UnixTime() {}

    static long nanos() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }
}
