package io.fluxrig.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fluxrig.gear.GearTypes;
import io.fluxrig.replay.Replay;
import io.fluxrig.replay.ReplayReport;
import io.fluxrig.scenario.GearJars;
import io.fluxrig.signal.FluxId;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code fluxrig audit replay}. */
@Command(
        name = "replay",
        description =
                "Drives the recorded signals again through the scenario that was in force and compares what comes out; nothing reaches outside.",
        footer = {
            "",
            "Exit codes: 0 identical, 6 different.",
            "Example: fluxrig audit replay --data ./fluxrig-data --json"
        },
        mixinStandardHelpOptions = true)
final class AuditReplayCommand implements Callable<Integer> {
    private static final int DIFFERENT = 6;

    @Mixin
    private RackChoice choice;

    @Option(names = "--gears", paramLabel = "DIR", description = "jars with custom gears")
    private Optional<Path> gears = Optional.empty();

    @Option(names = "--json", description = "one document on standard output")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        long[] told = {System.nanoTime()};
        // Gears that log would tell the past as if it were now.
        Logging.silenceGears();
        GearJars jars = gears.map(GearJars::load).orElseGet(GearJars::none);
        GearTypes types =
                GearTypes.load(AuditReplayCommand.class.getClassLoader()).and(jars.types());
        ReplayReport report = Replay.run(choice.files(), choice.keys(), types, leaves -> {
            if (System.nanoTime() - told[0] > 1_000_000_000L) {
                told[0] = System.nanoTime();
                err.printf("%,d leaves replayed%n", leaves);
                err.flush();
            }
        });
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(toJson(report));
        } else {
            out.printf(
                    "%,d leaves, %,d handlings driven again, %,d taken from outside as recorded%n",
                    report.leaves(), report.handlings(), report.outside());
            report.differences()
                    .forEach(d -> out.printf(
                            "  leaf %d, signal %s, gear %s: %s%n",
                            d.leaf(), FluxId.text(d.signal()), d.gear(), d.what()));
            out.println(report.differences().isEmpty() ? "identical" : report.differenceCount() + " differences");
        }
        out.flush();
        return report.differenceCount() == 0 ? 0 : DIFFERENT;
    }

    private static ObjectNode toJson(ReplayReport report) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("identical", report.differenceCount() == 0);
        node.put("leaves", report.leaves()).put("handlings", report.handlings()).put("outside", report.outside());
        node.put("differences", report.differenceCount());
        ArrayNode first = node.putArray("first");
        report.differences()
                .forEach(d -> first.addObject()
                        .put("leaf", d.leaf())
                        .put("signal", FluxId.text(d.signal()))
                        .put("gear", d.gear())
                        .put("what", d.what()));
        return node;
    }
}
