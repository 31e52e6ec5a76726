package io.fluxrig.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fluxrig.wal.Finding;
import io.fluxrig.wal.WalDescription;
import io.fluxrig.wal.WalScan;
import java.io.PrintWriter;
import java.time.Instant;
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

    @Command(
            name = "describe",
            description = "Tells what the log's directory holds, without checking it: quick on any size.",
            footer = {"", "Example: fluxrig wal describe --data ./fluxrig-data"},
            mixinStandardHelpOptions = true)
    int describe(
            @Mixin RackChoice choice,
            @Option(names = "--json", description = "one document on standard output") boolean json) {
        WalDescription log = WalDescription.of(choice.files().wal());
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(asJson(log));
        } else {
            tell(log, out);
        }
        out.flush();
        return 0;
    }

    private static void tell(WalDescription log, PrintWriter out) {
        long bytes =
                log.segments().stream().mapToLong(WalDescription.Segment::bytes).sum();
        out.printf("%s: log %s, format %d, made %s%n", log.owner(), log.log(), log.format(), time(log.created()));
        out.printf(
                "  durable up to frame %,d, segment %d offset %,d%s%n",
                log.watermark().number(),
                log.watermark().segment(),
                log.watermark().end(),
                log.watermark().closed() ? ", closed in order" : "");
        out.printf(
                "  %d segments, %,d bytes; a landmark stands behind segment %d%n",
                log.segments().size(), bytes, log.landmark());
        log.archive()
                .ifPresent(a -> out.printf(
                        "  %d segments, %,d bytes were moved to %s%s%n",
                        a.segments(), a.bytes(), a.directory(), a.reachable() ? "" : " (out of reach)"));
        log.torn().forEach(name -> out.printf("  %s holds bytes that a crash cut off%n", name));
        for (WalDescription.Segment segment : log.segments()) {
            out.printf(
                    "  %010d.seg %,14d bytes  from frame %,12d  begun %s%n",
                    segment.index(), segment.bytes(), segment.firstNumber(), time(segment.created()));
        }
    }

    private static ObjectNode asJson(WalDescription log) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("log", String.valueOf(log.log())).put("owner", log.owner()).put("format", log.format());
        node.put("created", time(log.created()));
        node.putObject("watermark")
                .put("segment", log.watermark().segment())
                .put("offset", log.watermark().end())
                .put("number", log.watermark().number())
                .put("closed", log.watermark().closed());
        node.put("landmark", log.landmark());
        log.archive()
                .ifPresent(a -> node.putObject("archive")
                        .put("directory", a.directory())
                        .put("segments", a.segments())
                        .put("bytes", a.bytes())
                        .put("reachable", a.reachable()));
        ArrayNode segments = node.putArray("segments");
        log.segments()
                .forEach(s -> segments.addObject()
                        .put("index", s.index())
                        .put("bytes", s.bytes())
                        .put("firstNumber", s.firstNumber())
                        .put("created", time(s.created())));
        ArrayNode torn = node.putArray("torn");
        log.torn().forEach(torn::add);
        return node;
    }

    private static String time(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }
}
