package io.fluxrig.cli;

import io.fluxrig.gear.Draft;
import io.fluxrig.gear.Gear;
import io.fluxrig.gear.GearContext;
import io.fluxrig.gear.GearSetup;
import io.fluxrig.gear.Outcome;
import io.fluxrig.gear.Recollection;
import io.fluxrig.gear.Signal;
import io.fluxrig.gear.SimpleGearType;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxMap;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A gear that passes on what comes, and after a restart has something to say at once: what it waited for is overdue. */
public final class ReminderGearType implements SimpleGearType<ReminderGearType.Settings> {
    static final String OVERDUE = "overdue";

    /** It has none. */
    public record Settings() {}

    @Override
    public String name() {
        return "reminder";
    }

    @Override
    public String summary() {
        return "Passes signals on, and reminds of them after a restart";
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
        return new Reminder();
    }

    private static final class Reminder implements Gear {
        @Override
        public Outcome handle(Signal signal, GearContext context) {
            return Outcome.emit("out", signal.msg());
        }

        @Override
        public Duration memory() {
            return Duration.ofHours(1);
        }

        @Override
        public void recall(Recollection past, GearContext context) {
            context.startTimer("due", Duration.ZERO);
        }

        @Override
        public Outcome onTimer(String timer, GearContext context) {
            Bytes raw = Bytes.wrap(OVERDUE.getBytes(StandardCharsets.US_ASCII));
            return Outcome.consumed().born("out", new Draft(0, Map.of(), FluxMap.EMPTY, raw, Optional.empty()));
        }
    }
}
