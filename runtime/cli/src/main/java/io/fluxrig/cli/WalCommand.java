package io.fluxrig.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fluxrig.wal.Finding;
import io.fluxrig.wal.WalScan;
import java.io.PrintWriter;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code fluxrig wal ...}. */
@Command(
        name = "wal",
        description = "Checks the write-ahead log under a vault; read-only, also on a copy.",
        footer = {"", "Example: fluxrig wal check --data ./fluxrig-data"},
        mixinStandardHelpOptions = true)
final class WalCommand {
    @Spec
    private CommandSpec spec;

    @Command(
            name = "check",
            description = "Checks every byte of the log: CRC, order, chain, padding, unused space.",
            footer = {
                "",
                "Exit codes: 0 fine, 3 altered, 4 missing.",
                "Example: fluxrig wal check --data ./fluxrig-data --json"
            },
            mixinStandardHelpOptions = true)
    int check(
            @Mixin RackChoice choice,
            @Option(names = "--json", description = "one document on standard output") boolean json) {
        WalScan.Report report = WalScan.check(choice.files().wal());
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            ObjectNode node = JsonNodeFactory.instance.objectNode();
            node.put("intact", report.intact()).put("owner", report.owner()).put("segments", report.segments());
            node.put("records", report.records()).put("bytes", report.bytes()).put("tornBytes", report.tornBytes());
            ArrayNode findings = node.putArray("findings");
            report.findings()
                    .forEach(f -> findings.addObject()
                            .put("kind", f.kind().name().toLowerCase(Locale.ROOT))
                            .put("file", f.file())
                            .put("offset", f.offset())
                            .put("record", f.record())
                            .put("what", f.what()));
            out.println(node);
        } else {
            out.printf("%s: %s%n", report.owner(), report.intact() ? "intact" : "NOT INTACT");
            out.printf(
                    "  %,d records in %d segments, %,d bytes, %,d torn%n",
                    report.records(), report.segments(), report.bytes(), report.tornBytes());
            report.findings().forEach(f -> out.println("  " + f.line()));
        }
        out.flush();
        if (report.intact()) {
            return 0;
        }
        return report.findings().stream().anyMatch(f -> f.kind() != Finding.Kind.MISSING) ? 3 : 4;
    }
}
