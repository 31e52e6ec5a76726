package io.fluxrig.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fluxrig.audit.Bundle;
import io.fluxrig.gear.GearTypes;
import io.fluxrig.replay.Replay;
import io.fluxrig.replay.ReplayJob;
import io.fluxrig.replay.ReplayQuestion;
import io.fluxrig.replay.ReplayReport;
import io.fluxrig.replay.ReplayScope;
import io.fluxrig.scenario.GearJars;
import io.fluxrig.signal.FluxId;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fluxrig audit replay}. */
@Command(
        name = "replay",
        description =
                "Drives the recorded signals again through the scenario that was in force and compares what comes out; nothing reaches outside.",
        footer = {
            "",
            "Exit codes: 0 identical, 6 different.",
            "Examples: fluxrig audit replay --data ./fluxrig-data --json",
            "          fluxrig audit replay --data ./fluxrig-data --with next.scenario",
            "          fluxrig audit replay day.evidence.zip"
        },
        mixinStandardHelpOptions = true)
final class AuditReplayCommand implements Callable<Integer> {
    private static final int DIFFERENT = 6;

    @Parameters(
            paramLabel = "BUNDLE",
            arity = "0..1",
            description = "an evidence bundle with keys, instead of a data directory")
    private Optional<Path> bundle = Optional.empty();

    @Mixin
    private RackChoice choice;

    @Option(names = "--from", paramLabel = "N", description = "compare from this leaf on", defaultValue = "0")
    private long from;

    @Option(names = "--to", paramLabel = "M", description = "compare up to the leaf before this one")
    private Optional<Long> to = Optional.empty();

    @Option(
            names = "--id",
            paramLabel = "FLUXID",
            description = "compare only these signals; may be given several times")
    private List<String> ids = List.of();

    @Option(
            names = "--with",
            paramLabel = "F.scenario",
            description = "through this scenario instead; its specs have to be in the data directory")
    private Optional<Path> with = Optional.empty();

    @Option(
            names = "--job",
            paramLabel = "FILE",
            description = "remember there how far it is: stopped, the same command goes on")
    private Optional<Path> job = Optional.empty();

    @Option(names = "--gears", paramLabel = "DIR", description = "jars with custom gears")
    private Optional<Path> gears = Optional.empty();

    @Option(names = "--json", description = "one document on standard output")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        // Gears that log would tell the past as if it were now.
        Logging.silenceGears();
        GearJars jars = gears.map(GearJars::load).orElseGet(GearJars::none);
        GearTypes types =
                GearTypes.load(AuditReplayCommand.class.getClassLoader()).and(jars.types());
        ReplayReport report;
        if (bundle.isPresent()) {
            try (Bundle open = Bundle.open(bundle.get());
                    TemporaryDirectory laidOut = TemporaryDirectory.make()) {
                report = run(ReplayQuestion.of(open, types, laidOut.path()));
            }
        } else {
            report = run(ReplayQuestion.of(choice.files(), choice.keys(), types));
        }
        print(report);
        return report.differenceCount() == 0 ? 0 : DIFFERENT;
    }

    private ReplayReport run(ReplayQuestion question) throws IOException {
        Set<Long> signals = ids.stream().map(FluxId::parse).collect(Collectors.toSet());
        question.within(new ReplayScope(from, to.orElse(Long.MAX_VALUE), signals));
        if (with.isPresent()) {
            question.with(Files.readAllBytes(with.get()));
        }
        job.ifPresent(file -> question.job(new ReplayJob(file, asked())));
        return Replay.run(question, Progress.of(spec.commandLine().getErr(), "leaves replayed"));
    }

    /** Everything that makes this another replay. */
    private String asked() {
        String where =
                bundle.map(Path::toString).orElseGet(() -> choice.files().wal().toString());
        return String.join(" ", where, Long.toString(from), to.toString(), ids.toString(), with.toString());
    }

    private void print(ReplayReport report) {
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
    }

    private static ObjectNode toJson(ReplayReport report) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("identical", report.differenceCount() == 0);
        node.put("leaves", report.leaves()).put("compared", report.compared());
        node.put("handlings", report.handlings()).put("outside", report.outside());
        node.put("differences", report.differenceCount());
        ArrayNode first = node.putArray("first");
        report.differences()
                .forEach(d -> first.addObject()
                        .put("leaf", d.leaf())
                        .put("signal", FluxId.text(d.signal()))
                        .put("gear", d.gear())
                        .put("field", d.field())
                        .put("recorded", d.recorded())
                        .put("now", d.now())
                        .put("cause", d.cause().text())
                        .put("what", d.what()));
        return node;
    }
}
