package io.fluxrig.scenario;

import io.fluxrig.gear.Setting;
import java.time.Duration;

/** How much may be inside a Rack at once, by class, and how long a drain may take. */
public record Limits(
        @Setting(value = "requests inside the Rack at once", byDefault = "1024", min = 1, max = 1_000_000)
        int requests,

        @Setting(value = "replies inside the Rack at once", byDefault = "2048", min = 1, max = 1_000_000)
        int replies,

        @Setting(value = "advices and reversals inside the Rack at once", byDefault = "256", min = 1, max = 1_000_000)
        int advices,

        @Setting(
                value = "network management messages inside the Rack at once",
                byDefault = "64",
                min = 1,
                max = 1_000_000)
        int network,

        @Setting(value = "longest drain at shutdown, and of what a change of scenario replaces", byDefault = "10s")
        Duration drainTimeout,

        @Setting(
                value = "signals that a wire to another Rack holds while that Rack has not taken them",
                byDefault = "100000",
                min = 1,
                max = 1_000_000)
        int wireBacklog) {}
