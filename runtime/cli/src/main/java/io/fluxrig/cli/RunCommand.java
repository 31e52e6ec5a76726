package io.fluxrig.cli;

import com.typesafe.config.Config;
import io.fluxrig.config.Environment;
import io.fluxrig.config.Profile;
import io.fluxrig.config.Setting;
import io.fluxrig.gear.GearTypes;
import io.fluxrig.node.Node;
import io.fluxrig.node.NodeError;
import io.fluxrig.scenario.DataDir;
import io.fluxrig.scenario.GearJars;
import io.fluxrig.scenario.Trust;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.ErrorCode;
import io.fluxrig.signal.FluxException;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fluxrig run}. */
@Command(
        name = "run",
        description = "Runs a signed scenario until told to stop; without one, the scenario that ran last.",
        footer = {
            "",
            "Example: fluxrig run payment-switch.scenario --data ./fluxrig-data --trust ./trust",
            "         fluxrig run examples/payment-switch/scenario.yaml --dev"
        },
        mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
    /** What becomes of the process when the Rack refuses to go on over damage. */
    enum OnDamage {
        exit,
        hold
    }

    @Parameters(
            arity = "0..1",
            paramLabel = "F.scenario",
            description = "a signed scenario; with --dev a scenario.yaml")
    private Optional<Path> file = Optional.empty();

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "data directory (default: $FLUXRIG_DATA, then ./fluxrig-data)")
    private Optional<Path> data = Optional.empty();

    @Option(
            names = "--profile",
            paramLabel = "PROFILE",
            description = "single, cluster or kubernetes (default: $FLUXRIG_PROFILE, then single)")
    private Optional<Profile> profile = Optional.empty();

    @Option(
            names = "--name",
            paramLabel = "RACK",
            description = "the Rack's name (default: $FLUXRIG_RACK, then rack-a)")
    private Optional<String> name = Optional.empty();

    @Option(names = "--label", paramLabel = "KEY=VALUE", description = "a label of the Rack")
    private Map<String, String> labels = Map.of();

    @Option(
            names = "--site",
            paramLabel = "SITE",
            description = "the site's name, when the data directory is made (default: local)")
    private Optional<String> site = Optional.empty();

    @Option(names = "--trust", paramLabel = "DIR", description = "pinned keys (default: trust/ of the data directory)")
    private Optional<Path> trust = Optional.empty();

    @Option(names = "--gears", paramLabel = "DIR", description = "jars with custom gears")
    private Optional<Path> gears = Optional.empty();

    @Option(names = "--dev", description = "sign a scenario.yaml with a throw-away key and run it; never in production")
    private boolean dev;

    @Option(
            names = "--management-port",
            paramLabel = "PORT",
            description = "port of /ready, /live and /metrics (default: $FLUXRIG_MANAGEMENT_PORT, then 8090)")
    private Optional<Integer> managementPort = Optional.empty();

    @Option(
            names = "--management-host",
            paramLabel = "HOST",
            description = "its address (default: $FLUXRIG_MANAGEMENT_HOST, then that of the profile)")
    private Optional<String> managementHost = Optional.empty();

    @Option(
            names = "--on-damage",
            description =
                    "exit, or hold: stay up, not ready, saying why (default: $FLUXRIG_ON_DAMAGE, then that of the profile)")
    private Optional<OnDamage> onDamage = Optional.empty();

    @Option(
            names = "--witness",
            paramLabel = "URL",
            description = "a witness that countersigns this Rack's checkpoints; may be given several times",
            defaultValue = "${env:FLUXRIG_WITNESSES}",
            split = ",")
    private List<URI> witnesses = List.of();

    @Option(
            names = "--bootstrap",
            description = "found a cluster though this node was a member of one before; only where no other node runs")
    private boolean bootstrap;

    @ArgGroup(validate = false, heading = "The log:%n")
    private LogOptions log = new LogOptions();

    @ArgGroup(validate = false, heading = "Telemetry:%n")
    private TelemetryOptions telemetry = new TelemetryOptions();

    @Spec
    private CommandSpec spec;

    private final Clock clock;
    private Environment environment;

    RunCommand() {
        this(Clock.systemUTC());
    }

    /** @param clock the wall clock of the node */
    RunCommand(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() throws Exception {
        PrintWriter err = spec.commandLine().getErr();
        environment = Environment.ofProcess().with(options());
        Config config = environment.config();
        DataDir directory = DataDir.openOrCreate(Path.of(environment.get(Setting.DATA)), site());
        GearTypes builtIn = GearTypes.load(RunCommand.class.getClassLoader());
        GearJars jars = path(Setting.GEARS).map(GearJars::load).orElseGet(GearJars::none);
        Trust kept = Trust.load(directory.trustDir());
        Trust pinned = path(Setting.TRUST).map(dir -> Trust.load(dir).and(kept)).orElse(kept);
        Optional<Bytes> artifact = Optional.empty();
        if (file.isPresent() && isYaml(file.get())) {
            if (!dev) {
                throw new FluxException(
                        NodeError.NO_SCENARIO,
                        file.get() + " is not signed: sign it with 'fluxrig scenario sign', or use --dev");
            }
            DevSigner signer = DevSigner.throwAway();
            artifact = Optional.of(signer.sign(file.get(), builtIn, jars, directory));
            pinned = pinned.and(signer.trust());
            err.println(
                    "DEV: " + file.get()
                            + " was signed with a throw-away key. Anybody could have done that: never use --dev in production.");
            err.flush();
        } else if (file.isPresent()) {
            artifact = Optional.of(read(file.get()));
        }
        Node.Settings settings = new Node.Settings(
                environment.get(Setting.RACK),
                labels,
                directory,
                builtIn,
                jars,
                pinned,
                artifact,
                environment.get(Setting.MANAGEMENT_HOST),
                OptionalInt.of(Integer.parseInt(environment.get(Setting.MANAGEMENT_PORT))),
                clock,
                overrides());
        return runUntilStopped(settings, config, err);
    }

    /** What was given on the command line goes before the environment. */
    private Map<Setting, String> options() {
        Map<Setting, String> all = new EnumMap<>(Setting.class);
        profile.ifPresent(p -> all.put(Setting.PROFILE, p.name().toLowerCase(Locale.ROOT)));
        name.ifPresent(n -> all.put(Setting.RACK, n));
        data.ifPresent(dir -> all.put(Setting.DATA, dir.toString()));
        trust.ifPresent(dir -> all.put(Setting.TRUST, dir.toString()));
        gears.ifPresent(dir -> all.put(Setting.GEARS, dir.toString()));
        managementHost.ifPresent(host -> all.put(Setting.MANAGEMENT_HOST, host));
        managementPort.ifPresent(port -> all.put(Setting.MANAGEMENT_PORT, port.toString()));
        onDamage.ifPresent(what -> all.put(Setting.ON_DAMAGE, what.name()));
        return all;
    }

    /** A site that was named must be the directory's; the default is not a name that was given. */
    private Optional<String> site() {
        Environment.Told told = environment.tell(Setting.SITE);
        return site.or(
                () -> told.source() == Environment.Source.DEFAULT ? Optional.empty() : Optional.of(told.value()));
    }

    private Optional<Path> path(Setting setting) {
        return Optional.of(environment.get(setting)).filter(p -> !p.isEmpty()).map(Path::of);
    }

    private Map<String, String> overrides() {
        Map<String, String> all = new HashMap<>(log.overrides());
        all.putAll(telemetry.overrides());
        for (URI url : witnesses) {
            if (url.getHost() == null || !Set.of("http", "https").contains(url.getScheme())) {
                throw new ParameterException(
                        spec.commandLine(), "--witness " + url + ": write it like http://auditor.example:8095");
            }
        }
        if (!witnesses.isEmpty()) {
            all.put(
                    "persistence.vault.witness.urls",
                    witnesses.stream().map(URI::toString).collect(Collectors.joining(",")));
        }
        return all;
    }

    private static boolean isYaml(Path file) {
        String name = file.toString();
        return name.endsWith(".yaml") || name.endsWith(".yml");
    }

    private static Bytes read(Path file) {
        try {
            return Bytes.wrap(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new FluxException(NodeError.START, file + " cannot be read", e);
        }
    }

    private int runUntilStopped(Node.Settings settings, Config config, PrintWriter err) throws Exception {
        Node node = Node.start(settings, config, bootstrap);
        Stopper stopper = Stopper.onShutdown(node, err);
        try {
            node.awaitRunning(Duration.ofMinutes(10), doing -> {
                err.println(settings.rack() + ": " + doing);
                err.flush();
            });
            err.printf(
                    "%s runs; management on http://%s:%d (/ready /live /metrics); Ctrl-C stops it cleanly%n",
                    settings.rack(), settings.managementHost(), node.managementPort());
            err.flush();
            throw node.whenHeld().get();
        } catch (FluxException refused) {
            if (environment.get(Setting.ON_DAMAGE).equals(OnDamage.hold.name())
                    && refused.code().category() == ErrorCode.Category.HELD) {
                err.println(refused.line());
                err.println("holding: up, not ready, read-only; the vault can be audited");
                err.flush();
                stopper.waitForSignal();
            }
            stopper.disarm();
            node.close();
            throw refused;
        }
    }
}
