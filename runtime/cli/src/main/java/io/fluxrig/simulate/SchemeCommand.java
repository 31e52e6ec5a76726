package io.fluxrig.simulate;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fluxrig.signal.FluxException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code fluxrig simulate scheme}. */
@Command(
        name = "scheme",
        description = "A scheme's host: listens, and answers by card and amount.",
        footer = {"", "Example: fluxrig simulate scheme --listen 127.0.0.1:9001 --name alpha --ledger alpha.jsonl"},
        mixinStandardHelpOptions = true)
final class SchemeCommand implements Callable<Integer> {
    private static final Duration VERY_LONG = Duration.ofDays(3650);

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            description = "where to listen (default: ${DEFAULT-VALUE})",
            defaultValue = "127.0.0.1:9001")
    private String listen;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "how the ledger calls it (default: ${DEFAULT-VALUE})",
            defaultValue = "alpha")
    private String name;

    @Option(names = "--duration", paramLabel = "TIME", description = "how long, such as 10s (default: until Ctrl-C)")
    private Optional<String> duration = Optional.empty();

    @Option(
            names = "--late-by",
            paramLabel = "TIME",
            description = "how long the answer for a late card is held back (default: ${DEFAULT-VALUE})",
            defaultValue = "3500ms")
    private String lateBy;

    @Option(names = "--silent", description = "read and record, but never answer")
    private boolean silent;

    @Option(names = "--ledger", paramLabel = "FILE", description = "one JSON line a request, appended")
    private Optional<Path> ledger = Optional.empty();

    @Option(
            names = "--spec",
            paramLabel = "FILE",
            description = "the dialect (default: ${DEFAULT-VALUE})",
            defaultValue = Dialect.DEFAULT)
    private Path specFile;

    @Option(names = "--json", description = "print the summary as one JSON document")
    private boolean json;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() throws Exception {
        Endpoint at = Endpoint.parse("--listen", listen);
        Duration late = Endpoint.duration("--late-by", lateBy);
        Duration whole =
                duration.map(text -> Endpoint.duration("--duration", text)).orElse(VERY_LONG);
        try (UntilStopped stop = UntilStopped.arm();
                SchemeSim sim = made(at)) {
            sim.lateBy(late).silent(silent);
            start(sim);
            PrintWriter err = command.commandLine().getErr();
            err.printf("%s listens on %s:%d%n", name, at.host(), sim.port());
            err.flush();
            stop.within(whole);
            print(sim.stats());
        }
        return 0;
    }

    private SchemeSim made(Endpoint at) {
        try {
            return new SchemeSim(at.host(), at.port(), name, Dialect.open(specFile), ledger);
        } catch (UncheckedIOException unwritable) {
            throw new FluxException(
                    SimulateError.LEDGER, "the ledger " + ledger.orElseThrow() + " cannot be written", unwritable);
        }
    }

    private void start(SchemeSim sim) {
        try {
            sim.start();
        } catch (IOException refused) {
            throw new FluxException(
                    SimulateError.CANNOT_LISTEN, listen + " cannot be listened on: " + refused.getMessage(), refused);
        }
    }

    private void print(SchemeSim.Stats stats) throws Exception {
        PrintWriter out = command.commandLine().getOut();
        if (json) {
            out.println(new ObjectMapper().writeValueAsString(stats));
        } else {
            out.printf(
                    "%s: requests %d, answers %d, approved %d, declined %d, echoes %d, unreadable %d%n",
                    name,
                    stats.requests(),
                    stats.answers(),
                    stats.approved(),
                    stats.declined(),
                    stats.echoes(),
                    stats.unreadable());
        }
        out.flush();
    }
}
