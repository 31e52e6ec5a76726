package io.fluxrig.cli;

import io.fluxrig.gear.SettingsSchema;
import io.fluxrig.signal.FluxException;
import io.fluxrig.simulate.TerminalStats;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code fluxrig demo}. */
@Command(
        name = "demo",
        description =
                "Runs a payment switch with simulated terminals and schemes, records every signal, and verifies the record.",
        footer = {"", "Example: fluxrig demo --duration 10s --rate 200"},
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
    @Option(
            names = "--duration",
            paramLabel = "TIME",
            description = "how long, such as 10s or 2m (default: ${DEFAULT-VALUE})",
            defaultValue = "10s")
    private String duration;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "requests a second (default: ${DEFAULT-VALUE})",
            defaultValue = "200")
    private double rate;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "keeps the data here (default: a temporary directory, removed at the end)")
    private Optional<Path> data = Optional.empty();

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "of everything left to chance (default: ${DEFAULT-VALUE})",
            defaultValue = "1")
    private long seed;

    @Option(names = "--json", description = "one document on standard output; progress goes to standard error")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Duration whole = SettingsSchema.duration(duration);
        if (whole == null || whole.isZero()) {
            throw new ParameterException(
                    spec.commandLine(), "--duration '" + duration + "' is not a time such as 10s or 2m");
        }
        Logging.silenceGears();
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        Path directory = data.isPresent() ? data.get() : Files.createTempDirectory("fluxrig-demo");
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch finished = new CountDownLatch(1);
        Thread hook = Thread.ofPlatform().name("fluxrig-stop").unstarted(() -> endCleanly(stop, finished));
        Runtime.getRuntime().addShutdownHook(hook);
        DemoResult result;
        try {
            result = run(directory, whole, stop, err);
            if (json) {
                out.println(result.toJson());
            } else {
                result.print(out, data.isPresent());
            }
            out.flush();
        } finally {
            if (data.isEmpty()) {
                remove(directory);
            }
            finished.countDown();
        }
        if (stop.getCount() > 0) {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
        return result.exitCode();
    }

    private DemoResult run(Path directory, Duration whole, CountDownLatch stop, PrintWriter err) throws Exception {
        try (Demo demo = Demo.start(directory, rate, seed, whole, err)) {
            long until = System.nanoTime() + whole.toNanos();
            TerminalStats before = demo.terminals().stats();
            while (System.nanoTime() < until && !stop.await(1, TimeUnit.SECONDS)) {
                TerminalStats now = demo.terminals().stats();
                err.println(demo.line(before, now));
                err.flush();
                before = now;
            }
            return demo.finish(err);
        }
    }

    /** Ctrl-C: the run ends early, everything is told, and the process ends with 0. */
    private static void endCleanly(CountDownLatch stop, CountDownLatch finished) {
        stop.countDown();
        try {
            if (finished.await(60, TimeUnit.SECONDS)) {
                Runtime.getRuntime().halt(0);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void remove(Path directory) {
        try (var files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new FluxException(CliError.OUTPUT, directory + " cannot be removed", e);
        }
    }
}
