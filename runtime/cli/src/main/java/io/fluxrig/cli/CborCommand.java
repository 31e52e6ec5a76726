package io.fluxrig.cli;

import io.fluxrig.scenario.Passport;
import io.fluxrig.scenario.Scenario;
import io.fluxrig.signal.CborException;
import io.fluxrig.signal.FluxCbor;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxMsg;
import io.fluxrig.signal.SignedArtifact;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fluxrig cbor ...}. */
@Command(
        name = "cbor",
        description = "Checks and shows fluxCBOR.",
        footer = {"", "Example: echo a16161182a | fluxrig cbor diag --hex -"},
        mixinStandardHelpOptions = true)
final class CborCommand {
    private static final int UNTRUSTED = 3;
    private static final int MAX_INPUT = 64 << 20;

    /** What the bytes are said to be. */
    enum Form {
        item,
        fluxmsg,
        cose
    }

    @Spec
    private CommandSpec spec;

    @Command(
            name = "check",
            description =
                    "Says whether bytes are exactly what a fluxCBOR encoder writes: ok, or bad with offset and rule.",
            footer = {
                "",
                "Exit codes: 0 ok, 3 bad (with --lines always 0).",
                "Example: fluxrig cbor check --as fluxmsg message.cbor"
            },
            mixinStandardHelpOptions = true)
    int check(
            @Parameters(paramLabel = "FILE|-", description = "a file, or - for standard input") String file,
            @Option(names = "--as", paramLabel = "FORM", description = "item, fluxmsg or cose", defaultValue = "item")
                    Form form,
            @Option(names = "--hex", description = "the input is hex text") boolean hex,
            @Option(names = "--lines", description = "many hex items, one a line; one answer a line") boolean lines)
            throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        int exit = 0;
        if (lines) {
            InputStream source = file.equals("-") ? System.in : new ByteArrayInputStream(readFile(file));
            BufferedReader in = new BufferedReader(new InputStreamReader(source, StandardCharsets.ISO_8859_1));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                out.println(verdictOnLine(line.strip(), form));
            }
        } else {
            String verdict = verdict(bytes(file, hex), form);
            out.println(verdict);
            exit = verdict.equals("ok") ? 0 : UNTRUSTED;
        }
        out.flush();
        return exit;
    }

    @Command(
            name = "diag",
            description = "Shows fluxCBOR in the diagnostic notation of RFC 8949 section 8.",
            footer = {"", "Example: fluxrig cbor diag message.cbor"},
            mixinStandardHelpOptions = true)
    int diag(
            @Parameters(paramLabel = "FILE|-", description = "a file, or - for standard input") String file,
            @Option(names = "--hex", description = "the input is hex text") boolean hex)
            throws IOException {
        byte[] bytes = bytes(file, hex);
        spec.commandLine().getOut().println(FluxCbor.diag(FluxCbor.decode(bytes, 0, bytes.length, FluxCbor.MAX_LEAF)));
        spec.commandLine().getOut().flush();
        return 0;
    }

    private static String verdictOnLine(String line, Form form) {
        try {
            return verdict(HexFormat.of().parseHex(line), form);
        } catch (IllegalArgumentException notHex) {
            return "bad 0 not-hex";
        }
    }

    private static String verdict(byte[] bytes, Form form) {
        try {
            switch (form) {
                case item -> FluxCbor.decode(bytes, 0, bytes.length, FluxCbor.MAX_LEAF);
                case fluxmsg -> FluxMsg.decode(bytes);
                case cose -> checkArtifact(bytes);
            }
            return "ok";
        } catch (CborException bad) {
            return "bad " + bad.offset() + " " + bad.rule();
        } catch (FluxException bad) {
            return "bad 0 " + bad.code().toString().toLowerCase(Locale.ROOT);
        }
    }

    private static void checkArtifact(byte[] bytes) {
        try {
            SignedArtifact.parse(bytes, Scenario.CONTENT_TYPE);
        } catch (FluxException notAScenario) {
            SignedArtifact.parse(bytes, Passport.CONTENT_TYPE);
        }
    }

    private static byte[] bytes(String file, boolean hex) throws IOException {
        byte[] raw = file.equals("-") ? System.in.readNBytes(MAX_INPUT) : readFile(file);
        if (!hex) {
            return raw;
        }
        try {
            return HexFormat.of().parseHex(new String(raw, StandardCharsets.ISO_8859_1).replaceAll("\\s", ""));
        } catch (IllegalArgumentException notHex) {
            throw new FluxException(CliError.INPUT, "the input is not hex text");
        }
    }

    private static byte[] readFile(String file) {
        try {
            return Files.readAllBytes(Path.of(file));
        } catch (IOException e) {
            throw new FluxException(CliError.INPUT, file + " cannot be read", e);
        }
    }
}
