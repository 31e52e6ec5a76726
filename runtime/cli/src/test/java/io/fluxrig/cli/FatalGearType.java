package io.fluxrig.cli;

import io.fluxrig.gear.Gear;
import io.fluxrig.gear.GearSetup;
import io.fluxrig.gear.Outcome;
import io.fluxrig.gear.Setting;
import io.fluxrig.gear.SimpleGearType;
import java.util.ArrayList;
import java.util.List;

/** A gear that ruins its process: what a broken gear may do at worst. */
public final class FatalGearType implements SimpleGearType<FatalGearType.Settings> {
    /** Its one setting. */
    public record Settings(
            @Setting("What it does to the process: stack or memory")
            String how) {}

    @Override
    public String name() {
        return "fatal";
    }

    @Override
    public String summary() {
        return "Exhausts the stack or the memory";
    }

    @Override
    public Class<Settings> settings() {
        return Settings.class;
    }

    @Override
    public Ports ports(Settings settings) {
        return new Ports(List.of("in"), List.of("out"));
    }

    @Override
    public Gear create(Settings settings, GearSetup setup) {
        return (signal, context) -> {
            if (settings.how().equals("stack")) {
                return Outcome.emit(
                        "out", signal.msg().toBuilder().srcId(deeper(1)).build());
            }
            List<long[]> all = new ArrayList<>();
            while (true) {
                all.add(new long[1 << 20]);
            }
        };
    }

    private static long deeper(long n) {
        return deeper(n + 1) + 1;
    }
}
