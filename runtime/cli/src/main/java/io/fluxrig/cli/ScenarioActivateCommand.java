package io.fluxrig.cli;

import io.fluxrig.gear.SettingsSchema;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fluxrig scenario activate}. */
@Command(
        name = "activate",
        description = "Has the Racks run a scenario that was pushed, in the place of what runs.",
        footer = {"", "Example: fluxrig scenario activate 5de7161b393d80ae --canary rack-a --quiet 1m"},
        mixinStandardHelpOptions = true)
final class ScenarioActivateCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "IDENTITY",
            description = "of the artifact, at least 8 digits of it; or the artifact's file")
    private String what;

    @Option(
            names = "--canary",
            paramLabel = "RACK",
            description = "this Rack goes first, the others after a quiet time")
    private Optional<String> canary = Optional.empty();

    @Option(
            names = "--quiet",
            paramLabel = "TIME",
            description =
                    "how long the first Rack must work without errors; it returns by itself otherwise (default: ${DEFAULT-VALUE})",
            defaultValue = "30s")
    private String quiet;

    @Mixin
    private Api api;

    @Option(names = "--json", description = "one document on standard output")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (SettingsSchema.duration(quiet) == null) {
            throw new ParameterException(spec.commandLine(), "--quiet '" + quiet + "' is not a time such as 30s or 2m");
        }
        String identity = what.matches("[0-9a-f]{8,64}") ? what : Artifacts.identity(Path.of(what));
        String query = canary.map(
                        rack -> "?canary=" + URLEncoder.encode(rack, StandardCharsets.UTF_8) + "&quiet=" + quiet)
                .orElse("");
        return Rollouts.tell(
                api.post("scenarios/" + identity + "/activate" + query, new byte[0]),
                json,
                spec.commandLine().getOut(),
                spec.commandLine().getErr());
    }
}
