package io.fluxrig.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code fluxrig racks suspend}. */
@Command(
        name = "suspend",
        description = "Stops a Rack: it takes nothing more, seals its log, and starts again only when it is approved.",
        footer = {"", "Example: fluxrig racks suspend rack-b --reason \"stolen terminal\""})
final class RacksSuspendCommand extends RackOrder {
    @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "kept in the Mixer's journal")
    private String reason;

    @Override
    String order() {
        return "suspend";
    }

    @Override
    String reason() {
        return reason;
    }
}
