package io.fluxrig.cli;

import io.fluxrig.gear.GearType;
import io.fluxrig.gear.GearTypes;
import io.fluxrig.scenario.GearJars;
import io.fluxrig.scenario.Picture;
import io.fluxrig.scenario.Scenario;
import io.fluxrig.signal.FluxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fluxrig scenario viz}. */
@Command(
        name = "viz",
        description =
                "Draws a scenario: its gears in the order in which a signal meets them, and the wires between them.",
        footer = {"", "Example: fluxrig scenario viz scenario.yaml --out scenario.svg"},
        mixinStandardHelpOptions = true)
final class ScenarioVizCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "a scenario in YAML, or signed")
    private Path file;

    @Option(names = "--out", required = true, paramLabel = "F.svg|F.mmd", description = "a picture, or a Mermaid text")
    private Path out;

    @Option(names = "--gears", paramLabel = "DIR", description = "jars with custom gears")
    private Optional<Path> gears = Optional.empty();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        GearTypes types = GearTypes.load(Main.class.getClassLoader())
                .and(gears.map(GearJars::load).orElseGet(GearJars::none).types());
        Scenario scenario = Artifacts.either(file, types);
        Picture picture = Picture.of(
                scenario.name() + " " + scenario.version(),
                scenario.gears(),
                scenario.wires(),
                gear -> types.find(gear.type()).map(GearType::reachesOutside).orElse(false));
        String name = out.getFileName().toString();
        if (!name.endsWith(".svg") && !name.endsWith(".mmd")) {
            throw new ParameterException(spec.commandLine(), "--out '" + out + "' ends neither in .svg nor in .mmd");
        }
        try {
            Files.writeString(out, name.endsWith(".svg") ? picture.svg() : picture.mermaid());
        } catch (IOException e) {
            throw new FluxException(CliError.OUTPUT, out + " cannot be written", e);
        }
        return 0;
    }
}
