package io.fluxrig.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What {@code racks approve|suspend|remove} have in common. */
@Command(mixinStandardHelpOptions = true)
abstract class RackOrder implements Callable<Integer> {
    @Parameters(paramLabel = "NAME", description = "the Rack")
    private String name;

    @Mixin
    private Api api;

    @Option(names = "--json", description = "one document on standard output")
    private boolean json;

    @Spec
    private CommandSpec spec;

    /** As the API names it. */
    abstract String order();

    /** For whoever asks later; empty for none. */
    abstract String reason();

    @Override
    public Integer call() {
        String path =
                "racks/" + encoded(name) + "/" + order() + (reason().isEmpty() ? "" : "?reason=" + encoded(reason()));
        JsonNode rack = api.post(path, new byte[0]);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(rack);
            out.flush();
        } else {
            RackLines.one(rack, out);
        }
        return 0;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
