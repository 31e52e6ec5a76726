package io.fluxrig.node;

import io.fluxrig.gear.ActorGearType;
import io.fluxrig.gear.GearCommand;
import io.fluxrig.gear.GearSetup;
import io.fluxrig.gear.Intake;
import io.fluxrig.gear.Setting;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** A line that is up, at once or after a while, and one that listens and cuts the other as it starts. */
final class LineType implements ActorGearType<LineType.Settings> {
    private GearSetup line;

    record Settings(
            @Setting(value = "Whether it cuts the other line", byDefault = "false")
            boolean cuts,

            @Setting(value = "After how many milliseconds it listens, where it does", byDefault = "0")
            int door) {}

    @Override
    public String name() {
        return "line";
    }

    @Override
    public String summary() {
        return "A line to nowhere";
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
    public Set<String> exclusive(Settings settings) {
        return settings.cuts() || settings.door() > 0 ? Set.of("door " + settings) : Set.of();
    }

    @Override
    public Behavior<GearCommand> create(Settings settings, GearSetup setup, Intake intake) {
        if (settings.door() > 0) {
            CompletableFuture.delayedExecutor(settings.door(), TimeUnit.MILLISECONDS)
                    .execute(() -> setup.ready(true));
        } else {
            setup.ready(true);
        }
        if (settings.cuts()) {
            line.ready(false);
        } else {
            line = setup;
        }
        return Behaviors.ignore();
    }
}
