package io.fluxrig.cli;

import io.fluxrig.spec.Spec;
import io.fluxrig.spec.UnfitValue;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** {@code fluxrig spec pack}. */
@Command(
        name = "pack",
        description = {
            "Writes messages: reads one JSON object on each line of standard input, as 'spec unpack' writes them, and writes one message in hex for each.",
            "Every line gets an answer: hex, or {\"error\":{\"code\",\"field\",\"offset\",\"message\"}}. A field may be named by number, number.part or alias."
        },
        footer = {"", "Example: fluxrig spec pack --spec payments.yaml --lines < messages.json"},
        mixinStandardHelpOptions = true)
final class SpecPackCommand implements Callable<Integer> {
    @picocli.CommandLine.Spec
    private CommandSpec command;

    @Option(
            names = "--spec",
            paramLabel = "FILE|name:tag",
            required = true,
            description = "a spec file, a reference in the store, or shipped:NAME")
    private String spec;

    @Option(names = "--lines", required = true, description = "one object a line in, one message a line out")
    private boolean lines;

    @Mixin
    private DataOption data;

    @Override
    public Integer call() throws IOException {
        Spec by = SpecSources.open(spec, data);
        PrintWriter out = command.commandLine().getOut();
        LineInput in = new LineInput(System.in);
        for (LineInput.Line line = in.next(); line != null; line = in.next()) {
            out.print(answer(line, by));
            out.print('\n');
            if (in.isIdle()) {
                out.flush();
            }
        }
        out.flush();
        return 0;
    }

    private static String answer(LineInput.Line line, Spec by) {
        if (line.tooLong()) {
            return MessageJson.error(CliError.MESSAGE, "-", 0, "the line is too long");
        }
        try {
            return HexFormat.of().formatHex(by.codec().encode(MessageJson.read(line.text(), by)));
        } catch (MessageJson.Misshapen misshapen) {
            return MessageJson.error(misshapen.code(), misshapen.field(), misshapen.offset(), misshapen.what());
        } catch (UnfitValue unfit) {
            return MessageJson.error(unfit.code(), unfit.field(), unfit.offset(), unfit.what());
        }
    }
}
