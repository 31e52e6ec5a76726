package io.fluxrig.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code fluxrig signals list}. */
@Command(
        name = "list",
        description = "Lists signals that the Mixer knows, the newest first.",
        footer = {
            "",
            "Examples: fluxrig signals list --outcome failed --since 2026-11-23T00:00:00Z",
            "          fluxrig signals list --rack rack-a --code FLX-6002 --json-lines"
        },
        mixinStandardHelpOptions = true)
final class SignalsListCommand implements Callable<Integer> {
    @Mixin
    private Api api;

    @Option(names = "--rack", paramLabel = "NAME", description = "of this Rack")
    private Optional<String> rack = Optional.empty();

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "that entered then or later, such as 2026-11-23T10:00:00Z")
    private Optional<String> since = Optional.empty();

    @Option(names = "--until", paramLabel = "TIME", description = "that entered before")
    private Optional<String> until = Optional.empty();

    @Option(names = "--outcome", paramLabel = "OUTCOME", description = "open, sent, consumed, handed-over or failed")
    private Optional<String> outcome = Optional.empty();

    @Option(names = "--code", paramLabel = "FLX-nnnn", description = "that failed for this reason")
    private Optional<String> code = Optional.empty();

    @Option(names = "--trace", paramLabel = "HEX", description = "of this W3C trace")
    private Optional<String> trace = Optional.empty();

    @Option(names = "--id", paramLabel = "ID", description = "with this fluxID")
    private Optional<String> id = Optional.empty();

    @Option(names = "--limit", paramLabel = "N", description = "at most so many, up to 10000 (default: 100)")
    private Optional<String> limit = Optional.empty();

    @Option(names = "--json", description = "one document on standard output")
    private boolean json;

    @Option(names = "--json-lines", description = "one JSON object a line")
    private boolean jsonLines;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        JsonNode found = api.get("signals" + question());
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(found);
        } else {
            found.path("signals").forEach(s -> out.println(jsonLines ? s : SignalsCommand.line(s)));
        }
        out.flush();
        return 0;
    }

    private String question() {
        Map<String, Optional<String>> all = new TreeMap<>(Map.of(
                "rack", rack, "since", since, "until", until, "outcome", outcome, "code", code, "trace", trace, "id",
                id, "limit", limit));
        String question = all.entrySet().stream()
                .filter(e -> e.getValue().isPresent())
                .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue().get(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return question.isEmpty() ? "" : "?" + question;
    }
}
