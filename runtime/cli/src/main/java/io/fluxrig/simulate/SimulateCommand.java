package io.fluxrig.simulate;

import picocli.CommandLine.Command;

/** {@code fluxrig simulate}. */
@Command(
        name = "simulate",
        description = "Terminals and scheme hosts that speak ISO 8583, to try a switch with.",
        footer = {
            "",
            "Example: fluxrig simulate scheme --listen 127.0.0.1:9001 --name alpha",
            "         fluxrig simulate terminals --connect 127.0.0.1:8583 --rate 200 --duration 10s"
        },
        mixinStandardHelpOptions = true,
        subcommands = {TerminalsCommand.class, SchemeCommand.class})
public final class SimulateCommand implements Runnable {
    @picocli.CommandLine.Spec
    private picocli.CommandLine.Model.CommandSpec spec;

    @Override
    public void run() {
        throw new picocli.CommandLine.ParameterException(
                spec.commandLine(), "say what to simulate: terminals or scheme");
    }
}
