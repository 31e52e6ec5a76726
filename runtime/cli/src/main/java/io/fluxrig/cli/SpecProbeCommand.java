package io.fluxrig.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fluxrig.signal.FluxException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fluxrig spec probe}. */
@Command(
        name = "probe",
        description = {
            "Guesses how unknown traffic is cut into messages and what they are written in, and says what speaks for it.",
            "Reads a recording, or connects and listens without saying anything. Exits with 1 where nothing speaks for any guess."
        },
        footer = {"", "Example: fluxrig spec probe capture.bin"},
        mixinStandardHelpOptions = true)
final class SpecProbeCommand implements Callable<Integer> {
    private static final int MAX_BYTES = 1 << 16;

    @picocli.CommandLine.Spec
    private CommandSpec command;

    @Parameters(
            paramLabel = "host:port|FILE",
            description = "a peer that speaks first, or a recording as bytes or in hex")
    private String source;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "5",
            description = "how long to listen to a peer (default: 5)")
    private int seconds;

    @Option(names = "--json", description = "one document on standard output")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        byte[] stream = stream();
        List<Probe.Guess> guesses = Probe.of(stream);
        PrintWriter out = command.commandLine().getOut();
        if (json) {
            out.println(document(stream.length, guesses));
        } else if (guesses.isEmpty()) {
            out.println(stream.length + " bytes, and nothing in them looks like messages of ISO 8583");
        } else {
            guesses.forEach(guess -> print(guess, out));
        }
        out.flush();
        return guesses.isEmpty() ? 1 : 0;
    }

    private static void print(Probe.Guess guess, PrintWriter out) {
        out.printf(
                "%3d  length: %s; before each message: %d bytes; message type: %s; bitmap: %s%s%n",
                guess.score(),
                guess.framing(),
                guess.lead(),
                guess.mti(),
                guess.bitmap(),
                guess.spec().map(spec -> "; try --spec " + spec).orElse(""));
        guess.evidence().forEach(each -> out.println("       " + each));
    }

    private static ObjectNode document(int length, List<Probe.Guess> guesses) {
        ObjectNode document = JsonNodeFactory.instance.objectNode().put("bytes", length);
        ArrayNode all = document.putArray("guesses");
        for (Probe.Guess guess : guesses) {
            ObjectNode node = all.addObject()
                    .put("score", guess.score())
                    .put("framing", guess.framing())
                    .put("frames", guess.frames())
                    .put("lead", guess.lead())
                    .put("mti", guess.mti())
                    .put("bitmap", guess.bitmap());
            guess.spec().ifPresent(spec -> node.put("spec", spec));
            ArrayNode evidence = node.putArray("evidence");
            guess.evidence().forEach(evidence::add);
        }
        return document;
    }

    private byte[] stream() throws IOException {
        Path file = Path.of(source);
        if (Files.isRegularFile(file)) {
            try (InputStream in = Files.newInputStream(file)) {
                byte[] all = in.readNBytes(MAX_BYTES);
                String digits = new String(all, StandardCharsets.ISO_8859_1).replaceAll("\\s", "");
                // A message in ASCII may consist of digits alone: what can be read as it stands is.
                boolean hex = !digits.isEmpty() && Hex.bad(digits) < 0;
                return hex && Probe.of(all).isEmpty() ? Hex.bytes(digits) : all;
            }
        }
        int colon = source.lastIndexOf(':');
        if (colon < 1 || !source.substring(colon + 1).matches("\\d{1,5}")) {
            throw new FluxException(CliError.INPUT, "'" + source + "' is neither a file nor host:port");
        }
        return listen(source.substring(0, colon), Integer.parseInt(source.substring(colon + 1)));
    }

    private byte[] listen(String host, int port) throws IOException {
        ByteArrayOutputStream heard = new ByteArrayOutputStream();
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), seconds * 1000);
            byte[] buffer = new byte[4096];
            while (heard.size() < MAX_BYTES && System.nanoTime() < end) {
                socket.setSoTimeout((int) Math.max(1, (end - System.nanoTime()) / 1_000_000));
                int read = socket.getInputStream().read(buffer);
                if (read < 0) {
                    break;
                }
                heard.write(buffer, 0, read);
            }
        } catch (SocketTimeoutException quiet) {
            // It has said what it had to say.
        } catch (IOException unreachable) {
            throw new FluxException(
                    CliError.INPUT, "'" + source + "' cannot be listened to: " + unreachable.getMessage(), unreachable);
        }
        return heard.toByteArray();
    }
}
