package io.fluxrig.scenario;

import io.fluxrig.gear.Gear;
import io.fluxrig.gear.GearSetup;
import io.fluxrig.gear.GearType;
import io.fluxrig.gear.GearTypes;
import io.fluxrig.gear.Outcome;
import io.fluxrig.gear.Setting;
import io.fluxrig.gear.SettingsSchema.Problem;
import io.fluxrig.gear.SimpleGearType;
import io.fluxrig.signal.SigningKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/** A folder with a scenario, its spec, a data directory and a key that may sign: where tests of scenarios work. */
final class Workbench {
    static final Path EXAMPLE = Path.of("../../examples/payment-switch");
    static final long NOW = 1_700_000_000;

    /** Types with the names and ports of the example's. What they do is no matter here. */
    static final GearTypes TYPES = GearTypes.of(List.of(
            type("tcp-server", Server.class, s -> ports("in", "out")),
            type("tcp-client", Client.class, s -> ports("in", "out")),
            type("router", Rules.class, s -> new GearType.Ports(List.of("in"), s.outs())),
            type("correlator", Switch.class, Switch::ports),
            type("log", Log.class, s -> new GearType.Ports(List.of("in"), List.of()))));

    final Path folder;
    final Path scenario;
    final DataDir data;
    final SigningKey key = SigningKey.generate(new SecureRandom());
    final Trust trust = new Trust(List.of(), List.of(key.publicKey()));

    Workbench(Path folder) {
        this.folder = folder;
        this.scenario = folder.resolve("scenario.yaml");
        this.data = DataDir.openOrCreate(folder.resolve("data"), Optional.of("test.example"));
        try {
            Files.createDirectories(folder.resolve("specs"));
            Files.copy(EXAMPLE.resolve("scenario.yaml"), scenario);
            Files.copy(EXAMPLE.resolve("specs/payments.yaml"), folder.resolve("specs/payments.yaml"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Blueprint blueprint() {
        ScenarioFile.Linted linted = ScenarioFile.lint(scenario, TYPES);
        return linted.blueprint().orElseThrow(() -> new AssertionError(linted.findings()));
    }

    byte[] sign(long serial) {
        return sign(serial, Optional.empty());
    }

    byte[] sign(long serial, Optional<Long> expires) {
        return ScenarioSigner.sign(
                blueprint(),
                GearJars.none(),
                data,
                key,
                new ScenarioSigner.Terms(OptionalLong.of(serial), NOW, expires));
    }

    record Server(String listen, String spec, Optional<Framing> framing, Optional<Duration> senderTimeout) {}

    record Framing(
            String kind,

            @Setting(value = "bytes of the length", min = 1, max = 4)
            int bytes) {}

    record Client(String connect, String spec) {}

    record Rules(List<Rule> rules) {
        List<String> outs() {
            return Stream.concat(rules.stream().map(Rule::to), Stream.of("unrouted"))
                    .toList();
        }
    }

    record Rule(String field, String prefix, String to) {}

    record Switch(String spec, List<String> routes, Duration timeout) {
        GearType.Ports ports() {
            List<String> in = new ArrayList<>(List.of("local", "unrouted"));
            routes.forEach(r -> in.addAll(List.of(r, r + "-reply", r + "-failed")));
            return new GearType.Ports(
                    in,
                    Stream.concat(routes.stream(), Stream.of("reply", "late")).toList());
        }
    }

    record Log(Level level) {}

    enum Level {
        INFO,
        WARN
    }

    private static GearType.Ports ports(String in, String out) {
        return new GearType.Ports(List.of(in), List.of(out));
    }

    private interface PortsOf<S> {
        GearType.Ports of(S settings);
    }

    private static <S extends Record> GearType<S> type(String name, Class<S> settings, PortsOf<S> ports) {
        return new SimpleGearType<>() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public String summary() {
                return "Stands for " + name;
            }

            @Override
            public Class<S> settings() {
                return settings;
            }

            @Override
            public Ports ports(S s) {
                return ports.of(s);
            }

            @Override
            public Duration patience(S s) {
                return s instanceof Switch it ? it.timeout() : Duration.ZERO;
            }

            @Override
            public Set<String> exclusive(S s) {
                return s instanceof Server server ? Set.of("tcp:" + server.listen()) : Set.of();
            }

            @Override
            public List<String> specs(S s) {
                return switch (s) {
                    case Server server -> List.of(server.spec());
                    case Client client -> List.of(client.spec());
                    case Switch with -> List.of(with.spec());
                    default -> List.of();
                };
            }

            @Override
            public List<Problem> check(S s) {
                return s instanceof Switch with && with.timeout().isZero()
                        ? List.of(new Problem("timeout", "the timeout is zero", "write 2s, for example"))
                        : List.of();
            }

            @Override
            public Gear create(S s, GearSetup setup) {
                return (signal, context) -> Outcome.consumed();
            }
        };
    }
}
