package io.fluxrig.cli;

import io.fluxrig.audit.Proofs;
import io.fluxrig.audit.RackFiles;
import io.fluxrig.signal.FluxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fluxrig audit consistency}. */
@Command(
        name = "consistency",
        description =
                "Proves that the log of one checkpoint is the beginning of that of another: nothing was changed or taken out between them.",
        footer = {"", "Example: fluxrig audit consistency 1000 2000 --out consistency.json --data ./fluxrig-data"},
        mixinStandardHelpOptions = true)
final class AuditConsistencyCommand implements Callable<Integer> {
    @Parameters(paramLabel = "OLD", index = "0", description = "a checkpoint file, or the size of one of the Rack's")
    private String one;

    @Parameters(paramLabel = "NEW", index = "1", description = "the other")
    private String other;

    @Option(names = "--out", paramLabel = "FILE", description = "where the proof goes")
    private Optional<Path> out = Optional.empty();

    @Mixin
    private RackChoice choice;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        RackFiles files = choice.files();
        Proofs.Consistency proof = Proofs.consistency(files, note(files, one), note(files, other));
        out.ifPresent(file -> AuditProveCommand.write(file, ProofJson.of(proof)));
        spec.commandLine()
                .getOut()
                .printf(
                        "consistent: the log of %d leaves is the beginning of that of %d%s%n",
                        proof.oldSize(),
                        proof.newSize(),
                        out.map(f -> ", proof in " + f).orElse(""));
        spec.commandLine().getOut().flush();
        return 0;
    }

    private static byte[] note(RackFiles files, String name) {
        Path file = name.matches("\\d{1,18}")
                ? files.checkpoints().resolve(String.format("%020d", Long.parseLong(name)))
                : Path.of(name);
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new FluxException(CliError.INPUT, file + " cannot be read", e);
        }
    }
}
