package io.fluxrig.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** The fluxrig command in a process of its own, with what it prints in a file. */
final class Program implements AutoCloseable {
    /** The project's root, from this module's folder. */
    static final Path HOME = Path.of("").toAbsolutePath().resolve("../..").normalize();

    /** That of this process: the build that is being tested. */
    static final String CLASS_PATH = System.getProperty("java.class.path");

    private final Process process;
    private final Path output;

    private Program(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    static Program start(Path output, String... arguments) throws IOException {
        return start(output, Map.of(), arguments);
    }

    static Program start(Path output, Map<String, String> environment, String... arguments) throws IOException {
        return start(output, environment, List.of(), CLASS_PATH, Main.class, List.of(arguments));
    }

    /**
     * @param entering what the command begins with, so that it runs somewhere else
     * @param classPath of the build that is to run
     * @param main that of the command, or one that wraps it
     */
    static Program start(
            Path output,
            Map<String, String> environment,
            List<String> entering,
            String classPath,
            Class<?> main,
            List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>(entering);
        command.addAll(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Xmx400m",
                "-XX:TieredStopAtLevel=1",
                "-Dfluxrig.home=" + HOME,
                "-cp",
                classPath,
                main.getName()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(HOME.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        builder.environment().putAll(environment);
        return new Program(builder.start(), output);
    }

    /** Waits until it has printed this since {@code from}, or has ended. */
    void awaitText(String text, long from) throws IOException {
        Awaitility.await()
                .atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> printedSince(from).contains(text) || !process.isAlive());
        if (!printedSince(from).contains(text)) {
            throw new AssertionError("ended without saying '" + text + "':\n" + printedSince(from));
        }
    }

    String printedSince(long from) throws IOException {
        byte[] all = Files.readAllBytes(output);
        return new String(all, (int) from, all.length - (int) from);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /** {@code kill -9}. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** {@code kill -STOP}: it does nothing more, and holds on to everything. */
    void freeze() throws IOException, InterruptedException {
        signal("STOP");
    }

    /** {@code kill -CONT}: it goes on as if no time had passed. */
    void thaw() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        int exit = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
        if (exit != 0) {
            throw new AssertionError("kill -" + name + " ended with " + exit);
        }
    }

    /** What it said, and the stacks of its threads. */
    private String whatItIsDoing() throws InterruptedException {
        try {
            long before = Math.max(0, Files.size(output) - 8_192);
            new ProcessBuilder("kill", "-QUIT", Long.toString(process.pid()))
                    .start()
                    .waitFor();
            Awaitility.await().until(() -> printedSince(before).contains("JNI global refs"));
            return printedSince(before);
        } catch (IOException | ConditionTimeoutException silent) {
            return silent.toString();
        }
    }

    /** SIGTERM; returns the exit code. */
    int terminate() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            String stuck = whatItIsDoing();
            process.destroyForcibly();
            throw new AssertionError("did not end within 60 s of SIGTERM:\n" + stuck);
        }
        return process.exitValue();
    }

    /** Waits for its end; returns the exit code. */
    int awaitEnd() throws InterruptedException {
        if (!process.waitFor(120, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("did not end within 120 s");
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
