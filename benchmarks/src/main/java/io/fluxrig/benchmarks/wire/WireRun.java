package io.fluxrig.benchmarks.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fluxrig.gear.GearTypes;
import io.fluxrig.node.Node;
import io.fluxrig.scenario.DataDir;
import io.fluxrig.scenario.GearJars;
import io.fluxrig.scenario.ScenarioFile;
import io.fluxrig.scenario.ScenarioSigner;
import io.fluxrig.scenario.Ticket;
import io.fluxrig.scenario.Trust;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.SigningKey;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Ours: two nodes of one cluster, signals from a TCP port of the one over a wire into the vault of the other. */
final class WireRun {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private final Path folder;
    private final SigningKey key = SigningKey.generate(new SecureRandom());
    private final GearTypes types = GearTypes.load(WireRun.class.getClassLoader());
    private final int door = freePort();
    private final int first = freePort();
    private final int second = freePort();

    WireRun(Path folder) throws IOException {
        this.folder = folder;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /**
     * Signals a second.
     *
     * @param live from the first byte that is sent to the last acknowledgement of the other vault
     * @param backlog of those that waited while the other node was away, from when the wire is open again to the last acknowledgement
     */
    record Rates(double live, double backlog) {}

    Rates perSecond(int count, byte[] payload) throws Exception {
        DataDir near = DataDir.openOrCreate(folder.resolve("rack-a"), Optional.of("bench.test"));
        DataDir far = DataDir.openOrCreate(folder.resolve("rack-b"), Optional.of("bench.test"));
        for (DataDir data : new DataDir[] {near, far}) {
            Files.writeString(
                    data.trustDir().resolve("scenario/release.pem"),
                    key.publicKey().pem());
        }
        Files.copy(
                near.trustDir().resolve("root/root.pub.pem"),
                far.trustDir().resolve("root/site.pem"),
                StandardCopyOption.REPLACE_EXISTING);
        byte[] artifact = sign(near);
        Files.writeString(ticket(), enrolling("rack-b", SigningKey.readPem(near.rootKeyFile())));
        try (Node a = start("rack-a", near, artifact, first, "mixer", "rack")) {
            a.awaitRunning(PATIENCE);
            double live;
            try (Node b = start("rack-b", far, artifact, second, "rack")) {
                b.awaitRunning(PATIENCE);
                await(a, wire -> wire.path("state").asText().equals("open"));
                send(count / 10, payload);
                await(a, wire -> wire.path("handedOver").asLong() == count / 10);
                long began = System.nanoTime();
                send(count, payload);
                await(a, wire -> wire.path("handedOver").asLong() == count / 10 + count);
                live = count * 1e9 / (System.nanoTime() - began);
            }
            send(count, payload);
            await(a, wire -> wire.path("backlog").asLong() == count);
            try (Node b = start("rack-b", far, artifact, second, "rack")) {
                b.awaitRunning(PATIENCE);
                await(a, wire -> wire.path("handedOver").asLong() > count / 10 + count);
                long began = System.nanoTime();
                long gone = handedOver(a) - count / 10 - count;
                await(a, wire -> wire.path("handedOver").asLong() == count / 10 + 2L * count);
                return new Rates(live, (count - gone) * 1e9 / (System.nanoTime() - began));
            }
        }
    }

    private Path ticket() {
        return folder.resolve("rack-b.ticket");
    }

    private static String enrolling(String rack, SigningKey root) {
        byte[] nonce = new byte[Ticket.NONCE_BYTES];
        new SecureRandom().nextBytes(nonce);
        long until = Instant.now().plusSeconds(3_600).getEpochSecond();
        return new Ticket("bench.test", rack, Bytes.wrap(nonce), until).sign(root);
    }

    private byte[] sign(DataDir data) throws IOException {
        Path yaml = Files.writeString(
                folder.resolve("scenario.yaml"),
                "meta: { name: bench, version: 1.0.0 }\n"
                        + "racks: [{ name: rack-a }, { name: rack-b }]\n"
                        + "gears:\n"
                        + "  - { name: door, type: tcp-server, deploy: rack-a, config: { listen: \"127.0.0.1:" + door
                        + "\", sender-timeout: 1h } }\n"
                        + "  - { name: sink, type: log, deploy: rack-b, config: { level: debug } }\n"
                        + "wires:\n  - { from: door.out, to: sink.in }\n");
        return ScenarioSigner.sign(
                ScenarioFile.lint(yaml, types).blueprint().orElseThrow(),
                GearJars.none(),
                data,
                key,
                new ScenarioSigner.Terms(OptionalLong.of(1), 1_700_000_000L, Optional.empty()));
    }

    private Node start(String rack, DataDir data, byte[] artifact, int port, String... roles) {
        Map<String, String> overrides = new HashMap<>();
        overrides.put("pekko.remote.artery.canonical.port", Integer.toString(port));
        overrides.put("fluxrig.enrol.token-file", ticket().toString());
        overrides.put("pekko.cluster.seed-nodes.0", "pekko://fluxrig@127.0.0.1:" + first);
        for (int i = 0; i < roles.length; i++) {
            overrides.put("pekko.cluster.roles." + i, roles[i]);
        }
        return Node.start(new Node.Settings(
                rack,
                Map.of(),
                data,
                types,
                GearJars.none(),
                Trust.load(data.trustDir()),
                Optional.of(Bytes.wrap(artifact)),
                "127.0.0.1",
                OptionalInt.of(0),
                Clock.systemUTC(),
                overrides));
    }

    private void send(int count, byte[] payload) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", door);
                OutputStream out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16)) {
            for (int i = 0; i < count; i++) {
                out.write(payload.length >> 8);
                out.write(payload.length);
                out.write(payload);
            }
            out.flush();
        }
    }

    private static long handedOver(Node node) throws Exception {
        return wire(node).path("handedOver").asLong();
    }

    private interface Fact {
        boolean holds(JsonNode wire);
    }

    private static JsonNode wire(Node node) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + node.managementPort() + "/api/v1/node");
        String body = HTTP.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                .body();
        return new ObjectMapper().readTree(body).path("wires").path(0);
    }

    private static void await(Node node, Fact fact) throws Exception {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < until) {
            if (fact.holds(wire(node))) {
                return;
            }
            Thread.sleep(10);
        }
        throw new IllegalStateException("the wire does not get there");
    }
}
