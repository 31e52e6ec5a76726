package io.fluxrig.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import picocli.CommandLine.Command;

/** {@code fluxrig scenario history}. */
@Command(
        name = "history",
        description = "Lists the scenarios that were pushed, and what the Racks made of them.",
        footer = {"", "Example: fluxrig scenario history"})
final class ScenarioHistoryCommand extends ApiAnswer {
    @Override
    JsonNode ask(Api api) {
        return api.get("scenarios");
    }

    @Override
    void print(JsonNode history, PrintWriter out) {
        history.path("scenarios")
                .forEach(s -> out.printf(
                        "%s %s serial %d %s%s%s%n",
                        s.path("name").asText(),
                        s.path("version").asText(),
                        s.path("serial").asLong(),
                        s.path("identity").asText(),
                        s.path("wanted").asBoolean() ? " (runs)" : "",
                        s.has("returns")
                                ? " (brings back " + s.get("returns").asText().substring(0, 16) + "...)"
                                : ""));
        history.path("events")
                .forEach(e -> out.printf(
                        "%s %-8s %s %s %s%n",
                        e.path("at").asText(),
                        e.path("event").asText(),
                        e.path("identity").asText().substring(0, 16),
                        e.path("rack").asText(),
                        e.path("why").asText()));
    }
}
