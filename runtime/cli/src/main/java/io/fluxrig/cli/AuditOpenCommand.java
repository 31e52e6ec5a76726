package io.fluxrig.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.fluxrig.audit.Bundle;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fluxrig audit open}. */
@Command(
        name = "open",
        description = "Tells what an evidence bundle says it holds; 'audit verify' checks it.",
        footer = {"", "Example: fluxrig audit open day.evidence.zip"},
        mixinStandardHelpOptions = true)
final class AuditOpenCommand implements Callable<Integer> {
    @Parameters(paramLabel = "BUNDLE", description = "X.evidence.zip")
    private Path file;

    @Option(names = "--json", description = "one document on standard output")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try (Bundle bundle = Bundle.open(file)) {
            Bundle.Head head = bundle.head();
            int artifacts = bundle.under("artifacts/").size();
            int blobs = bundle.under("blobs/sha256/").size();
            int keys = bundle.under("keys/").size();
            if (json) {
                out.println(JsonNodeFactory.instance
                        .objectNode()
                        .put("site", head.site())
                        .put("rack", head.rack())
                        .put("rackId", head.rackId())
                        .put("generation", head.generation())
                        .put("from", head.from())
                        .put("to", head.to())
                        .put("treeSize", head.treeSize())
                        .put("artifacts", artifacts)
                        .put("specs", blobs)
                        .put("keys", keys));
            } else {
                out.printf(
                        "%s of site %s (%s, generation %d): leaves %d to %d of %d%n",
                        head.rack(),
                        head.site(),
                        head.rackId(),
                        head.generation(),
                        head.from(),
                        head.to(),
                        head.treeSize());
                out.printf(
                        "  %d scenario artifacts, %d specs, %s%n",
                        artifacts, blobs, keys == 0 ? "no keys: classified messages stay sealed" : keys + " data keys");
            }
            out.flush();
            return 0;
        }
    }
}
