package io.fluxrig.cli;

import picocli.CommandLine.Command;

/** {@code fluxrig racks approve}. */
@Command(
        name = "approve",
        description = {
            "Lets a Rack that waits become one of this site, or one that was suspended go on.",
            "Compare its key with what its node prints before you do."
        },
        footer = {"", "Example: fluxrig racks approve rack-b --api http://127.0.0.1:8090"})
final class RacksApproveCommand extends RackOrder {
    @Override
    String order() {
        return "approve";
    }

    @Override
    String reason() {
        return "";
    }
}
