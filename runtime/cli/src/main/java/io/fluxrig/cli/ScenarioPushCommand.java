package io.fluxrig.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fluxrig scenario push}. */
@Command(
        name = "push",
        description =
                "Sends a signed scenario and its specs to the Mixer; every Rack verifies them, nothing changes yet.",
        footer = {"", "Example: fluxrig scenario push switch.scenario --api http://127.0.0.1:8090"},
        mixinStandardHelpOptions = true)
final class ScenarioPushCommand implements Callable<Integer> {
    @Parameters(paramLabel = "F.scenario", description = "a signed scenario")
    private Path file;

    @Mixin
    private DataOption data;

    @Mixin
    private Api api;

    @Option(names = "--json", description = "one document on standard output")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        byte[] artifact = Artifacts.read(file);
        Artifacts.sendBlobs(artifact, data, api);
        return Rollouts.tell(
                api.post("scenarios", artifact),
                json,
                spec.commandLine().getOut(),
                spec.commandLine().getErr());
    }
}
