package io.fluxrig.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import picocli.CommandLine.Command;

/** {@code fluxrig scenario status}. */
@Command(
        name = "status",
        description = "Tells which scenario each Rack runs.",
        footer = {"", "Example: fluxrig scenario status --json"})
final class ScenarioStatusCommand extends ApiAnswer {
    @Override
    JsonNode ask(Api api) {
        return api.get("status");
    }

    @Override
    void print(JsonNode status, PrintWriter out) {
        status.path("racks")
                .forEach(r -> out.printf(
                        "%s runs %s serial %d, identity %s%s%n",
                        r.path("rack").asText(),
                        r.path("scenario").asText(),
                        r.path("serial").asLong(),
                        r.path("identity").asText(),
                        status.has("wanted") && !status.get("wanted").equals(r.get("identity"))
                                ? " (wanted is " + status.get("wanted").asText().substring(0, 16) + "...)"
                                : ""));
    }
}
