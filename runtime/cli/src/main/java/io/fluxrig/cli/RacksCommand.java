package io.fluxrig.cli;

import picocli.CommandLine.Command;

/** {@code fluxrig racks ...}. */
@Command(
        name = "racks",
        description = "Which Racks a site has, and what an operator does to them.",
        subcommands = {
            RacksListCommand.class,
            RacksShowCommand.class,
            RacksTokenCommand.class,
            RacksApproveCommand.class,
            RacksSuspendCommand.class,
            RacksRemoveCommand.class,
            RacksRenewCommand.class
        },
        footer = {"", "Example: fluxrig racks approve rack-b --api http://127.0.0.1:8090"},
        mixinStandardHelpOptions = true)
final class RacksCommand {}
