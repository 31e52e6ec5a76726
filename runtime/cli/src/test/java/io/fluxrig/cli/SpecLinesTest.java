package io.fluxrig.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code spec unpack}, {@code pack}, {@code explain} and {@code probe} as other programs use them. */
class SpecLinesTest {
    private static final String SPEC = """
            spec:
              id: lines
              version: 1.0.0
              wire:
                source: moov:spec87ascii
                fields:
                  "11": { padding: { type: Left, pad: "0" } }
                  "55": { type: Composite, enc: Binary, subfields: { layout: tlv, unknown_tags: preserve, parts: [{ tag: 9F02, type: Numeric, length: 12, enc: BCD }] } }
              fields:
                "2": { alias: card.pan, sensitivity: pan }
                "35": { sensitivity: sad }
                "55": { subfields: { parts: [{ tag: 9F02, alias: chip.amount }, { tag: "57", sensitivity: sad }] } }
            """;
    private static final String PAN = "5413330089020011";

    @TempDir
    Path folder;

    private record Ran(int exit, String out, String err) {
        List<String> lines() {
            return out.lines().toList();
        }
    }

    private static Ran run(String input, String... arguments) {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
        try {
            StringWriter out = new StringWriter();
            StringWriter err = new StringWriter();
            CommandLine line = Main.commandLine();
            line.setOut(new PrintWriter(out));
            line.setErr(new PrintWriter(err));
            return new Ran(line.execute(arguments), out.toString(), err.toString());
        } finally {
            System.setIn(before);
        }
    }

    private String spec() throws IOException {
        return Files.writeString(folder.resolve("lines.yaml"), SPEC).toString();
    }

    private static String hex(String ascii) {
        return HexFormat.of().formatHex(ascii.getBytes(StandardCharsets.US_ASCII));
    }

    private static String purchase(String chip) {
        return hex("0200" + "6020000000000200" + "16" + PAN + "000000" + "000042" + "%03d".formatted(chip.length() / 2))
                + chip;
    }

    @Test
    void everyLineGetsAnAnswerAndComesBackAsItWas() throws IOException {
        List<String> messages = List.of(
                purchase("9f0206000000000501"),
                purchase("5a0101820102"),
                purchase("820102" + "5a0101"),
                purchase("5a0101" + "5a0102"),
                purchase("5a810101" + "00"),
                purchase("70035a0101" + "9f0206000000000501"),
                purchase(""));
        Ran unpacked =
                run(String.join("\n", messages) + "\n", "spec", "unpack", "--spec", spec(), "--lines", "--reveal");
        assertThat(unpacked.exit()).isZero();
        assertThat(unpacked.lines()).hasSize(messages.size());
        assertThat(unpacked.lines().getFirst())
                .isEqualTo("{\"mti\":\"0200\",\"fields\":{\"2\":\"" + PAN
                        + "\",\"3\":\"000000\",\"11\":\"000042\",\"55\":{\"9F02\":\"000000000501\"}}}");
        assertThat(unpacked.lines().get(2)).contains("\"55\":{\"82\":\"02\",\"5A\":\"01\"}");
        assertThat(unpacked.lines().get(3)).contains("\"55\":[[\"5A\",\"01\"],[\"5A\",\"02\"]]");
        Ran packed = run(unpacked.out(), "spec", "pack", "--spec", spec(), "--lines");
        assertThat(packed.lines()).isEqualTo(messages);
    }

    @Test
    void classifiedValuesAreMaskedWhereverTheyLie() throws IOException {
        String chip = "5708" + "5413330089020011" + "700a" + "5708" + "5413330089020011";
        Ran masked = run(purchase(chip), "spec", "unpack", "--spec", spec(), "--lines");
        assertThat(masked.out()).contains("541333******0011", "***").doesNotContain(PAN);
        Ran told = run("", "spec", "explain", purchase(chip), "--spec", spec(), "--json");
        assertThat(told.out()).contains("541333******0011").doesNotContain(PAN, hex(PAN));
        assertThat(run("", "spec", "explain", purchase(chip), "--spec", spec()).out())
                .doesNotContain(PAN, hex(PAN));
    }

    @Test
    void whatCannotBeReadIsToldWithItsPlace() throws IOException {
        String cut = purchase("9f0206000000000501").substring(0, 110);
        Ran ran = run("zz\n\n" + cut + "\n3032\n", "spec", "unpack", "--spec", spec(), "--lines");
        assertThat(ran.exit()).isZero();
        assertThat(ran.lines()).hasSize(4);
        JsonNode error = new ObjectMapper().readTree(ran.lines().get(2)).get("error");
        assertThat(error.get("code").asText()).isEqualTo("FLX-2040");
        assertThat(error.get("field").asText()).isEqualTo("55");
        assertThat(error.get("offset").asInt()).isEqualTo(53);
        assertThat(ran.lines().get(0)).contains("FLX-9101");
        assertThat(ran.lines().get(3)).contains("\"field\":\"0\"");
        Ran explained = run("", "spec", "explain", cut, "--spec", spec());
        assertThat(explained.exit()).isEqualTo(1);
        assertThat(explained.out()).contains("stopped at field 55, offset 53 of 55");
    }

    @Test
    void packTellsWhichFieldDoesNotFit() throws IOException {
        Ran ran = run("""
                {"mti":"0200","fields":{"3":"1234567"}}
                {"mti":"020","fields":{}}
                {"mti":"0200","fields":{"55":{"9F02":"x"}}}
                {"mti":"0200","fields":{"77":"x"}}
                {"mti":"0200","fields":{"3":"1","3":"2"}}
                not json
                {"mti":"0200","fields":{"card.pan":"5413330089020011","chip.amount":"000000000501","11":"42"}}
                """, "spec", "pack", "--spec", spec(), "--lines");
        assertThat(ran.exit()).isZero();
        assertThat(ran.lines()).hasSize(7);
        assertThat(ran.lines().get(0)).contains("FLX-2016", "\"field\":\"3\"");
        assertThat(ran.lines().get(1)).contains("\"field\":\"0\"");
        assertThat(ran.lines().get(2)).contains("\"field\":\"55.9F02\"");
        assertThat(ran.lines().get(3)).contains("\"field\":\"77\"");
        assertThat(ran.lines().get(4)).contains("FLX-9102");
        assertThat(ran.lines().get(5)).contains("FLX-9102");
        assertThat(ran.lines().get(6)).startsWith(hex("0200" + "4020000000000200"));
    }

    @Test
    void aShippedSpecIsNamedAndListed() {
        assertThat(run("", "spec", "list", "--data", folder.resolve("d").toString())
                        .err())
                .contains("fluxrig:iso8583-1987-emv");
        Ran ran = run(
                hex("08008000000000000000" + "04000000000000000301").substring(0, 78) + "\n",
                "spec",
                "unpack",
                "--spec",
                "fluxrig:iso8583-1987-ascii",
                "--lines");
        assertThat(ran.lines()).hasSize(1);
        assertThat(run("", "spec", "unpack", "--spec", "fluxrig:nothing", "--lines")
                        .exit())
                .isNotZero();
    }

    @Test
    void probeSaysHowTrafficIsCut() throws IOException {
        byte[] message = HexFormat.of().parseHex(purchase("9f0206000000000501"));
        byte[] stream = new byte[3 * (message.length + 2)];
        for (int i = 0; i < 3; i++) {
            int at = i * (message.length + 2);
            stream[at + 1] = (byte) message.length;
            System.arraycopy(message, 0, stream, at + 2, message.length);
        }
        Path file = Files.write(folder.resolve("capture.bin"), stream);
        Ran ran = run("", "spec", "probe", file.toString(), "--json");
        JsonNode best = new ObjectMapper().readTree(ran.out()).get("guesses").get(0);
        assertThat(best.get("framing").asText()).isEqualTo("2 bytes binary, big-endian");
        assertThat(best.get("mti").asText()).isEqualTo("ASCII");
        assertThat(best.get("evidence")).isNotEmpty();
        JsonNode heard = new ObjectMapper()
                .readTree(listenedTo(stream).out())
                .get("guesses")
                .get(0);
        assertThat(heard.get("framing")).isEqualTo(best.get("framing"));
        assertThat(heard.get("mti")).isEqualTo(best.get("mti"));
        Path noise = Files.write(folder.resolve("noise.bin"), new byte[] {9, 9, 9, 9, 9, 9});
        assertThat(run("", "spec", "probe", noise.toString()).exit()).isEqualTo(1);
        assertThat(run("", "spec", "probe", "nowhere").exit()).isEqualTo(2);
    }

    /** A peer that speaks as soon as somebody connects. */
    private static Ran listenedTo(byte[] stream) throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread peer = Thread.startVirtualThread(() -> {
                try (Socket one = server.accept()) {
                    one.getOutputStream().write(stream);
                } catch (IOException gone) {
                    throw new UncheckedIOException(gone);
                }
            });
            Ran ran = run("", "spec", "probe", "127.0.0.1:" + server.getLocalPort(), "--json");
            assertThat(peer).isNotNull();
            return ran;
        }
    }
}
