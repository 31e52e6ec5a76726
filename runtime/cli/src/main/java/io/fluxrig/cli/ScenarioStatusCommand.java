package io.fluxrig.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code fluxrig scenario status}. */
@Command(
        name = "status",
        description = "Tells which scenario each Rack runs.",
        footer = {"", "Example: fluxrig scenario status --json"},
        mixinStandardHelpOptions = true)
final class ScenarioStatusCommand implements Callable<Integer> {

    @Mixin
    private Api api;

    @Option(names = "--json", description = "one document on standard output")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        JsonNode status = api.get("status");
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(status);
        } else {
            status.path("racks")
                    .forEach(r -> out.printf(
                            "%s runs %s serial %d, identity %s%s%n",
                            r.path("rack").asText(),
                            r.path("scenario").asText(),
                            r.path("serial").asLong(),
                            r.path("identity").asText(),
                            status.has("wanted") && !status.get("wanted").equals(r.get("identity"))
                                    ? " (wanted is "
                                            + status.get("wanted").asText().substring(0, 16) + "...)"
                                    : ""));
        }
        out.flush();
        return 0;
    }
}
