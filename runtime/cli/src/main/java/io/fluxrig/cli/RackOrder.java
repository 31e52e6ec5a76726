package io.fluxrig.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Parameters;

/** What {@code racks approve|suspend|remove} have in common. */
abstract class RackOrder extends ApiAnswer {
    @Parameters(paramLabel = "NAME", description = "the Rack")
    private String name;

    /** As the API names it. */
    abstract String order();

    /** For whoever asks later; empty for none. */
    abstract String reason();

    @Override
    final JsonNode ask(Api api) {
        String why = reason().isEmpty() ? "" : "?reason=" + encoded(reason());
        return api.post("racks/" + encoded(name) + "/" + order() + why, new byte[0]);
    }

    @Override
    final void print(JsonNode rack, PrintWriter out) {
        RackLines.one(rack, out);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
