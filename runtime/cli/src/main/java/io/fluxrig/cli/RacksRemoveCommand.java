package io.fluxrig.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code fluxrig racks remove}. */
@Command(
        name = "remove",
        description = {
            "Stops a Rack for good. Its name, key and machine id are given to nobody else; its log stays where it is.",
            "One that only waits is forgotten, and may ask again."
        },
        footer = {"", "Example: fluxrig racks remove rack-b --reason \"branch closed\""})
final class RacksRemoveCommand extends RackOrder {
    @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "kept in the Mixer's journal")
    private String reason;

    @Override
    String order() {
        return "remove";
    }

    @Override
    String reason() {
        return reason;
    }
}
