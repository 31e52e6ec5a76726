package io.fluxrig.gears.tcp;

import io.fluxrig.gear.ActorGearType;
import io.fluxrig.gear.GearCommand;
import io.fluxrig.gear.GearSetup;
import io.fluxrig.gear.Intake;
import io.fluxrig.gear.SettingsSchema.Problem;
import io.fluxrig.gears.iso8583.Validation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.typed.Behavior;

/**
 * {@code tcp-client}: keeps connections to a peer up, writes what comes on {@code in}, and brings each frame that it reads in by {@code out}. A signal that finds
 * no connection fails at once with FLX-3006; nothing is ever written twice.
 */
public final class TcpClientType implements ActorGearType<TcpClientSettings> {
    @Override
    public String name() {
        return "tcp-client";
    }

    @Override
    public String summary() {
        return "Keeps connections to a TCP peer up, writes signals to it, and brings in what it sends";
    }

    @Override
    public Class<TcpClientSettings> settings() {
        return TcpClientSettings.class;
    }

    @Override
    public Ports ports(TcpClientSettings settings) {
        return new Ports(List.of("in"), List.of("out"));
    }

    @Override
    public boolean reachesOutside() {
        return true;
    }

    @Override
    public List<String> specs(TcpClientSettings settings) {
        return settings.spec().stream().toList();
    }

    @Override
    public List<Problem> check(TcpClientSettings settings) {
        List<Problem> problems = new ArrayList<>(settings.framed().check());
        if (Address.parse(settings.connect()).filter(a -> a.port() > 0).isEmpty()) {
            problems.add(new Problem("connect", "not host:port", "write scheme.example:9001, for example"));
        }
        Duration shortest = settings.reconnectMin();
        if (shortest.compareTo(Duration.ofMillis(10)) < 0 || shortest.compareTo(settings.reconnectMax()) > 0) {
            problems.add(
                    new Problem("reconnect-min", "not between 10ms and reconnect-max", "write 100ms, for example"));
        }
        if (settings.keepAlive()
                .filter(every -> every.compareTo(Duration.ofMillis(100)) < 0)
                .isPresent()) {
            problems.add(new Problem("keep-alive", "shorter than 100ms", "write 30s, for example"));
        }
        if (settings.validation() == Validation.ENFORCE && settings.spec().isEmpty()) {
            problems.add(new Problem("validation", "there is no spec to enforce", "name one under spec"));
        }
        return problems;
    }

    @Override
    public Behavior<GearCommand> create(TcpClientSettings settings, GearSetup setup, Intake intake) {
        return TcpClient.create(settings, setup, intake);
    }
}
