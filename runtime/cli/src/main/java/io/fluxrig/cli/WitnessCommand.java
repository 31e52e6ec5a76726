package io.fluxrig.cli;

import io.fluxrig.audit.Witness;
import io.fluxrig.audit.WitnessKeys;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.SigningKey;
import io.fluxrig.simulate.Endpoint;
import io.fluxrig.simulate.UntilStopped;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code fluxrig witness}. */
@Command(
        name = "witness",
        description = {
            "Countersigns the checkpoints of Racks, each only where the log has grown from the last one.",
            "Needs a key and a directory with trust/root; speaks C2SP tlog-witness."
        },
        footer = {
            "",
            "Give its public key to auditors as trust/witness/NAME.pem, and its address to Racks: fluxrig run --witness URL",
            "Example: fluxrig keys generate --out auditor.pem",
            "         fluxrig witness --key auditor.pem --dir ./witness --listen 127.0.0.1:8095"
        },
        mixinStandardHelpOptions = true)
final class WitnessCommand implements Callable<Integer> {
    @Option(names = "--key", paramLabel = "FILE", required = true, description = "its private key")
    private Path key;

    @Option(
            names = {"--dir", "--data"},
            paramLabel = "DIR",
            required = true,
            description = "what it remembers; root keys that vouch for Racks are pinned under trust/root")
    private Path directory;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "the name it signs under (default: that of the key file)")
    private Optional<String> name = Optional.empty();

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            description = "where it listens (default: ${DEFAULT-VALUE})",
            defaultValue = "127.0.0.1:8095")
    private String listen;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        if (!Files.isDirectory(directory.resolve("trust").resolve("root"))) {
            throw new FluxException(
                    CliError.INPUT, directory + " has no trust/root: pin there the root keys that vouch for Racks");
        }
        String signsAs = name.orElseGet(() -> WitnessKeys.nameOf(key));
        Witness witness = new Witness(directory, signsAs, SigningKey.readPem(key), Clock.systemUTC());
        Endpoint endpoint = Endpoint.parse("--listen", listen);
        InetSocketAddress address = new InetSocketAddress(endpoint.host(), endpoint.port());
        try (UntilStopped stop = UntilStopped.arm();
                WitnessDoor door = WitnessDoor.open(address, witness, line -> tell(err, signsAs + " " + line))) {
            tell(err, signsAs + " listens on http://" + endpoint.host() + ":" + door.port());
            while (!stop.within(Duration.ofDays(1))) {
                // a witness has nothing to do but wait
            }
            return 0;
        } catch (IOException taken) {
            throw new FluxException(CliError.LISTEN, listen + ": " + taken.getMessage(), taken);
        }
    }

    private static void tell(PrintWriter err, String line) {
        synchronized (err) {
            err.println(line);
            err.flush();
        }
    }
}
