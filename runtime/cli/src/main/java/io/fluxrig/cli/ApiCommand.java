package io.fluxrig.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.fluxrig.config.Environment;
import io.fluxrig.config.Setting;
import io.fluxrig.node.ApiTokens;
import io.fluxrig.node.Role;
import io.fluxrig.signal.FluxException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code fluxrig api ...}. */
@Command(
        name = "api",
        description = "Says who may use the management API of a node.",
        footer = {"", "Example: fluxrig api token --name alice --role auditor --tokens ./api-tokens"},
        mixinStandardHelpOptions = true)
final class ApiCommand {
    @Spec
    private CommandSpec spec;

    @Command(
            name = "token",
            description = {
                "Makes a token, prints it once, and adds its hash to a file that the node reads (FLUXRIG_API_TOKENS).",
                "It holds from that moment on, and until its line is taken out."
            },
            footer = {
                "",
                "Example: fluxrig api token --name alice --role auditor --tokens ./api-tokens >alice.token",
                "         fluxrig audit show 01ZJ8Q0G00001 --api http://127.0.0.1:8090 --token-file alice.token --reveal --reason 'dispute 7'"
            },
            mixinStandardHelpOptions = true)
    int token(
            @Option(
                            names = "--name",
                            required = true,
                            paramLabel = "NAME",
                            description = "whose token it is; stands in records of what was revealed")
                    String name,
            @Option(
                            names = "--role",
                            required = true,
                            paramLabel = "ROLE",
                            description =
                                    "viewer (looks), operator (looks and changes) or auditor (looks, and sees what signals hold)")
                    Role role,
            @Option(
                            names = "--tokens",
                            paramLabel = "FILE",
                            description = "the file to add it to (default: $FLUXRIG_API_TOKENS)")
                    Optional<Path> tokens,
            @Option(names = "--json", description = "one document on standard output") boolean json) {
        Path file = tokens.or(this::configured)
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(), "say with --tokens FILE where the node reads who may ask"));
        String token = ApiTokens.fresh(new SecureRandom());
        append(file, ApiTokens.line(name, role, token));
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonNodeFactory.instance
                    .objectNode()
                    .put("name", name)
                    .put("role", role.text())
                    .put("tokens", file.toString())
                    .put("token", token));
        } else {
            out.println(token);
        }
        out.flush();
        return 0;
    }

    private Optional<Path> configured() {
        return Optional.of(Environment.ofProcess().get(Setting.API_TOKENS))
                .filter(file -> !file.isEmpty())
                .map(Path::of);
    }

    /** A file that an editor left without a last line end gets one first. */
    private static void append(Path file, String line) {
        try (FileChannel out =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer last = ByteBuffer.allocate(1);
            long end = out.size();
            boolean open = end > 0 && out.read(last, end - 1) == 1 && last.get(0) != '\n';
            out.position(end);
            out.write(ByteBuffer.wrap(((open ? "\n" : "") + line).getBytes(StandardCharsets.US_ASCII)));
            out.force(true);
        } catch (IOException e) {
            throw new FluxException(CliError.OUTPUT, file + " cannot be written", e);
        }
    }
}
