package io.fluxrig.cli;

import picocli.CommandLine.Command;

/** {@code fluxrig support}. */
@Command(
        name = "support",
        description = "What somebody who helps needs to see.",
        subcommands = SupportBundleCommand.class,
        mixinStandardHelpOptions = true)
final class SupportCommand {}
