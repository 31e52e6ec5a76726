package io.fluxrig.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fluxrig.signal.FluxException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code fluxrig status}. */
@Command(
        name = "status",
        description =
                "Tells how a node is: its Rack, its vault, its certificate, the members it sees and what every Rack runs.",
        footer = {"", "Example: fluxrig status --api http://127.0.0.1:8090"},
        mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
    @Mixin
    private Api api;

    @Option(names = "--json", description = "one document on standard output")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        ObjectNode node = (ObjectNode) api.get("node");
        JsonNode site = site();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            node.setAll((ObjectNode) site);
            out.println(node);
        } else {
            print(node, site, out);
        }
        out.flush();
        return 0;
    }

    /** What only the Mixer knows; while it is away, why. */
    private JsonNode site() {
        try {
            return api.get("status");
        } catch (FluxException away) {
            return JsonNodeFactory.instance.objectNode().put("mixer", away.line());
        } catch (Api.ToldByNode away) {
            return JsonNodeFactory.instance.objectNode().put("mixer", away.getMessage());
        }
    }

    private static void print(JsonNode node, JsonNode site, PrintWriter out) {
        out.println(line(node));
        if (!node.path("degraded").asText().isEmpty()) {
            out.println("  degraded: " + node.path("degraded").asText());
        }
        node.path("links")
                .properties()
                .forEach(link -> out.printf(
                        "  link %s %s%n", link.getKey(), link.getValue().asText()));
        JsonNode vault = node.path("vault");
        out.printf(
                "  vault %,d leaves, %,d not yet under a checkpoint; %,d MiB free on its disk%n",
                vault.path("leaves").asLong(),
                vault.path("durable").asLong() - vault.path("sealed").asLong(),
                node.path("freeDiskBytes").asLong() >> 20);
        if (node.path("draining").asInt() > 0) {
            out.printf(
                    "  %d changes of scenario are still draining%n",
                    node.path("draining").asInt());
        }
        if (node.path("cutShort").asLong() > 0) {
            out.printf(
                    "  %,d signals and exchanges were cut short by the end of a drain since the start%n",
                    node.path("cutShort").asLong());
        }
        if (node.path("backlog").path("leaves").asLong() > 0) {
            out.printf(
                    "  %,d leaves the Mixer has not heard of, the oldest for %,d s%n",
                    node.path("backlog").path("leaves").asLong(),
                    node.path("backlog").path("ageSeconds").asLong());
        }
        node.path("wires").forEach(wire -> out.println("  " + wire(wire)));
        node.path("movable").forEach(rack -> out.println("  " + movable(rack)));
        if (node.path("tapDropped").asLong() > 0) {
            out.printf(
                    "  telemetry dropped %,d facts since the start%n",
                    node.path("tapDropped").asLong());
        }
        if (node.has("certificate")) {
            JsonNode certificate = node.path("certificate");
            out.println(
                    certificate.has("why")
                            ? "  certificate: " + certificate.path("why").asText()
                            : "  certificate good for "
                                    + certificate.path("daysLeft").asLong() + " days");
        }
        node.path("members")
                .forEach(member -> out.printf(
                        "  member %s %s%s %s%s%n",
                        member.path("address").asText(),
                        member.path("status").asText(),
                        member.path("reachable").asBoolean() ? "" : " UNREACHABLE",
                        member.path("roles"),
                        member.path("address").equals(node.path("mixerOn")) ? ", the Mixer is here" : ""));
        if (node.has("noCluster")) {
            out.println("  no cluster: " + node.path("noCluster").asText());
        }
        if (site.has("mixer")) {
            out.println("  the Mixer does not answer: " + site.path("mixer").asText());
        }
        site.path("racks")
                .forEach(rack -> out.printf(
                        "  %s runs %s serial %d, %s%s%n",
                        rack.path("rack").asText(),
                        rack.path("scenario").asText(),
                        rack.path("serial").asLong(),
                        rack.path("identity").asText(),
                        rack.has("node") ? ", on " + rack.path("node").asText() : ""));
        site.path("away").forEach(rack -> out.println("  " + away(rack.asText())));
    }

    private static String away(String rack) {
        return rack + " is not here; a pinned Rack waits for its node: 'fluxrig racks show " + rack
                + "' tells how it is moved";
    }

    private static String movable(JsonNode rack) {
        String why = rack.path("why").asText();
        return "movable %s %s%s"
                .formatted(
                        rack.path("rack").asText(),
                        rack.path("here").asBoolean()
                                ? "here: " + rack.path("phase").asText()
                                : "elsewhere",
                        why.isEmpty() ? "" : " (" + why + ")");
    }

    private static String wire(JsonNode wire) {
        String why = wire.path("why").asText();
        long backlog = wire.path("backlog").asLong();
        return "wire %s to %s %s%s%s"
                .formatted(
                        wire.path("wire").asText(),
                        wire.path("rack").asText(),
                        wire.path("state").asText(),
                        backlog == 0
                                ? ""
                                : ", %,d signals wait, the oldest for %,d s"
                                        .formatted(
                                                backlog, wire.path("ageSeconds").asLong()),
                        why.isEmpty() ? "" : ": " + why);
    }

    /** The most important in one line. */
    static String line(JsonNode node) {
        String why = node.path("why").asText();
        return "%s of %s: %s%s, %d in flight"
                .formatted(
                        node.path("rack").asText(),
                        node.path("site").asText(),
                        node.path("phase").asText(),
                        why.isEmpty() ? "" : " (" + why + ")",
                        node.path("inFlight").asInt());
    }
}
