package io.fluxrig.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code fluxrig racks list}. */
@Command(
        name = "list",
        description = "Lists every Rack that the Mixer knows: pending, approved, suspended and removed.",
        footer = {"", "Example: fluxrig racks list --api http://127.0.0.1:8090"},
        mixinStandardHelpOptions = true)
final class RacksListCommand implements Callable<Integer> {
    @Mixin
    private Api api;

    @Option(names = "--json", description = "one document on standard output")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        JsonNode told = api.get("racks");
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(told);
            out.flush();
        } else {
            RackLines.list(told.path("racks"), out);
        }
        return 0;
    }
}
