package io.fluxrig.cli;

import picocli.CommandLine.Command;

/** {@code fluxrig audit ...}. */
@Command(
        name = "audit",
        description = "Read, verify and replay what a Rack recorded; needs no running node.",
        subcommands = {
            AuditVerifyCommand.class,
            AuditListCommand.class,
            AuditShowCommand.class,
            AuditReplayCommand.class,
            AuditProveCommand.class,
            AuditCheckProofCommand.class,
            AuditConsistencyCommand.class,
            AuditExportCommand.class,
            AuditOpenCommand.class,
            AuditShredCommand.class
        },
        footer = {"", "Example: fluxrig audit verify --data ./fluxrig-data"},
        mixinStandardHelpOptions = true)
final class AuditCommand {}
