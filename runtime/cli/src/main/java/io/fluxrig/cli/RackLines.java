package io.fluxrig.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.List;

/** Racks as people read them. */
final class RackLines {
    private static final List<String> MOVING = List.of(
            "  is not here: a movable Rack is about to be hosted elsewhere, a pinned one waits for its node.",
            "  Is its machine lost for good, and surely off? Its data directory moves, whole, and the same Rack starts there:",
            "    FLUXRIG_RACK=%s FLUXRIG_DATA=DIR fluxrig run",
            "  In Kubernetes its volume follows when the machine is marked as off:",
            "    kubectl taint nodes MACHINE node.kubernetes.io/out-of-service=nodeshutdown:NoExecute",
            "  Started twice, it is found out by its checkpoints and quarantined.");

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
            MOVING.forEach(line -> out.println(line.formatted(rack.path("rack").asText())));
        }
    }

    private static void line(JsonNode rack, String key, String words, PrintWriter out) {
        String value = rack.path(key).asText();
        if (!value.isEmpty()) {
            out.printf("  %-12s %s%n", words, value);
        }
    }
}
