package io.fluxrig.examples.velocity;

import io.fluxrig.gear.Gear;
import io.fluxrig.gear.GearSetup;
import io.fluxrig.gear.SettingsSchema.Problem;
import io.fluxrig.gear.SimpleGearType;
import java.util.List;

/**
 * {@code velocity}: lets requests through on {@code out} while a card is used at most {@code limit} times within {@code window}; what is more is answered
 * here with response code 65, on {@code declined}.
 */
public final class VelocityType implements SimpleGearType<VelocitySettings> {
    static final String IN = "in";
    static final String OUT = "out";
    static final String DECLINED = "declined";

    @Override
    public String name() {
        return "velocity";
    }

    @Override
    public String summary() {
        return "Declines a card that is used more often than allowed within a window of time";
    }

    @Override
    public Class<VelocitySettings> settings() {
        return VelocitySettings.class;
    }

    @Override
    public Ports ports(VelocitySettings settings) {
        return new Ports(List.of(IN), List.of(OUT, DECLINED));
    }

    @Override
    public List<Problem> check(VelocitySettings settings) {
        return settings.window().isZero()
                ? List.of(new Problem("window", "the window is empty", "write 1m, for example"))
                : List.of();
    }

    @Override
    public Gear create(VelocitySettings settings, GearSetup setup) {
        return new VelocityGear(settings);
    }
}
