package io.fluxrig.cli;

import io.fluxrig.spec.Codec;
import io.fluxrig.spec.Spec;
import io.fluxrig.spec.SpecError;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** {@code fluxrig spec unpack}. */
@Command(
        name = "unpack",
        description = {
            "Reads messages, one in hex on each line of standard input, and writes one JSON object for each.",
            "Every line gets an answer: {\"mti\":...,\"fields\":{...}} or {\"error\":{\"code\",\"field\",\"offset\",\"message\"}}. Classified values are masked."
        },
        footer = {"", "Example: fluxrig spec unpack --spec payments.yaml --lines < messages.hex"},
        mixinStandardHelpOptions = true)
final class SpecUnpackCommand implements Callable<Integer> {
    @picocli.CommandLine.Spec
    private CommandSpec command;

    @Option(
            names = "--spec",
            paramLabel = "FILE|name:tag",
            required = true,
            description = "a spec file, a reference in the store, or shipped:NAME")
    private String spec;

    @Option(names = "--lines", required = true, description = "one message a line in, one object a line out")
    private boolean lines;

    @Option(names = "--reveal", description = "show classified values: the output is cardholder data")
    private boolean reveal;

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

    private String answer(LineInput.Line line, Spec by) {
        if (line.tooLong()) {
            return MessageJson.error(CliError.HEX, "-", 0, "the line is too long");
        }
        int bad = Hex.bad(line.text());
        if (bad >= 0) {
            return MessageJson.error(CliError.HEX, "-", bad / 2, "the line is not whole bytes in hex");
        }
        byte[] message = Hex.bytes(line.text());
        return switch (by.codec().decode(message, 0, message.length)) {
            case Codec.Decoded.Ok ok -> MessageJson.write(reveal ? ok.data() : by.mask(ok.data()));
            case Codec.Decoded.Unreadable stop ->
                MessageJson.error(SpecError.UNREADABLE, stop.field(), stop.offset(), stop.reason());
        };
    }
}
