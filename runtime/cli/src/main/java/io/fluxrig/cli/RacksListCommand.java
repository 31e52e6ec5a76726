package io.fluxrig.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import picocli.CommandLine.Command;

/** {@code fluxrig racks list}. */
@Command(
        name = "list",
        description = "Lists every Rack that the Mixer knows: pending, approved, suspended and removed.",
        footer = {"", "Example: fluxrig racks list --api http://127.0.0.1:8090"})
final class RacksListCommand extends ApiAnswer {
    @Override
    JsonNode ask(Api api) {
        return api.get("racks");
    }

    @Override
    void print(JsonNode told, PrintWriter out) {
        RackLines.list(told.path("racks"), out);
    }
}
