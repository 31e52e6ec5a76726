package io.fluxrig.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.fluxrig.gear.SettingsSchema;
import io.fluxrig.scenario.DataDir;
import io.fluxrig.scenario.Ticket;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.DurableFile;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.SigningKey;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fluxrig racks token}. */
@Command(
        name = "token",
        description = {
            "Makes a token by which the Mixer enrols a Rack of this name once, without asking an operator.",
            "It is made where the root key is; FLUXRIG_ENROL_TOKEN_FILE tells the Rack's node where the file lies."
        },
        footer = {"", "Example: fluxrig racks token rack-b --data ./fluxrig-data --out rack-b.token"},
        mixinStandardHelpOptions = true)
final class RacksTokenCommand implements Callable<Integer> {
    @Parameters(paramLabel = "NAME", description = "the Rack")
    private String name;

    @Mixin
    private DataOption data;

    @Option(
            names = "--expires",
            paramLabel = "TIME",
            defaultValue = "24h",
            description = "for how long it is good (default: ${DEFAULT-VALUE})")
    private String expires;

    @Option(names = "--out", paramLabel = "FILE", description = "where to write it, readable by its owner alone")
    private Optional<Path> out = Optional.empty();

    @Option(names = "--json", description = "one document on standard output")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Duration life = SettingsSchema.duration(expires);
        if (life == null || life.isZero() || life.isNegative()) {
            throw new FluxException(CliError.RACK_TOKEN, "--expires " + expires + ": write a time such as 24h");
        }
        DataDir directory = DataDir.openOrCreate(data.path(), Optional.empty());
        if (!Files.exists(directory.rootKeyFile())) {
            throw new FluxException(CliError.RACK_TOKEN, directory.rootKeyFile() + " is not here");
        }
        byte[] nonce = new byte[Ticket.NONCE_BYTES];
        new SecureRandom().nextBytes(nonce);
        long end = Instant.now().plus(life).getEpochSecond();
        String token = new Ticket(directory.site(), name, Bytes.wrap(nonce), end)
                .sign(SigningKey.readPem(directory.rootKeyFile()));
        if (out.isPresent()) {
            DurableFile.writeSecret(out.get(), (token + "\n").getBytes(StandardCharsets.US_ASCII));
        }
        PrintWriter print = spec.commandLine().getOut();
        if (json) {
            print.println(JsonNodeFactory.instance
                    .objectNode()
                    .put("rack", name)
                    .put("token", token)
                    .put("expires", Instant.ofEpochSecond(end).toString()));
        } else if (out.isEmpty()) {
            print.println(token);
        }
        print.flush();
        return 0;
    }
}
