package io.fluxrig.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code fluxrig scenario history}. */
@Command(
        name = "history",
        description = "Lists the scenarios that were pushed, and what the Racks made of them.",
        footer = {"", "Example: fluxrig scenario history"},
        mixinStandardHelpOptions = true)
final class ScenarioHistoryCommand implements Callable<Integer> {

    @Mixin
    private Api api;

    @Option(names = "--json", description = "one document on standard output")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        JsonNode history = api.get("scenarios");
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(history);
        } else {
            history.path("scenarios")
                    .forEach(s -> out.printf(
                            "%s %s serial %d %s%s%s%n",
                            s.path("name").asText(),
                            s.path("version").asText(),
                            s.path("serial").asLong(),
                            s.path("identity").asText(),
                            s.path("wanted").asBoolean() ? " (runs)" : "",
                            s.has("returns")
                                    ? " (brings back "
                                            + s.get("returns").asText().substring(0, 16) + "...)"
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
        out.flush();
        return 0;
    }
}
