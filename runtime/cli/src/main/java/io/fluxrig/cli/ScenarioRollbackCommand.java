package io.fluxrig.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code fluxrig scenario rollback}. */
@Command(
        name = "rollback",
        description = "Activates what was signed in advance to bring the old content back; needs no key.",
        footer = {"", "Example: fluxrig scenario rollback"},
        mixinStandardHelpOptions = true)
final class ScenarioRollbackCommand implements Callable<Integer> {

    @Mixin
    private Api api;

    @Option(names = "--json", description = "one document on standard output")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        return Rollouts.tell(
                api.post("rollback", new byte[0]),
                json,
                spec.commandLine().getOut(),
                spec.commandLine().getErr());
    }
}
