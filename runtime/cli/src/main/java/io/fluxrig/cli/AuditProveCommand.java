package io.fluxrig.cli;

import io.fluxrig.audit.Proofs;
import io.fluxrig.audit.RackFiles;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fluxrig audit prove}. */
@Command(
        name = "prove",
        description = "Proves that a leaf, or the last leaf of a signal, is in the log; the file stands on its own.",
        footer = {
            "",
            "Examples: fluxrig audit prove 01ZJ8Q0G00001 --out proof.json --data ./fluxrig-data",
            "          fluxrig audit prove --leaf 4711 --out proof.json --data ./fluxrig-data"
        },
        mixinStandardHelpOptions = true)
final class AuditProveCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FLUXID", arity = "0..1", description = "the signal: its last leaf is proved")
    private Optional<String> id = Optional.empty();

    @Option(names = "--leaf", paramLabel = "N", description = "the leaf of this index instead")
    private Optional<Long> leaf = Optional.empty();

    @Option(names = "--out", paramLabel = "FILE", required = true, description = "where the proof goes")
    private Path out;

    @Mixin
    private RackChoice choice;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (id.isPresent() == leaf.isPresent()) {
            throw new ParameterException(spec.commandLine(), "name a signal or --leaf N, one of both");
        }
        RackFiles files = choice.files();
        long index = leaf.orElseGet(() -> lastLeafOf(FluxId.parse(id.orElseThrow())));
        Proofs.Inclusion proof = Proofs.inclusion(files, index);
        write(out, ProofJson.of(proof));
        spec.commandLine()
                .getOut()
                .printf(
                        "leaf %d under %d leaves: %d hashes, in %s%n",
                        index, proof.treeSize(), proof.hashes().size(), out);
        spec.commandLine().getOut().flush();
        return 0;
    }

    private long lastLeafOf(long signal) {
        long[] found = {-1};
        choice.reader().forEach(l -> {
            if (l.id() == signal) {
                found[0] = l.n();
            }
        });
        if (found[0] < 0) {
            throw new FluxException(CliError.NO_SIGNAL, "no leaf of " + FluxId.text(signal));
        }
        return found[0];
    }

    static void write(Path file, byte[] content) {
        try {
            Files.write(file, content);
        } catch (IOException e) {
            throw new FluxException(CliError.OUTPUT, file + " cannot be written", e);
        }
    }
}
