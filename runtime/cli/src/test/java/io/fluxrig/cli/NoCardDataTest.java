package io.fluxrig.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.spec.Spec;
import io.fluxrig.spec.Specs;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * FAULTS A32: seeded card data in ASCII, BCD, EBCDIC and hex goes through a node that is killed, comes back and is audited; afterwards it stands in no file, no log and no
 * metric of the run.
 */
class NoCardDataTest {
    private static final Charset EBCDIC = Charset.forName("IBM037");
    private static final Map<String, String> DIALECTS = dialects();

    @TempDir
    Path folder;

    private static Map<String, String> dialects() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("ascii", "extends: fluxrig:iso8583-1987-ascii");
        all.put("bcd", "extends: fluxrig:iso8583-1987-emv");
        all.put("ebcdic", """
                extends: fluxrig:iso8583-1987-ascii
                  wire:
                    fields:
                      "0": { enc: EBCDIC }
                      "2": { enc: EBCDIC, prefix: EBCDIC.LL }
                      "3": { enc: EBCDIC }
                      "11": { enc: EBCDIC }
                      "35": { enc: EBCDIC, prefix: EBCDIC.LL }""");
        all.put("hex", """
                extends: fluxrig:iso8583-1987-rules
                  wire:
                    source: moov:spec87hex
                    fields:
                      "52": { type: Binary, length: 8 }""");
        return all;
    }

    /** What one cardholder's data consists of. */
    private record Card(String pan, String track2, byte[] pinBlock) {
        static Card random(Random random) {
            String pan = "541333" + "%010d".formatted(random.nextLong(10_000_000_000L));
            byte[] pinBlock = new byte[8];
            random.nextBytes(pinBlock);
            pinBlock[0] |= (byte) 0x80;
            return new Card(pan, pan + "=2912201" + "%013d".formatted(random.nextLong(10_000_000_000_000L)), pinBlock);
        }

        /** Everything that must be found nowhere. */
        List<byte[]> forms() {
            List<byte[]> forms = new ArrayList<>();
            for (String secret : List.of(pan, track2)) {
                byte[] ascii = secret.getBytes(StandardCharsets.US_ASCII);
                forms.add(ascii);
                forms.add(secret.getBytes(EBCDIC));
                forms.add(packed(secret));
                forms.add(packed("0" + secret));
                for (byte[] each : List.of(ascii, secret.getBytes(EBCDIC), packed(secret))) {
                    forms.add(HexFormat.of().formatHex(each).getBytes(StandardCharsets.US_ASCII));
                    forms.add(HexFormat.of().withUpperCase().formatHex(each).getBytes(StandardCharsets.US_ASCII));
                }
                forms.add(Base64.getEncoder()
                        .withoutPadding()
                        .encodeToString(ascii)
                        .substring(0, 20)
                        .getBytes(StandardCharsets.US_ASCII));
            }
            forms.add(pinBlock);
            forms.add(HexFormat.of().formatHex(pinBlock).getBytes(StandardCharsets.US_ASCII));
            forms.add(HexFormat.of().withUpperCase().formatHex(pinBlock).getBytes(StandardCharsets.US_ASCII));
            forms.add(track2.substring(17).getBytes(StandardCharsets.US_ASCII));
            return forms;
        }

        private static byte[] packed(String digits) {
            String even = digits.replace('=', 'D');
            return HexFormat.of().parseHex(even.length() % 2 == 0 ? even : even.substring(0, even.length() - 1));
        }
    }

    private static FluxMap purchase(Card card, String dialect, int trace) {
        FluxMap.Builder data = FluxMap.builder()
                .put("0", "0200")
                .put("2", card.pan())
                .put("3", "000000")
                .put("4", "000000001000")
                .put("7", "1126010203")
                .put("11", "%06d".formatted(trace))
                .put("35", card.track2())
                .put("41", "TERM0001")
                .put("49", "978")
                .put("52", Bytes.wrap(card.pinBlock()));
        if (!dialect.equals("hex")) {
            Bytes track = Bytes.ofHex(
                    card.track2().replace('=', 'd') + "f".repeat(card.track2().length() % 2));
            data.put(
                    "55",
                    FluxMap.builder()
                            .put("57", track)
                            .put("5A", Bytes.ofHex(card.pan()))
                            .build());
        }
        return data.build();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Test
    void cardDataIsInNoFileLogOrMetricOfTheRun() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("NoCardDataTest seed " + seed);
        Random random = new Random(seed);
        Map<String, Integer> ports = new LinkedHashMap<>();
        Map<String, Spec> specs = new LinkedHashMap<>();
        Path scenario = scenario(ports, specs);
        Path output = Files.createDirectories(folder.resolve("out"));
        Path log = Files.createFile(output.resolve("node.log"));
        Path data = folder.resolve("data");
        List<Card> cards = new ArrayList<>();
        for (int life = 0; life < 2; life++) {
            long from = Files.size(log);
            try (Program node = Program.start(log, "run", scenario.toString(), "--dev", "--data", data.toString())) {
                node.awaitText("runs; management", from);
                for (Map.Entry<String, Integer> door : ports.entrySet()) {
                    for (int i = 0; i < 20; i++) {
                        Card card = Card.random(random);
                        cards.add(card);
                        byte[] frame =
                                specs.get(door.getKey()).codec().encode(purchase(card, door.getKey(), cards.size()));
                        // One in four is cut, and so cannot be read to its end.
                        send(door.getValue(), i % 4 == 3 ? java.util.Arrays.copyOf(frame, frame.length - 5) : frame);
                    }
                }
                metrics(node.printedSince(from), output.resolve("metrics-" + life + ".txt"));
                Thread.sleep(700); // the moment of the kill does not matter, but something must have been written
                node.kill();
            }
        }
        for (String command : List.of("list", "verify", "show")) {
            Program.start(output.resolve("audit-" + command + ".txt"), audit(command, data))
                    .awaitEnd();
        }
        assertThat(leaves(output.resolve("audit-verify.txt")))
                .as("the node recorded what came")
                .isGreaterThan(60);
        nowhere(cards, seed);
    }

    private static String[] audit(String command, Path data) {
        return command.equals("show")
                ? new String[] {"audit", "show", "--data", data.toString(), "1"}
                : new String[] {"audit", command, "--data", data.toString()};
    }

    private static int leaves(Path verdict) throws IOException {
        Matcher leaves = Pattern.compile("([\\d,]+) leaves").matcher(Files.readString(verdict));
        return leaves.find() ? Integer.parseInt(leaves.group(1).replace(",", "")) : 0;
    }

    private Path scenario(Map<String, Integer> ports, Map<String, Spec> specs) throws IOException {
        Path folderOfSpecs = Files.createDirectories(folder.resolve("scenario/specs"));
        StringBuilder gears = new StringBuilder();
        StringBuilder wires = new StringBuilder();
        for (Map.Entry<String, String> dialect : DIALECTS.entrySet()) {
            String name = dialect.getKey();
            Path file = Files.writeString(
                    folderOfSpecs.resolve(name + ".yaml"),
                    "spec:\n  id: d-" + name + "\n  version: 1.0.0\n  " + dialect.getValue() + "\n");
            specs.put(name, Specs.load(file).orThrow());
            ports.put(name, freePort());
            gears.append(
                    "  - { name: in-%s, type: tcp-server, config: { listen: \"127.0.0.1:%d\", spec: specs/%s.yaml } }%n"
                            .formatted(name, ports.get(name), name));
            gears.append("  - { name: sink-%s, type: log, config: { level: info } }%n".formatted(name));
            wires.append("  - { from: in-%s.out, to: sink-%s.in, lane: guaranteed }%n".formatted(name, name));
            wires.append("  - { from: in-%s.error, to: sink-%s.in, lane: guaranteed }%n".formatted(name, name));
        }
        return Files.writeString(
                folder.resolve("scenario/scenario.yaml"),
                "meta: { name: leaks, version: 1.0.0 }\nracks:\n  - name: rack-a\ngears:\n" + gears + "wires:\n"
                        + wires);
    }

    private static void send(int port, byte[] frame) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            byte[] wire = new byte[frame.length + 2];
            wire[0] = (byte) (frame.length >> 8);
            wire[1] = (byte) frame.length;
            System.arraycopy(frame, 0, wire, 2, frame.length);
            socket.getOutputStream().write(wire);
            socket.getOutputStream().flush();
            socket.shutdownOutput();
            socket.setSoTimeout(10_000);
            socket.getInputStream().readAllBytes();
        }
    }

    private static void metrics(String printed, Path into) throws IOException, InterruptedException {
        Matcher address = Pattern.compile("http://127\\.0\\.0\\.1:\\d+").matcher(printed);
        assertThat(address.find()).as(printed).isTrue();
        HttpResponse<String> told = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(address.group() + "/metrics"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(told.statusCode()).isEqualTo(200);
        Files.writeString(into, told.body());
    }

    private void nowhere(List<Card> cards, long seed) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder)) {
            files = all.filter(Files::isRegularFile).toList();
        }
        assertThat(files).hasSizeGreaterThan(8);
        for (Path file : files) {
            String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
            for (int i = 0; i < cards.size(); i++) {
                for (byte[] form : cards.get(i).forms()) {
                    assertThat(content.contains(new String(form, StandardCharsets.ISO_8859_1)))
                            .as(
                                    "card %d of seed %d as %s in %s",
                                    i, seed, HexFormat.of().formatHex(form), file)
                            .isFalse();
                }
            }
        }
    }
}
