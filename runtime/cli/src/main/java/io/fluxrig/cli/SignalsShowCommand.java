package io.fluxrig.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fluxrig.signal.FluxId;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
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
        description = {
            "Shows one signal as the Mixer knows it, and those that answer it.",
            "With --detail also what it holds, which the Rack that has it tells an auditor."
        },
        footer = {
            "",
            "Examples: fluxrig signals show 01ABCDEFGHJKM",
            "          fluxrig signals show 01ABCDEFGHJKM --detail --token-file alice.token",
            "          fluxrig signals show 01ABCDEFGHJKM --detail --reveal --reason 'dispute 7' --token-file alice.token"
        },
        mixinStandardHelpOptions = true)
final class SignalsShowCommand implements Callable<Integer> {
    @Mixin
    private Api api;

    @Parameters(paramLabel = "ID", arity = "0..1", description = "the signal's fluxID")
    private Optional<String> id = Optional.empty();

    @Option(names = "--id", paramLabel = "ID", description = "the same")
    private Optional<String> named = Optional.empty();

    @Option(
            names = "--detail",
            description = "also what the vault of each Rack that had it holds, masked; the Rack records who looked")
    private boolean detail;

    @Mixin
    private RevealOptions reveal;

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
        if (reveal.asked() && !detail) {
            throw new ParameterException(spec.commandLine(), "--reveal needs --detail");
        }
        ObjectNode found = (ObjectNode) api.get(
                "signals/" + URLEncoder.encode(wanted, StandardCharsets.UTF_8).replace("+", "%20"));
        int exit = detail ? addDetail(found, FluxId.parse(wanted)) : 0;
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(found);
        } else {
            found.path("signals").forEach(s -> show(out, s));
            found.path("answers").forEach(s -> out.println("answered by " + SignalsCommand.line(s)));
            found.path("detail").forEach(told -> StoryText.print(told.path("leaves"), out));
        }
        out.flush();
        return exit;
    }

    /** What each Rack that had it tells, or why it does not; returns the exit code that follows. */
    private int addDetail(ObjectNode found, long signal) {
        int exit = 0;
        Set<String> racks = new LinkedHashSet<>(found.path("signals").findValuesAsText("rack"));
        ArrayNode all = found.putArray("detail");
        for (String rack : racks) {
            try {
                all.add(reveal.ask(api, signal, Optional.of(rack), spec));
            } catch (Api.ToldByNode refused) {
                all.addObject().put("rack", rack).set("error", refused.error());
                PrintWriter err = spec.commandLine().getErr();
                err.println(refused.getMessage());
                err.flush();
                exit = refused.exitCode();
            }
        }
        return exit;
    }

    private static void show(PrintWriter out, JsonNode signal) {
        ((ObjectNode) signal)
                .properties()
                .forEach(field ->
                        out.printf("%-8s %s%n", field.getKey(), field.getValue().asText()));
    }
}
