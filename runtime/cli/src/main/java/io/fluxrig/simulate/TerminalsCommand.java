package io.fluxrig.simulate;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fluxrig.signal.FluxException;
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

/** {@code fluxrig simulate terminals}. */
@Command(
        name = "terminals",
        description =
                "Terminals that send purchases, authorizations and echoes at a fixed rate, and check what comes back.",
        footer = {
            "",
            "Example: fluxrig simulate terminals --connect 127.0.0.1:8583 --rate 200 --duration 10s --ledger terminals.jsonl"
        },
        mixinStandardHelpOptions = true)
final class TerminalsCommand implements Callable<Integer> {
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final int LOOKS_A_LINE = 10;

    @Option(
            names = "--connect",
            paramLabel = "HOST:PORT",
            description = "the switch (default: ${DEFAULT-VALUE})",
            defaultValue = "127.0.0.1:8583")
    private String connect;

    @Option(
            names = "--terminals",
            paramLabel = "N",
            description = "how many, each with its own connection (default: ${DEFAULT-VALUE})",
            defaultValue = "16")
    private int terminals;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "requests a second, all together (default: ${DEFAULT-VALUE})",
            defaultValue = "200")
    private double rate;

    @Option(names = "--duration", paramLabel = "TIME", description = "how long, such as 10s (default: until Ctrl-C)")
    private Optional<String> duration = Optional.empty();

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            description = "how long a request waits for its answer (default: ${DEFAULT-VALUE})",
            defaultValue = "8s")
    private String wait;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "of everything left to chance (default: ${DEFAULT-VALUE})",
            defaultValue = "1")
    private long seed;

    @Option(names = "--ledger", paramLabel = "FILE", description = "one JSON line a transaction, appended")
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
        Endpoint to = Endpoint.parse("--connect", connect);
        Duration patience = Endpoint.duration("--wait", wait);
        Optional<Duration> whole = duration.map(text -> Endpoint.duration("--duration", text));
        TerminalPlan plan = new TerminalPlan(to.host(), to.port(), terminals, rate, whole, patience, seed, ledger);
        try (UntilStopped stop = UntilStopped.arm();
                TerminalSim sim = made(plan)) {
            sim.start();
            for (int look = 1; !sim.await(LOOK); look++) {
                if (stop.within(Duration.ZERO)) {
                    sim.stop();
                    sim.await(patience.plusSeconds(1));
                    break;
                }
                tell(command.commandLine().getErr(), sim.stats(), !json && look % LOOKS_A_LINE == 0);
            }
            print(sim.stats());
        }
        return 0;
    }

    private TerminalSim made(TerminalPlan plan) {
        try {
            return new TerminalSim(plan, Dialect.open(specFile));
        } catch (UncheckedIOException unwritable) {
            throw new FluxException(
                    SimulateError.LEDGER, "the ledger " + ledger.orElseThrow() + " cannot be written", unwritable);
        }
    }

    private static void tell(PrintWriter err, TerminalStats now, boolean progress) {
        if (progress) {
            err.printf(
                    "sent %d  answered %d  waiting %d  p50 %.1f ms  p99 %.1f ms%n",
                    now.sent(), now.answered(), now.open(), now.p50Ms(), now.p99Ms());
            err.flush();
        }
    }

    private void print(TerminalStats stats) throws Exception {
        PrintWriter out = command.commandLine().getOut();
        if (json) {
            out.println(new ObjectMapper().writeValueAsString(stats));
        } else {
            out.printf("sent        %d%n", stats.sent());
            out.printf(
                    "answered    %d  (approved %d, declined %d)%n",
                    stats.answered(), stats.approved(), stats.declined());
            out.printf("failed      %d  (no answer, or connection lost)%n", stats.failed());
            out.printf("timeouts    %d  (answered with 91)%n", stats.timeouts());
            out.printf("duplicates  %d%n", stats.duplicates());
            out.printf("late        %d%n", stats.late());
            out.printf("cross-wired %d%n", stats.crossWired());
            out.printf(
                    "rate        %.1f answers a second, p50 %.2f ms, p99 %.2f ms%n",
                    stats.tps(), stats.p50Ms(), stats.p99Ms());
        }
        out.flush();
    }
}
