package io.fluxrig.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fluxrig.signal.FluxException;
import io.fluxrig.spec.Explanation;
import io.fluxrig.spec.Spec;
import io.fluxrig.spec.SpecError;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fluxrig spec explain}. */
@Command(
        name = "explain",
        description = {
            "Tells a message field by field: where each lies, its bytes and what they mean, masked where they are classified.",
            "Where reading stops it says where and why, and exits with 1."
        },
        footer = {"", "Example: fluxrig spec explain 30383030822000... --spec payments.yaml"},
        mixinStandardHelpOptions = true)
final class SpecExplainCommand implements Callable<Integer> {
    private static final int MAX_INPUT = 2 << 20;
    private static final int WIDE = 48;

    @picocli.CommandLine.Spec
    private CommandSpec command;

    @Parameters(
            paramLabel = "hex|FILE|-",
            description = "a message in hex; a file with hex or with the bytes themselves; - for standard input")
    private String message;

    @Option(
            names = "--spec",
            paramLabel = "FILE|name:tag",
            required = true,
            description = "a spec file, a reference in the store, or shipped:NAME")
    private String spec;

    @Option(names = "--json", description = "one document on standard output")
    private boolean json;

    @Mixin
    private DataOption data;

    @Override
    public Integer call() throws IOException {
        Spec by = SpecSources.open(spec, data);
        byte[] bytes = bytes();
        Explanation told = by.explain(bytes);
        PrintWriter out = command.commandLine().getOut();
        if (json) {
            out.println(document(by, bytes.length, told));
        } else {
            print(bytes.length, told, out);
        }
        out.flush();
        return told.stop().isPresent() ? 1 : 0;
    }

    private byte[] bytes() throws IOException {
        if (message.equals("-")) {
            return content(System.in);
        }
        String digits = message.replaceAll("\\s", "");
        if (!digits.isEmpty() && Hex.bad(digits) < 0) {
            return Hex.bytes(digits);
        }
        try {
            Path file = Path.of(message);
            if (Files.isRegularFile(file)) {
                try (InputStream in = Files.newInputStream(file)) {
                    return content(in);
                }
            }
        } catch (InvalidPathException none) {
            throw new FluxException(CliError.HEX, "neither hex nor the name of a file", none);
        }
        throw new FluxException(CliError.HEX, "neither hex nor the name of a file");
    }

    /** Hex where all of it is; the bytes themselves otherwise. */
    private static byte[] content(InputStream in) throws IOException {
        byte[] all = in.readNBytes(MAX_INPUT + 1);
        if (all.length > MAX_INPUT) {
            throw new FluxException(CliError.HEX, "more than " + MAX_INPUT + " bytes");
        }
        String digits = new String(all, StandardCharsets.ISO_8859_1).replaceAll("\\s", "");
        return !digits.isEmpty() && Hex.bad(digits) < 0 ? Hex.bytes(digits) : all;
    }

    private static ObjectNode document(Spec by, int length, Explanation told) {
        ObjectNode document = JsonNodeFactory.instance
                .objectNode()
                .put("spec", by.name() + ":" + by.version())
                .put("length", length)
                .put("complete", told.stop().isEmpty());
        ArrayNode fields = document.putArray("fields");
        for (Explanation.Row row : told.rows()) {
            ObjectNode field = fields.addObject().put("field", row.path()).put("name", row.name());
            row.alias().ifPresent(alias -> field.put("alias", alias));
            field.put("offset", row.offset())
                    .put("length", row.length())
                    .put("raw", row.raw())
                    .put("value", row.value());
        }
        told.stop()
                .ifPresent(stop -> document.putObject("error")
                        .put("code", SpecError.UNREADABLE.code())
                        .put("field", stop.field())
                        .put("offset", stop.offset())
                        .put("message", stop.reason()));
        return document;
    }

    private static void print(int length, Explanation told, PrintWriter out) {
        out.printf("%6s %6s  %-12s %-40s %s%n", "offset", "bytes", "field", "name", "value");
        for (Explanation.Row row : told.rows()) {
            String raw = row.raw().length() > WIDE ? row.raw().substring(0, WIDE) + "..." : row.raw();
            boolean says = !row.value().isEmpty();
            out.printf(
                    "%6d %6d  %-12s %-40s %s%n",
                    row.offset(),
                    row.length(),
                    row.path(),
                    Findings.plain(row.name()),
                    says ? Findings.plain(row.value()) : "");
            out.printf("%27s %s%n", "", raw);
        }
        told.stop()
                .ifPresent(stop -> out.printf(
                        "stopped at field %s, offset %d of %d: %s (%s)%n",
                        stop.field(), stop.offset(), length, stop.reason(), SpecError.UNREADABLE.code()));
    }
}
