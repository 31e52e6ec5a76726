package io.fluxrig.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fluxrig signals show}. */
@Command(
        name = "show",
        description = "Shows one signal as the Mixer knows it, and those that answer it.",
        footer = {"", "Example: fluxrig signals show 01ABCDEFGHJKM"},
        mixinStandardHelpOptions = true)
final class SignalsShowCommand implements Callable<Integer> {
    @Mixin
    private Api api;

    @Parameters(paramLabel = "ID", arity = "0..1", description = "the signal's fluxID")
    private Optional<String> id = Optional.empty();

    @Option(names = "--id", paramLabel = "ID", description = "the same")
    private Optional<String> named = Optional.empty();

    @Option(
            names = {"--json", "--json-lines"},
            description = "one document on standard output")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        String wanted = id.or(() -> named)
                .orElseThrow(() -> new ParameterException(spec.commandLine(), "give the signal's fluxID"));
        JsonNode found = api.get(
                "signals/" + URLEncoder.encode(wanted, StandardCharsets.UTF_8).replace("+", "%20"));
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(found);
        } else {
            found.path("signals").forEach(s -> show(out, s));
            found.path("answers").forEach(s -> out.println("answered by " + SignalsCommand.line(s)));
        }
        out.flush();
        return 0;
    }

    private static void show(PrintWriter out, JsonNode signal) {
        ((ObjectNode) signal)
                .properties()
                .forEach(field ->
                        out.printf("%-8s %s%n", field.getKey(), field.getValue().asText()));
    }
}
