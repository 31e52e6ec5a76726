package io.fluxrig.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;

/** Racks as people read them. */
final class RackLines {
    private RackLines() {}

    static void list(JsonNode racks, PrintWriter out) {
        if (racks.isEmpty()) {
            out.println("no Rack has ever asked");
        }
        for (JsonNode rack : racks) {
            out.printf(
                    "%-20s %-10s %s%n",
                    rack.path("rack").asText(), rack.path("standing").asText(), what(rack));
        }
    }

    private static String what(JsonNode rack) {
        String name = rack.path("rack").asText();
        if (rack.has("quarantined")) {
            return "quarantined: " + rack.path("quarantined").asText();
        }
        return switch (rack.path("standing").asText()) {
            case "pending" -> "since " + rack.path("since").asText() + ": fluxrig racks approve " + name;
            case "approved" ->
                rack.path("here").asBoolean()
                        ? "runs " + rack.path("scenario").asText() + ", serial "
                                + rack.path("serial").asLong()
                        : "is not here";
            default ->
                "by " + rack.path("by").asText() + " at " + rack.path("since").asText()
                        + (rack.path("why").asText().isEmpty()
                                ? ""
                                : ": " + rack.path("why").asText());
        };
    }

    static void one(JsonNode rack, PrintWriter out) {
        out.printf("%s: %s%n", rack.path("rack").asText(), rack.path("standing").asText());
        line(rack, "since", "since", out);
        line(rack, "by", "decided by", out);
        line(rack, "why", "because", out);
        line(rack, "entity", "entity", out);
        line(rack, "machine", "machine id", out);
        line(rack, "key", "public key", out);
        line(rack, "scenario", "runs", out);
        line(rack, "serial", "serial", out);
        line(rack, "quarantined", "quarantined", out);
        if (rack.path("standing").asText().equals("approved")
                && !rack.path("here").asBoolean()) {
            out.println(
                    "  is not here: a pinned Rack waits for its node; on another machine it needs its data directory, whole");
        }
    }

    private static void line(JsonNode rack, String key, String words, PrintWriter out) {
        String value = rack.path(key).asText();
        if (!value.isEmpty()) {
            out.printf("  %-12s %s%n", words, value);
        }
    }
}
