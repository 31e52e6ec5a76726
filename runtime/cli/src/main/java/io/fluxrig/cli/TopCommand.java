package io.fluxrig.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code fluxrig top}. */
@Command(
        name = "top",
        description = "A node as it works, one line a second; --json prints one document and ends.",
        footer = {"", "Example: fluxrig top --api http://127.0.0.1:8090"},
        mixinStandardHelpOptions = true)
final class TopCommand implements Callable<Integer> {
    @Mixin
    private Api api;

    @Option(names = "--count", paramLabel = "N", description = "end after so many lines (default: never)")
    private long count = Long.MAX_VALUE;

    @Option(names = "--json", description = "one document on standard output")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        JsonNode before = api.get("node");
        long at = System.nanoTime();
        for (long line = 0; line < count; line++) {
            Thread.sleep(1_000);
            JsonNode now = api.get("node");
            long then = System.nanoTime();
            double seconds = (then - at) / 1e9;
            double leaves = grown(before, now, "leaves") / seconds;
            double bytes = grown(before, now, "bytes") / seconds;
            if (json) {
                ((ObjectNode) now).put("leavesPerSecond", Math.round(leaves)).put("bytesPerSecond", Math.round(bytes));
                out.println(now);
                out.flush();
                return 0;
            }
            out.printf("%s   %,.0f leaves/s   %,.0f KiB/s%n", StatusCommand.line(now), leaves, bytes / 1024);
            out.flush();
            before = now;
            at = then;
        }
        return 0;
    }

    private static long grown(JsonNode before, JsonNode now, String what) {
        return now.path("vault").path(what).asLong()
                - before.path("vault").path(what).asLong();
    }
}
