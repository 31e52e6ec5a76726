package io.fluxrig.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.fluxrig.signal.FluxException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fluxrig racks show}. */
@Command(
        name = "show",
        description = "Shows what the Mixer knows of one Rack.",
        footer = {"", "Example: fluxrig racks show rack-b --json"},
        mixinStandardHelpOptions = true)
final class RacksShowCommand implements Callable<Integer> {
    @Parameters(paramLabel = "NAME", description = "the Rack")
    private String name;

    @Mixin
    private Api api;

    @Option(names = "--json", description = "one document on standard output")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        for (JsonNode rack : api.get("racks").path("racks")) {
            if (rack.path("rack").asText().equals(name)) {
                PrintWriter out = spec.commandLine().getOut();
                if (json) {
                    out.println(rack);
                    out.flush();
                } else {
                    RackLines.one(rack, out);
                }
                return 0;
            }
        }
        throw new FluxException(CliError.NO_RACK, "'" + name + "' has never asked");
    }
}
