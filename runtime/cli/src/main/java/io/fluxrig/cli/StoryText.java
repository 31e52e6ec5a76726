package io.fluxrig.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.stream.Collectors;

/** A signal's leaves with what their messages hold, for people. */
final class StoryText {
    private StoryText() {}

    static void print(JsonNode leaves, PrintWriter out) {
        for (JsonNode leaf : leaves) {
            out.println(AuditListCommand.line(leaf));
            leaf.path("data").properties().forEach(field -> row(out, leaf, field.getKey(), shown(field.getValue())));
            leaf.path("neverStored").forEach(path -> row(out, leaf, path.asText(), "never stored"));
            if (leaf.has("sealed")) {
                out.println(
                        "            sealed: its data key is not here, or was destroyed ('audit verify' tells), or nobody could mask it: its spec is not here");
            }
        }
    }

    private static void row(PrintWriter out, JsonNode leaf, String key, String value) {
        out.printf(
                "            %-4s %-34s %s%n", key, leaf.path("names").path(key).asText(), value);
    }

    private static String shown(JsonNode value) {
        return value.isObject()
                ? value.properties().stream()
                        .map(part -> part.getKey() + "=" + shown(part.getValue()))
                        .collect(Collectors.joining(" "))
                : value.asText();
    }
}
