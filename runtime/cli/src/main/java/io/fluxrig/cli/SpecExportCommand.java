package io.fluxrig.cli;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import io.fluxrig.spec.BlobStore;
import io.fluxrig.spec.SpecError;
import io.fluxrig.spec.Specs;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fluxrig spec export}. */
@Command(
        name = "export",
        description = {
            "Writes a filed spec out exactly as it was filed.",
            "With --out its bases are written beside it, each named by its hash: 'spec import' of the file elsewhere gives the same blobs."
        },
        footer = {"", "Example: fluxrig spec export payments:1.0.0 --out payments.yaml"},
        mixinStandardHelpOptions = true)
final class SpecExportCommand implements Callable<Integer> {
    @picocli.CommandLine.Spec
    private CommandSpec command;

    @Parameters(paramLabel = "REFERENCE", description = "name:1.2.3, name:latest or sha256:<hex>")
    private String reference;

    @Mixin
    private DataOption data;

    @Option(names = "--out", paramLabel = "FILE", description = "where to write it (default: standard output)")
    private Optional<Path> out = Optional.empty();

    @Override
    public Integer call() throws IOException {
        BlobStore store = data.open().blobs();
        Bytes hash = store.resolve(reference)
                .orElseThrow(() -> new FluxException(SpecError.NO_BLOB, "'" + reference + "' is not in the store"));
        byte[] bytes = store.get(hash);
        PrintWriter told = command.commandLine().getOut();
        if (out.isEmpty()) {
            told.print(new String(bytes, StandardCharsets.UTF_8));
            told.flush();
            return 0;
        }
        Path folder = out.get().toAbsolutePath().getParent();
        Files.createDirectories(folder);
        for (Specs.Filed base : Specs.basesOf(store, hash)) {
            Files.write(folder.resolve(Specs.exportedName(base.sha256())), store.get(base.sha256()));
            told.println(folder.resolve(Specs.exportedName(base.sha256())));
        }
        Files.write(out.get(), bytes);
        told.println(out.get());
        told.flush();
        return 0;
    }
}
