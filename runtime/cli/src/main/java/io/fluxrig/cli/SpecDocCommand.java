package io.fluxrig.cli;

import io.fluxrig.spec.SpecDoc;
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

/** {@code fluxrig spec doc}. */
@Command(
        name = "doc",
        description = "Writes the protocol's reference from its spec: one file, for the screen and for paper.",
        footer = {"", "Example: fluxrig spec doc payments.yaml --format html --scope public --out payments.html"},
        mixinStandardHelpOptions = true)
final class SpecDocCommand implements Callable<Integer> {
    @picocli.CommandLine.Spec
    private CommandSpec command;

    @Parameters(paramLabel = "FILE", description = "a spec in YAML, or a reference in the store")
    private String file;

    @Mixin
    private DataOption data;

    @Option(names = "--format", paramLabel = "html|markdown", required = true, description = "${COMPLETION-CANDIDATES}")
    private SpecDoc.Form format;

    @Option(
            names = "--scope",
            paramLabel = "public|complete",
            defaultValue = "public",
            description = "public leaves out what the spec calls private (default: public)")
    private SpecDoc.Scope scope;

    @Option(names = "--out", paramLabel = "FILE", description = "where to write it (default: standard output)")
    private Optional<Path> out = Optional.empty();

    @Override
    public Integer call() throws IOException {
        String text = SpecDoc.of(SpecSources.open(file, data), format, scope);
        PrintWriter told = command.commandLine().getOut();
        if (out.isPresent()) {
            Files.write(out.get(), text.getBytes(StandardCharsets.UTF_8));
            told.println(out.get());
        } else {
            told.print(text);
        }
        told.flush();
        return 0;
    }
}
