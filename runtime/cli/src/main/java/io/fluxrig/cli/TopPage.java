package io.fluxrig.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;

/** The page of {@code fluxrig top}: what its {@code --json} tells, for people. */
final class TopPage {
    private final JsonNode told;
    private final List<String> lines = new ArrayList<>();

    private TopPage(JsonNode told) {
        this.told = told;
    }

    static List<String> of(JsonNode told) {
        TopPage page = new TopPage(told);
        page.head();
        page.rates();
        page.vault();
        page.links();
        page.certificate();
        page.wires();
        page.racks();
        page.members();
        return page.lines.stream().map(Findings::plain).toList();
    }

    private void line(String format, Object... values) {
        lines.add(String.format(Locale.ROOT, format, values));
    }

    private void head() {
        line("%s   %s", StatusCommand.line(told), told.path("at").asText());
        trouble("silent", "the node does not answer, this is what it told last");
        trouble("degraded", "degraded");
        trouble("noCluster", "no cluster");
        trouble("mixer", "the Mixer does not answer");
        if (told.path("draining").asInt() > 0) {
            line(
                    "  %d changes of scenario are still draining",
                    told.path("draining").asInt());
        }
    }

    private void trouble(String key, String words) {
        if (!told.path(key).asText().isEmpty()) {
            line("  %s: %s", words, told.path(key).asText());
        }
    }

    private void rates() {
        line(
                "signals      %,.1f/s in, %,.1f/s refused, %,.1f/s failed; p50 %s, p99 %s",
                told.path("signalsPerSecond").asDouble(),
                told.path("refusedPerSecond").asDouble(),
                told.path("failedPerSecond").asDouble(),
                millis("p50Ms"),
                millis("p99Ms"));
    }

    private String millis(String key) {
        return told.has(key)
                ? String.format(Locale.ROOT, "%,.2f ms", told.path(key).asDouble())
                : "-";
    }

    private void vault() {
        JsonNode vault = told.path("vault");
        long durable = vault.path("durable").asLong();
        line(
                "vault        %,d leaves, %,d/s, %,d KiB/s; %,d MiB free on its disk",
                vault.path("leaves").asLong(),
                told.path("leavesPerSecond").asLong(),
                told.path("bytesPerSecond").asLong() >> 10,
                told.path("freeDiskBytes").asLong() >> 20);
        line(
                "  behind     %,d leaves not yet durable, %,d not yet under a checkpoint, %,d the Mixer has not heard of%s",
                Math.max(0, vault.path("leaves").asLong() - durable),
                Math.max(0, durable - vault.path("sealed").asLong()),
                told.path("backlog").path("leaves").asLong(),
                age(", the oldest for ", told.path("backlog").path("ageSeconds").asLong()));
    }

    private static String age(String words, long seconds) {
        return seconds == 0 ? "" : String.format(Locale.ROOT, "%s%,d s", words, seconds);
    }

    /** Those that are down first, since that is what one looks for. */
    private void links() {
        Map<String, List<String>> by = new TreeMap<>();
        told.path("links")
                .properties()
                .forEach(link -> by.computeIfAbsent(link.getValue().asText(), state -> new ArrayList<>())
                        .add(link.getKey()));
        List<String> words = new ArrayList<>();
        by.forEach((state, names) -> words.add(state + " " + String.join(", ", names)));
        if (!words.isEmpty()) {
            line("links        %s", String.join("; ", words));
        }
    }

    private void certificate() {
        JsonNode certificate = told.path("certificate");
        if (certificate.has("why")) {
            line("certificate  %s", certificate.path("why").asText());
        } else if (!certificate.isMissingNode()) {
            line("certificate  good for %,d days", certificate.path("daysLeft").asLong());
        }
    }

    /** The longest queue first. */
    private void wires() {
        List<List<String>> rows = new ArrayList<>();
        StreamSupport.stream(told.path("wires").spliterator(), false)
                .sorted(Comparator.comparingLong(
                        (JsonNode wire) -> -wire.path("backlog").asLong()))
                .forEach(wire -> rows.add(List.of(
                        wire.path("wire").asText(),
                        wire.path("rack").asText(),
                        wire.path("state").asText(),
                        String.format(Locale.ROOT, "%,d", wire.path("backlog").asLong()),
                        age("", wire.path("ageSeconds").asLong()),
                        wire.path("why").asText())));
        table(List.of("WIRE", "TO", "STATE", "BACKLOG", "OLDEST", ""), rows);
    }

    private void racks() {
        Map<String, ObjectNode> racks = new TreeMap<>();
        told.path("racks").forEach(rack -> {
            if (!rack.path("standing").asText().equals("removed")) {
                row(racks, rack.path("rack").asText()).put("state", seen(rack)).setAll((ObjectNode) rack);
            }
        });
        // How far a Rack is, knows the node that hosts it.
        told.path("movable").forEach(rack -> {
            ObjectNode row = row(racks, rack.path("rack").asText());
            if (rack.path("here").asBoolean()) {
                hosted(row, rack);
            } else if (!row.has("state")) {
                row.put("state", "elsewhere");
            }
        });
        hosted(row(racks, told.path("rack").asText()), told);
        List<List<String>> rows = new ArrayList<>();
        racks.forEach((name, rack) -> rows.add(List.of(
                name,
                rack.path("state").asText(),
                rack.path("scenario").asText(),
                rack.path("serial").asText(),
                rack.path("inFlight").asText(),
                rack.path("node").asText())));
        table(List.of("RACK", "STATE", "SCENARIO", "SERIAL", "IN FLIGHT", "NODE"), rows);
    }

    private static ObjectNode row(Map<String, ObjectNode> racks, String name) {
        return racks.computeIfAbsent(name, n -> JsonNodeFactory.instance.objectNode());
    }

    private static void hosted(ObjectNode row, JsonNode rack) {
        row.put("state", rack.path("phase").asText())
                .put("inFlight", rack.path("inFlight").asInt())
                .put("node", "this one");
        String identity = rack.path("scenario").asText();
        if (!row.has("scenario") && !identity.isEmpty()) {
            // What it is called is known to the Mixer alone.
            row.put("scenario", identity.substring(0, Math.min(12, identity.length())));
        }
    }

    /** As the Mixer sees it. */
    private static String seen(JsonNode rack) {
        if (rack.has("quarantined")) {
            return "quarantined";
        }
        String standing = rack.path("standing").asText();
        if (!standing.equals("approved")) {
            return standing;
        }
        return rack.path("here").asBoolean() ? "runs" : "missing";
    }

    private void members() {
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode member : told.path("members")) {
            List<String> roles = new ArrayList<>();
            member.path("roles").forEach(role -> roles.add(role.asText()));
            rows.add(List.of(
                    member.path("address").asText().replaceFirst("^pekko://[^@]*@", ""),
                    member.path("status").asText(),
                    member.path("reachable").asBoolean() ? "" : "UNREACHABLE",
                    String.join(", ", roles),
                    member.path("address").equals(told.path("mixerOn")) ? "the Mixer" : ""));
        }
        table(List.of("MEMBER", "STATUS", "", "ROLES", ""), rows);
    }

    /** Nothing where there are no rows. */
    private void table(List<String> head, List<List<String>> rows) {
        if (rows.isEmpty()) {
            return;
        }
        lines.add("");
        List<List<String>> all = new ArrayList<>(List.of(head));
        all.addAll(rows);
        for (List<String> row : all) {
            StringBuilder text = new StringBuilder();
            for (int column = 0; column < head.size(); column++) {
                int width = width(all, column);
                text.append(width == 0 ? "" : String.format("%-" + (width + 2) + "s", row.get(column)));
            }
            lines.add(text.toString().stripTrailing());
        }
    }

    private static int width(List<List<String>> rows, int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }
}
