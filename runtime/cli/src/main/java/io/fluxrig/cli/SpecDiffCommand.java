package io.fluxrig.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fluxrig.signal.ErrorCode;
import io.fluxrig.spec.SpecDiff;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fluxrig spec diff}. */
@Command(
        name = "diff",
        description = "Says in words what changed on the wire, in meaning and in rules; exits 6 where anything did.",
        footer = {"", "Example: fluxrig spec diff payments:1.0.0 payments.yaml"},
        mixinStandardHelpOptions = true)
final class SpecDiffCommand implements Callable<Integer> {
    @picocli.CommandLine.Spec
    private CommandSpec command;

    @Parameters(index = "0", paramLabel = "OLD", description = "a file, or a reference in the store")
    private String before;

    @Parameters(index = "1", paramLabel = "NEW", description = "a file, or a reference in the store")
    private String after;

    @Mixin
    private DataOption data;

    @Option(names = "--json", description = "one document on standard output")
    private boolean json;

    @Override
    public Integer call() {
        List<SpecDiff.Change> changes = SpecDiff.between(SpecSources.open(before, data), SpecSources.open(after, data));
        PrintWriter out = command.commandLine().getOut();
        if (json) {
            ObjectNode document = JsonNodeFactory.instance.objectNode().put("different", !changes.isEmpty());
            ArrayNode all = document.putArray("changes");
            changes.forEach(change -> all.addObject()
                    .put("area", change.area().word())
                    .put("subject", change.subject())
                    .put("what", change.what()));
            out.println(document);
        } else if (changes.isEmpty()) {
            out.println("the same on the wire, in meaning and in rules");
        } else {
            text(changes, out);
        }
        out.flush();
        return changes.isEmpty() ? 0 : ErrorCode.Category.DIFFERENT.exitCode();
    }

    private static void text(List<SpecDiff.Change> changes, PrintWriter out) {
        for (SpecDiff.Area area : SpecDiff.Area.values()) {
            List<SpecDiff.Change> here =
                    changes.stream().filter(c -> c.area() == area).toList();
            if (!here.isEmpty()) {
                out.println(area.word());
                here.forEach(change -> out.println("  "
                        + (change.subject().equals("-") ? "" : change.subject() + ": ")
                        + Findings.plain(change.what())));
            }
        }
    }
}
