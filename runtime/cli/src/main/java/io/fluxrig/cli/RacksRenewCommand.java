package io.fluxrig.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.fluxrig.node.RackRenewal;
import io.fluxrig.scenario.DataDir;
import io.fluxrig.scenario.Passport;
import io.fluxrig.scenario.Trust;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fluxrig racks renew}. */
@Command(
        name = "renew",
        description = {
            "Begins a new generation of a Rack's log, beside the old one: after a disk was rolled back, restored or cloned.",
            "The old log stays whole: 'fluxrig audit ... --generation N' reads it. The Rack must not be running.",
            "What had no end in the old log, on its way to another Rack too, stays without one: 'fluxrig audit verify ... --generation N' counts it."
        },
        footer = {"", "Example: fluxrig racks renew rack-a --data ./fluxrig-data"},
        mixinStandardHelpOptions = true)
final class RacksRenewCommand implements Callable<Integer> {
    @Parameters(paramLabel = "NAME", description = "the Rack")
    private String name;

    @Mixin
    private DataOption data;

    @Option(names = "--json", description = "one document on standard output")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        DataDir directory = DataDir.openOrCreate(data.path(), Optional.empty());
        Passport passport = RackRenewal.begin(directory, name, Trust.load(directory.trustDir()), Clock.systemUTC());
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(
                    JsonNodeFactory.instance.objectNode().put("rack", name).put("generation", passport.generation()));
        } else {
            out.printf(
                    "%s begins generation %d; the log before it lies under generation-%d%n",
                    name, passport.generation(), passport.generation() - 1);
        }
        out.flush();
        return 0;
    }
}
