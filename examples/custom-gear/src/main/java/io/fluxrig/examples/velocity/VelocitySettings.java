package io.fluxrig.examples.velocity;

import io.fluxrig.gear.Setting;
import java.time.Duration;

/** How often is too often. */
record VelocitySettings(
        @Setting(value = "Element number of the field that is counted by", byDefault = "2")
        String field,

        @Setting(
                value = "How many requests with the same field are let through within the window",
                byDefault = "5",
                min = 1,
                max = 1000)
        int limit,

        @Setting(value = "The window", byDefault = "1m") Duration window,

        @Setting(
                value = "Most different values that are watched at once",
                byDefault = "10000",
                min = 1,
                max = 1_000_000)
        int maxWatched) {}
