package io.fluxrig.cli;

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
import java.util.HashMap;
import java.util.List;
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
            names = "--name",
            paramLabel = "RACK",
            description = "the Rack's name (default: ${DEFAULT-VALUE})",
            defaultValue = "rack-a")
    private String rack;

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
            description = "port of /ready, /live and /metrics (default: ${DEFAULT-VALUE})",
            defaultValue = "8090")
    private int managementPort;

    @Option(
            names = "--management-host",
            paramLabel = "HOST",
            description = "its address (default: ${DEFAULT-VALUE})",
            defaultValue = "127.0.0.1")
    private String managementHost;

    @Option(
            names = "--on-damage",
            description = "exit, or hold: stay up, not ready, saying why (default: ${DEFAULT-VALUE})",
            defaultValue = "${env:FLUXRIG_ON_DAMAGE:-exit}")
    private OnDamage onDamage;

    @Option(
            names = "--witness",
            paramLabel = "URL",
            description = "a witness that countersigns this Rack's checkpoints; may be given several times",
            defaultValue = "${env:FLUXRIG_WITNESSES}",
            split = ",")
    private List<URI> witnesses = List.of();

    @ArgGroup(validate = false, heading = "The log:%n")
    private LogOptions log = new LogOptions();

    @ArgGroup(validate = false, heading = "Telemetry:%n")
    private TelemetryOptions telemetry = new TelemetryOptions();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        PrintWriter err = spec.commandLine().getErr();
        DataDir directory = DataDir.openOrCreate(dataDir(), site);
        GearTypes builtIn = GearTypes.load(RunCommand.class.getClassLoader());
        GearJars jars = gears.map(GearJars::load).orElseGet(GearJars::none);
        Trust pinned = trust.map(Trust::load).orElseGet(() -> Trust.load(directory.trustDir()));
        if (trust.isPresent()) {
            pinned = pinned.and(Trust.load(directory.trustDir()));
        }
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
                rack,
                labels,
                directory,
                builtIn,
                jars,
                pinned,
                artifact,
                managementHost,
                OptionalInt.of(managementPort),
                Clock.systemUTC(),
                overrides());
        return runUntilStopped(settings, err);
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

    private Path dataDir() {
        return data.orElseGet(
                () -> Path.of(Optional.ofNullable(System.getenv("FLUXRIG_DATA")).orElse("fluxrig-data")));
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

    private int runUntilStopped(Node.Settings settings, PrintWriter err) throws Exception {
        Node node = Node.start(settings);
        Stopper stopper = Stopper.onShutdown(node, err);
        try {
            node.awaitRunning(Duration.ofMinutes(10), doing -> {
                err.println(rack + ": " + doing);
                err.flush();
            });
            err.printf(
                    "%s runs; management on http://%s:%d (/ready /live /metrics); Ctrl-C stops it cleanly%n",
                    rack, managementHost, node.managementPort());
            err.flush();
            throw node.whenHeld().get();
        } catch (FluxException refused) {
            if (onDamage == OnDamage.hold && refused.code().category() == ErrorCode.Category.HELD) {
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
