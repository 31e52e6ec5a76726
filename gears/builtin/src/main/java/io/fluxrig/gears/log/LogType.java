package io.fluxrig.gears.log;

import io.fluxrig.gear.Gear;
import io.fluxrig.gear.GearSetup;
import io.fluxrig.gear.SimpleGearType;
import java.util.List;

/** {@code log}: takes signals on {@code in} and ends them with a line in the log that names id, type and sizes, never content. What has failed stays failed. */
public final class LogType implements SimpleGearType<LogSettings> {
    @Override
    public String name() {
        return "log";
    }

    @Override
    public String summary() {
        return "Ends signals with a line in the log: id, type and sizes, never content";
    }

    @Override
    public Class<LogSettings> settings() {
        return LogSettings.class;
    }

    @Override
    public Ports ports(LogSettings settings) {
        return new Ports(List.of("in"), List.of());
    }

    @Override
    public Gear create(LogSettings settings, GearSetup setup) {
        return new LogGear(settings.level(), setup.name());
    }
}
