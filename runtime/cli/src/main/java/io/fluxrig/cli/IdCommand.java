package io.fluxrig.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxId;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fluxrig id ...}. */
@Command(
        name = "id",
        description = "Takes fluxIDs apart.",
        footer = {"", "Example: fluxrig id decode 01ZJ8Q0G00001"},
        mixinStandardHelpOptions = true)
final class IdCommand {
    @Spec
    private CommandSpec spec;

    @Command(
            name = "decode",
            description = "Tells time, machine and sequence of a fluxID.",
            footer = {"", "Example: fluxrig id decode 01ZJ8Q0G00001"},
            mixinStandardHelpOptions = true)
    int decode(
            @Parameters(arity = "0..1", paramLabel = "FLUXID", description = "13 characters, or a decimal number")
                    String id,
            @Option(names = "--lines", description = "one id a line from standard input, one answer a line")
                    boolean lines,
            @Option(names = "--json", description = "one document on standard output") boolean json)
            throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        if (lines) {
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                out.println(answer(line.strip()));
            }
        } else if (id == null) {
            throw new ParameterException(
                    spec.commandLine().getSubcommands().get("decode"), "give a fluxID, or --lines");
        } else if (json) {
            out.println(toJson(FluxId.parse(id)));
        } else {
            long value = FluxId.parse(id);
            out.printf(
                    "%s  time %s  machine %d  sequence %d  decimal %d%n",
                    FluxId.text(value), FluxId.time(value), FluxId.machine(value), FluxId.sequence(value), value);
        }
        out.flush();
        return 0;
    }

    private static ObjectNode answer(String line) {
        try {
            return toJson(FluxId.parse(line));
        } catch (FluxException bad) {
            return JsonNodeFactory.instance
                    .objectNode()
                    .put("error", bad.code().code())
                    .put("what", bad.what());
        }
    }

    private static ObjectNode toJson(long id) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", FluxId.text(id))
                .put("decimal", Long.toString(id))
                .put("time", FluxId.time(id).toString())
                .put("machine", FluxId.machine(id))
                .put("sequence", FluxId.sequence(id));
    }
}
