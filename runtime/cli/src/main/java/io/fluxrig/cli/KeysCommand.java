package io.fluxrig.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.SigningKey;
import io.fluxrig.signal.VerifyKey;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fluxrig keys ...}. */
@Command(
        name = "keys",
        description = "Makes and shows Ed25519 keys.",
        footer = {"", "Example: fluxrig keys generate --out release.pem"},
        mixinStandardHelpOptions = true)
final class KeysCommand {
    @Spec
    private CommandSpec spec;

    @Command(
            name = "generate",
            description =
                    "Makes a key: the private one readable by its owner alone, the public one beside it as FILE.pub.pem.",
            footer = {"", "Example: fluxrig keys generate --out release.pem"},
            mixinStandardHelpOptions = true)
    int generate(
            @Option(
                            names = "--out",
                            required = true,
                            paramLabel = "FILE.pem",
                            description = "where to write the private key")
                    Path out,
            @Option(names = "--json", description = "one document on standard output") boolean json) {
        SigningKey key = SigningKey.generate(new SecureRandom());
        key.writePem(out);
        show(key.publicKey(), SigningKey.publicFile(out), json);
        return 0;
    }

    @Command(
            name = "show",
            description = "Tells the key id of a public or private key file; never the private key.",
            footer = {"", "Example: fluxrig keys show release.pub.pem"},
            mixinStandardHelpOptions = true)
    int show(
            @Parameters(paramLabel = "FILE", description = "a key in PEM form") Path file,
            @Option(names = "--json", description = "one document on standard output") boolean json) {
        show(read(file), file, json);
        return 0;
    }

    private static VerifyKey read(Path file) {
        try {
            return Files.readString(file).contains("PRIVATE KEY")
                    ? SigningKey.readPem(file).publicKey()
                    : VerifyKey.readPem(file);
        } catch (IOException e) {
            throw new FluxException(CliError.INPUT, file + " cannot be read", e);
        }
    }

    private void show(VerifyKey key, Path file, boolean json) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonNodeFactory.instance
                    .objectNode()
                    .put("file", file.toString())
                    .put("algorithm", "Ed25519")
                    .put("kid", key.kid().hex())
                    .put("publicKey", key.raw().hex()));
        } else {
            out.printf("%s%n  Ed25519 key id %s%n", file, key.kid().hex());
        }
        out.flush();
    }
}
