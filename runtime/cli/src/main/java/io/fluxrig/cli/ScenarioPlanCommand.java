package io.fluxrig.cli;

import io.fluxrig.gear.GearTypes;
import io.fluxrig.node.ApiJson;
import io.fluxrig.scenario.GearJars;
import io.fluxrig.scenario.SwapPlan;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fluxrig scenario plan}. */
@Command(
        name = "plan",
        description = "Tells what activating a scenario would keep, start, stop and touch; changes nothing.",
        footer = {"", "Example: fluxrig scenario plan switch.scenario"},
        mixinStandardHelpOptions = true)
final class ScenarioPlanCommand implements Callable<Integer> {
    @Parameters(paramLabel = "F.scenario", description = "a signed scenario")
    private Path file;

    @Option(
            names = "--from",
            paramLabel = "OLD.scenario",
            description = "compare with this one instead of asking a node what runs")
    private Optional<Path> from = Optional.empty();

    @Option(names = "--name", paramLabel = "RACK", description = "with --from: for this Rack", defaultValue = "rack-a")
    private String rack;

    @Option(names = "--gears", paramLabel = "DIR", description = "with --from: jars with custom gears")
    private Optional<Path> gears = Optional.empty();

    @Mixin
    private Api api;

    @Option(names = "--json", description = "one document on standard output")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        byte[] artifact = Artifacts.read(file);
        if (from.isEmpty()) {
            return Rollouts.tell(
                    api.post("plan", artifact),
                    json,
                    spec.commandLine().getOut(),
                    spec.commandLine().getErr());
        }
        GearTypes types = GearTypes.load(Main.class.getClassLoader())
                .and(gears.map(GearJars::load).orElseGet(GearJars::none).types());
        SwapPlan plan = SwapPlan.of(
                Artifacts.claimed(Artifacts.read(from.get())), Artifacts.claimed(artifact), types, rack, Map.of());
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(ApiJson.plan(plan));
        } else {
            Rollouts.plan(ApiJson.plan(plan), out);
        }
        out.flush();
        return 0;
    }
}
