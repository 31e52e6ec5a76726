package io.fluxrig.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.fluxrig.gear.GearTypes;
import io.fluxrig.scenario.GearJars;
import io.fluxrig.scenario.ScenarioDiff;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fluxrig scenario diff}. */
@Command(
        name = "diff",
        description = "Tells in words what is different between two scenarios; exit code 6 where something is.",
        footer = {"", "Example: fluxrig scenario diff running.scenario scenario.yaml"},
        mixinStandardHelpOptions = true)
final class ScenarioDiffCommand implements Callable<Integer> {
    private static final int DIFFERENT = 6;

    @Parameters(index = "0", paramLabel = "A", description = "a scenario in YAML, or signed")
    private Path a;

    @Parameters(index = "1", paramLabel = "B", description = "another")
    private Path b;

    @Option(names = "--gears", paramLabel = "DIR", description = "jars with custom gears")
    private Optional<Path> gears = Optional.empty();

    @Option(names = "--json", description = "one document on standard output")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        GearTypes types = GearTypes.load(Main.class.getClassLoader())
                .and(gears.map(GearJars::load).orElseGet(GearJars::none).types());
        List<String> lines = ScenarioDiff.between(Artifacts.either(a, types), Artifacts.either(b, types));
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            ArrayNode all = JsonNodeFactory.instance.arrayNode();
            lines.forEach(all::add);
            out.println(JsonNodeFactory.instance.objectNode().set("differences", all));
        } else {
            lines.forEach(out::println);
            if (lines.isEmpty()) {
                out.println("no difference");
            }
        }
        out.flush();
        return lines.isEmpty() ? 0 : DIFFERENT;
    }
}
