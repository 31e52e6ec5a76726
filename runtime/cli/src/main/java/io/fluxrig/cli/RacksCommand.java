package io.fluxrig.cli;

import picocli.CommandLine.Command;

/** {@code fluxrig racks ...}. */
@Command(
        name = "racks",
        description = "What an operator does to Racks.",
        subcommands = {RacksRenewCommand.class},
        footer = {"", "Example: fluxrig racks renew rack-a --data ./fluxrig-data"},
        mixinStandardHelpOptions = true)
final class RacksCommand {}
