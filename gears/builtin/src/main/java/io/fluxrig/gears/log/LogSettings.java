package io.fluxrig.gears.log;

import io.fluxrig.gear.Setting;

/** How loud the log gear is. */
record LogSettings(
        @Setting(value = "The level of the lines", byDefault = "info")
        Level level) {

    enum Level {
        DEBUG,
        INFO,
        WARN
    }
}
