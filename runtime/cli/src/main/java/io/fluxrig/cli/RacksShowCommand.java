package io.fluxrig.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.fluxrig.signal.FluxException;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code fluxrig racks show}. */
@Command(
        name = "show",
        description = "Shows what the Mixer knows of one Rack.",
        footer = {"", "Example: fluxrig racks show rack-b --json"})
final class RacksShowCommand extends ApiAnswer {
    @Parameters(paramLabel = "NAME", description = "the Rack")
    private String name;

    @Override
    JsonNode ask(Api api) {
        for (JsonNode rack : api.get("racks").path("racks")) {
            if (rack.path("rack").asText().equals(name)) {
                return rack;
            }
        }
        throw new FluxException(CliError.NO_RACK, "'" + name + "' has never asked");
    }

    @Override
    void print(JsonNode rack, PrintWriter out) {
        RackLines.one(rack, out);
    }
}
