package io.fluxrig.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A command that asks a node one thing and prints what it is told: as it came under {@code --json}, in lines otherwise. */
@Command(mixinStandardHelpOptions = true)
abstract class ApiAnswer implements Callable<Integer> {
    @Mixin
    private Api api;

    @Option(names = "--json", description = "one document on standard output")
    private boolean json;

    @Spec
    private CommandSpec spec;

    abstract JsonNode ask(Api api);

    /** For people. */
    abstract void print(JsonNode told, PrintWriter out);

    @Override
    public final Integer call() {
        JsonNode told = ask(api);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(told);
        } else {
            print(told, out);
        }
        out.flush();
        return 0;
    }
}
