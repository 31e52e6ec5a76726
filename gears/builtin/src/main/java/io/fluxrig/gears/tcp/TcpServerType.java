package io.fluxrig.gears.tcp;

import io.fluxrig.gear.ActorGearType;
import io.fluxrig.gear.GearCommand;
import io.fluxrig.gear.GearSetup;
import io.fluxrig.gear.Intake;
import io.fluxrig.gear.SettingsSchema.Problem;
import io.fluxrig.gears.iso8583.Validation;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.pekko.actor.typed.Behavior;

/**
 * {@code tcp-server}: listens, and brings each frame in by {@code out}. What comes on {@code in} is written to the connection that {@code tcp.session} in
 * {@code meta} names. {@code create} throws FLX-3014 where the port cannot be listened on.
 */
public final class TcpServerType implements ActorGearType<TcpServerSettings> {
    @Override
    public String name() {
        return "tcp-server";
    }

    @Override
    public String summary() {
        return "Listens on a TCP port, brings frames in, and writes replies to the connection that asked";
    }

    @Override
    public Class<TcpServerSettings> settings() {
        return TcpServerSettings.class;
    }

    @Override
    public Ports ports(TcpServerSettings settings) {
        return new Ports(List.of("in"), List.of("out"));
    }

    @Override
    public boolean reachesOutside() {
        return true;
    }

    @Override
    public Set<String> exclusive(TcpServerSettings settings) {
        return Set.of(resource(settings));
    }

    static String resource(TcpServerSettings settings) {
        return "tcp:" + settings.listen();
    }

    @Override
    public List<String> specs(TcpServerSettings settings) {
        return settings.spec().stream().toList();
    }

    @Override
    public List<Problem> check(TcpServerSettings settings) {
        List<Problem> problems = new ArrayList<>(settings.framed().check());
        if (Address.parse(settings.listen()).filter(a -> a.port() > 0).isEmpty()) {
            problems.add(new Problem("listen", "not host:port", "write 127.0.0.1:8583, for example"));
        }
        if (settings.validation() == Validation.ENFORCE && settings.spec().isEmpty()) {
            problems.add(new Problem("validation", "there is no spec to enforce", "name one under spec"));
        }
        return problems;
    }

    @Override
    public Behavior<GearCommand> create(TcpServerSettings settings, GearSetup setup, Intake intake) {
        return TcpServer.create(settings, setup, intake);
    }
}
