package io.fluxrig.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Tells what Racks made of an artifact, in words. */
final class Rollouts {
    private static final List<String> FATES = List.of("kept", "changed", "started", "stopped");

    private Rollouts() {}

    /** Returns the exit code: of the first Rack that refused, 0 where none did. */
    static int tell(JsonNode done, boolean json, PrintWriter out, PrintWriter err) {
        if (json) {
            out.println(done);
        } else {
            out.printf(
                    "%s serial %d, identity %s%n",
                    done.path("name").asText(),
                    done.path("serial").asLong(),
                    done.path("identity").asText());
        }
        int exit = 0;
        for (JsonNode rack : done.path("racks")) {
            JsonNode error = rack.path("error");
            if (!error.isMissingNode() && exit == 0) {
                exit = error.path("exit").asInt(1);
            }
            if (!error.isMissingNode()) {
                err.println(
                        rack.path("rack").asText() + ": " + error.path("line").asText());
            } else if (!json) {
                tellRack(rack, out);
            }
        }
        out.flush();
        err.flush();
        return exit;
    }

    private static void tellRack(JsonNode rack, PrintWriter out) {
        String name = rack.path("rack").asText();
        if (rack.path("verdict").asText().equals("in-force")) {
            out.printf("%s: in force%n", name);
            return;
        }
        if (rack.has("pauseMicros")) {
            out.printf(
                    "%s: running; the change took %.1f ms%n",
                    name, rack.path("pauseMicros").asLong() / 1000.0);
            return;
        }
        out.printf("%s: verified, not activated%n", name);
        plan(rack.path("plan"), out);
        out.printf(
                "  signals inside now: %d, exchanges that wait for replies: %d; what goes may drain for %s s, and what it has not finished then is answered or fails (FLX-4041)%n",
                rack.path("inFlight").asInt(),
                rack.path("openExchanges").asLong(),
                rack.path("drainTimeoutMs").asLong() / 1000.0);
    }

    static void plan(JsonNode plan, PrintWriter out) {
        for (String fate : FATES) {
            List<String> names = texts(plan.path(fate));
            if (!names.isEmpty()) {
                out.printf("  %-8s %s%n", fate, String.join(", ", names));
            }
        }
        plan.path("sockets")
                .forEach(socket -> out.printf(
                        "  socket   %s is %s%n",
                        socket.path("resource").asText(),
                        switch (socket.path("fate").asText()) {
                            case "kept" -> "kept, its connections too";
                            case "handed-over" -> "handed over open, its connections too";
                            case "opened" -> "opened";
                            default -> "closed, its connections at the end of the drain";
                        }));
        texts(plan.path("wiresAdded")).forEach(wire -> out.println("  wire     + " + wire));
        texts(plan.path("wiresRemoved")).forEach(wire -> out.println("  wire     - " + wire));
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(item -> texts.add(item.asText()));
        return texts;
    }
}
