package io.fluxrig.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;

/** {@code fluxrig signals}. */
@Command(
        name = "signals",
        description = "What the Mixer knows about signals: facts, no payloads.",
        subcommands = {SignalsListCommand.class, SignalsShowCommand.class},
        mixinStandardHelpOptions = true)
final class SignalsCommand {
    /** A signal on one line. */
    static String line(JsonNode signal) {
        StringBuilder line = new StringBuilder()
                .append(signal.path("id").asText())
                .append("  ")
                .append(signal.path("entered").asText())
                .append("  ")
                .append(signal.path("rack").asText())
                .append("  ")
                .append(String.format("%-8s", signal.path("outcome").asText()));
        for (String key : new String[] {"code", "ref", "trace"}) {
            if (signal.has(key)) {
                line.append("  ").append(key).append(' ').append(signal.get(key).asText());
            }
        }
        return line.toString();
    }
}
