package io.fluxrig.cli;

import io.fluxrig.gear.ActorGearType;
import io.fluxrig.gear.GearCommand;
import io.fluxrig.gear.GearSetup;
import io.fluxrig.gear.Intake;
import java.util.List;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** A gear that takes signals and never says what became of them. */
public final class SilentGearType implements ActorGearType<SilentGearType.Settings> {
    /** It has none. */
    public record Settings() {}

    @Override
    public String name() {
        return "silent";
    }

    @Override
    public String summary() {
        return "Takes signals and never answers for them";
    }

    @Override
    public Class<Settings> settings() {
        return Settings.class;
    }

    @Override
    public Ports ports(Settings settings) {
        return new Ports(List.of("in"), List.of());
    }

    @Override
    public boolean reachesOutside() {
        return true;
    }

    @Override
    public Behavior<GearCommand> create(Settings settings, GearSetup setup, Intake intake) {
        setup.ready(true);
        return Behaviors.ignore();
    }
}
