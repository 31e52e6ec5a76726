package io.fluxrig.cli;

import io.fluxrig.spec.SpecSchema;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/** {@code fluxrig spec schema}. */
@Command(
        name = "schema",
        description = "Prints the JSON Schema of spec files, for editors.",
        footer = {"", "Example: fluxrig spec schema > spec.schema.json"},
        mixinStandardHelpOptions = true)
final class SpecSchemaCommand implements Callable<Integer> {
    @picocli.CommandLine.Spec
    private CommandSpec command;

    @Override
    public Integer call() {
        PrintWriter out = command.commandLine().getOut();
        out.print(SpecSchema.json());
        out.flush();
        return 0;
    }
}
