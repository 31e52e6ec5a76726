package io.fluxrig.cli;

import io.fluxrig.signal.FluxException;
import io.fluxrig.simulate.SimulateCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code fluxrig} command. Exit codes are those of FORMATS section 10. */
@Command(
        name = "fluxrig",
        description = "Runs signed scenarios, records every signal, and proves what happened.",
        version = "fluxrig 0.1.0",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: fluxrig demo --duration 10s"})
public final class Main {
    private static final List<Class<?>> COMMANDS = List.of(
            DemoCommand.class,
            RunCommand.class,
            ScenarioCommand.class,
            PolicyCommand.class,
            SpecCommand.class,
            KeysCommand.class,
            SignalsCommand.class,
            ApiCommand.class,
            SupportCommand.class,
            AuditCommand.class,
            WitnessCommand.class,
            RacksCommand.class,
            WalCommand.class,
            UpgradeCommand.class,
            StatusCommand.class,
            TopCommand.class,
            DoctorCommand.class,
            HealthCommand.class,
            ConfigCommand.class,
            CertsCommand.class,
            GearsCommand.class,
            IdCommand.class,
            CborCommand.class,
            SimulateCommand.class);

    private Main() {}

    public static void main(String[] arguments) {
        // Set up logging before threads race for it.
        LoggerFactory.getLogger(Main.class).debug("started");
        System.exit(commandLine(CommandLine.defaultFactory(), asked(arguments)).execute(arguments));
    }

    /** The command that is asked for, or all: to read the options of every command takes a second on a small machine. */
    static List<Class<?>> asked(String... arguments) {
        List<Class<?>> asked = COMMANDS.stream()
                .filter(command -> arguments.length > 0
                        && command.getAnnotation(Command.class).name().equals(arguments[0]))
                .toList();
        return asked.isEmpty() ? COMMANDS : asked;
    }

    /** The command with its handling of errors. */
    public static CommandLine commandLine() {
        return commandLine(CommandLine.defaultFactory());
    }

    /** The same, with its commands from this factory. */
    static CommandLine commandLine(CommandLine.IFactory factory) {
        return commandLine(factory, COMMANDS);
    }

    private static CommandLine commandLine(CommandLine.IFactory factory, List<Class<?>> commands) {
        CommandLine line = new CommandLine(new Main(), factory);
        commands.forEach(line::addSubcommand);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionStrategy(Main::runAndTidyUp);
        line.setExecutionExceptionHandler((problem, command, parsed) -> {
            PrintWriter err = command.getErr();
            if (problem instanceof Api.ToldByNode told) {
                err.println(told.getMessage());
                err.flush();
                return told.exitCode();
            }
            FluxException refusal = problem instanceof FluxException f ? f : unexpected(problem);
            err.println(refusal.line());
            err.flush();
            return refusal.code().category().exitCode();
        });
        return line;
    }

    /** What a command brought from a database is gone when it has ended, however it did. */
    private static int runAndTidyUp(CommandLine.ParseResult parsed) {
        try {
            return new CommandLine.RunLast().execute(parsed);
        } finally {
            for (CommandLine command : parsed.asCommandLineList()) {
                for (CommandLine.Model.CommandSpec mixin :
                        command.getCommandSpec().mixins().values()) {
                    if (mixin.userObject() instanceof RackChoice choice) {
                        close(choice);
                    }
                }
            }
        }
    }

    private static void close(RackChoice choice) {
        try {
            choice.close();
        } catch (IOException e) {
            throw new FluxException(CliError.OUTPUT, "what was copied could not be removed: " + e.getMessage(), e);
        }
    }

    private static FluxException unexpected(Exception problem) {
        StackTraceElement[] trace = problem.getStackTrace();
        String where = trace.length == 0 ? "" : " at " + trace[0];
        return new FluxException(
                CliError.UNEXPECTED, problem.getClass().getSimpleName() + ": " + problem.getMessage() + where, problem);
    }
}
