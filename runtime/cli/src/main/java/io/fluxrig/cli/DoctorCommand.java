package io.fluxrig.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fluxrig.config.Environment;
import io.fluxrig.config.Setting;
import io.fluxrig.node.LeafJson;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code fluxrig doctor}. */
@Command(
        name = "doctor",
        description =
                "Looks at what a node needs: settings, clock, disk, fsync, ports, names, certificates, journals. Changes nothing; a failed check exits 1.",
        footer = {"", "Example: fluxrig doctor --data ./fluxrig-data"},
        mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "data directory (default: $FLUXRIG_DATA, then ./fluxrig-data)")
    private Optional<Path> data = Optional.empty();

    @Option(names = "--json", description = "one document on standard output")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Environment environment = Environment.ofProcess()
                .with(data.map(dir -> Map.of(Setting.DATA, dir.toString())).orElse(Map.of()));
        List<Checkup.Finding> findings = new Checkup(environment, Clock.systemUTC()).all();
        boolean failed = findings.stream().anyMatch(f -> f.verdict() == Checkup.Verdict.FAILED);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            ObjectNode document = JsonNodeFactory.instance.objectNode().put("healthy", !failed);
            var checks = document.putArray("checks");
            findings.forEach(f -> checks.addObject()
                    .put("check", f.check())
                    .put("verdict", f.verdict().name().toLowerCase(Locale.ROOT))
                    .put("what", f.what())
                    .put("advice", f.advice()));
            out.println(document);
        } else {
            findings.forEach(f -> out.printf(
                    "%-7s %-13s %s%s%n",
                    f.verdict().name().toLowerCase(Locale.ROOT),
                    f.check(),
                    LeafJson.printable(f.what()),
                    f.advice().isEmpty() ? "" : " (" + f.advice() + ")"));
        }
        out.flush();
        return failed ? 1 : 0;
    }
}
