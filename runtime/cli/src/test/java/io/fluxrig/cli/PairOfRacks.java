package io.fluxrig.cli;

import io.fluxrig.node.Node;
import io.fluxrig.scenario.DataDir;
import io.fluxrig.scenario.GearJars;
import io.fluxrig.scenario.ScenarioFile;
import io.fluxrig.scenario.ScenarioSigner;
import io.fluxrig.scenario.Trust;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.SigningKey;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** Two Racks in one process over one data directory; rack-a and rack-b where nothing else is said. */
final class PairOfRacks implements AutoCloseable {
    final Path folder;
    final DataDir data;
    private final SigningKey key = SigningKey.generate(new SecureRandom());
    private final String first;
    private final String second;
    private Node node;

    PairOfRacks(Path folder) throws IOException {
        this(folder, "rack-a", "rack-b");
    }

    PairOfRacks(Path folder, String first, String second) throws IOException {
        this.first = first;
        this.second = second;
        this.folder = folder;
        this.data = DataDir.openOrCreate(folder.resolve("data"), Optional.of("pair.test"));
        Path trusted = data.trustDir().resolve("scenario/release.pem");
        if (!Files.exists(trusted)) {
            Files.writeString(trusted, key.publicKey().pem());
        }
    }

    byte[] sign(long serial, String text) throws IOException {
        Path yaml = Files.writeString(folder.resolve("scenario.yaml"), text);
        ScenarioFile.Linted linted = ScenarioFile.lint(yaml, LiveSwitch.types());
        return ScenarioSigner.sign(
                linted.blueprint().orElseThrow(() -> new AssertionError(linted.findings())),
                GearJars.none(),
                data,
                key,
                new ScenarioSigner.Terms(OptionalLong.of(serial), 1_700_000_000L, Optional.empty()));
    }

    /** Starts the first Rack; with an artifact, or with what ran last. */
    void start(Optional<byte[]> artifact) {
        node = Node.start(new Node.Settings(
                first,
                Map.of(),
                data,
                LiveSwitch.types(),
                GearJars.none(),
                Trust.load(data.trustDir()),
                artifact.map(Bytes::wrap),
                "127.0.0.1",
                OptionalInt.of(0),
                Clock.systemUTC(),
                Map.of()));
        node.awaitRunning(Duration.ofSeconds(60));
    }

    void hostOther() throws Exception {
        node.host(second, Map.of()).get(60, TimeUnit.SECONDS);
    }

    Node node() {
        return node;
    }

    String api() {
        return "http://127.0.0.1:" + node.managementPort();
    }

    WireBooks books(String rack) {
        return new WireBooks(data.root(), rack);
    }

    /** Frames with these texts, over one connection. */
    static void send(int port, String... texts) throws IOException {
        send("127.0.0.1", port, texts);
    }

    static void send(String host, int port, String... texts) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), 2_000);
            OutputStream out = socket.getOutputStream();
            for (String text : texts) {
                byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
                out.write(new byte[] {(byte) (bytes.length >> 8), (byte) bytes.length});
                out.write(bytes);
            }
            out.flush();
        }
    }

    @Override
    public void close() {
        if (node != null) {
            node.close();
        }
    }
}
