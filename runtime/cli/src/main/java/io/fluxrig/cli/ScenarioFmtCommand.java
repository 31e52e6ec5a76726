package io.fluxrig.cli;

import io.fluxrig.gear.GearTypes;
import io.fluxrig.scenario.GearJars;
import io.fluxrig.scenario.ScenarioFile;
import io.fluxrig.scenario.ScenarioFormat;
import io.fluxrig.signal.FluxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fluxrig scenario fmt}. */
@Command(
        name = "fmt",
        description = "Lays a scenario.yaml out in the usual way, in place; comments stay.",
        footer = {"", "Example: fluxrig scenario fmt scenario.yaml --check"},
        mixinStandardHelpOptions = true)
final class ScenarioFmtCommand implements Callable<Integer> {
    private static final int DIFFERENT = 6;

    @Parameters(paramLabel = "FILE", description = "a scenario in YAML")
    private Path file;

    @Option(names = "--check", description = "writes nothing; exit code 6 where something would change")
    private boolean check;

    @Option(names = "--gears", paramLabel = "DIR", description = "jars with custom gears")
    private Optional<Path> gears = Optional.empty();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        GearTypes types = GearTypes.load(Main.class.getClassLoader())
                .and(gears.map(GearJars::load).orElseGet(GearJars::none).types());
        ScenarioFile.Linted linted = ScenarioFile.lint(file, types);
        if (linted.blueprint().isEmpty()) {
            return Findings.report(
                    linted.findings(),
                    false,
                    spec.commandLine().getOut(),
                    spec.commandLine().getErr());
        }
        try {
            String before = Files.readString(file);
            String after = ScenarioFormat.format(before);
            if (before.equals(after)) {
                return 0;
            }
            if (check) {
                spec.commandLine()
                        .getErr()
                        .println(file + " is laid out otherwise: run 'fluxrig scenario fmt " + file + "'");
                spec.commandLine().getErr().flush();
                return DIFFERENT;
            }
            Files.writeString(file, after);
            return 0;
        } catch (IOException e) {
            throw new FluxException(CliError.OUTPUT, file + " cannot be written", e);
        }
    }
}
