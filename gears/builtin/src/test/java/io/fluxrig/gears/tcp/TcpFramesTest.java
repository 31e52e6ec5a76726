package io.fluxrig.gears.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.Value;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Every row of the attack inputs for TCP ports (FAULTS A18 to A20), with deadlines that are twenty times shorter. */
class TcpFramesTest {
    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final byte[] GOOD = HexFormat.of().parseHex("30323030");
    private static final int FASTER = 20;

    private record Row(String id, List<String> writes, int delayMillis) {
        @SuppressWarnings("unchecked")
        static Row of(Map<String, Object> json) {
            return new Row((String) json.get("id"), (List<String>) json.get("writes_hex"), (Integer)
                    json.getOrDefault("delay_ms", 0));
        }
    }

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    @TestFactory
    @SuppressWarnings("unchecked")
    Stream<DynamicTest> everyRowIsMetAsItSays() throws IOException {
        try (InputStream in = TcpFramesTest.class.getResourceAsStream("/vectors/attack-inputs/tcp_frames.json")) {
            Map<String, Object> file =
                    (Map<String, Object>) new Load(LoadSettings.builder().build()).loadFromInputStream(in);
            List<Map<String, Object>> items = (List<Map<String, Object>>) file.get("items");
            assertThat(items).hasSizeGreaterThanOrEqualTo(12);
            return items.stream().map(Row::of).map(row -> DynamicTest.dynamicTest(row.id(), () -> run(row)));
        }
    }

    private void run(Row row) throws Exception {
        Object[] settings = row.id().startsWith("signed-4-byte")
                ? new Object[] {"frame-timeout", "250ms", "framing", FluxMap.of("bytes", Value.of(4))}
                : new Object[] {"frame-timeout", "250ms", "max-connections", 50};
        try (ServerUnderTest server = new ServerUnderTest(KIT, settings)) {
            if (row.id().equals("connection-flood")) {
                flood(server);
                return;
            }
            try (Peer peer = server.connect()) {
                write(row, peer);
                switch (row.id()) {
                    case "slow-header",
                            "slow-body",
                            "oversize",
                            "zero-length-flood",
                            "http-request",
                            "tls-client-hello-on-plain-port",
                            "signed-4-byte-header-negative" -> {
                        assertThat(peer.isHungUpOn()).isTrue();
                        assertThat(server.door.waitingInside()).isZero();
                    }
                    case "many-frames-one-write" -> takesAllInOrder(server);
                    case "byte-by-byte" ->
                        assertThat(server.door.next().draft().raw().hex()).isEqualTo("30313030");
                    case "half-close-mid-frame" -> assertThat(peer.isHungUpOn()).isTrue();
                    case "reset-mid-frame" -> assertThat(row.writes()).contains("<RST>");
                    default -> throw new AssertionError("no expectation for the row " + row.id());
                }
            }
            // Whatever one peer did, the next one is served, and only whole frames have come in.
            if (!row.id().startsWith("signed-4-byte")) {
                try (Peer next = server.connect()) {
                    next.writeFrame(GOOD);
                    assertThat(server.door.next().draft().raw().hex()).isEqualTo("30323030");
                }
            }
        }
    }

    /** Stops where the server has hung up already. */
    private static void write(Row row, Peer peer) throws IOException {
        try {
            for (String write : row.writes()) {
                switch (write) {
                    case "<FIN>" -> peer.finish();
                    case "<RST>" -> peer.reset();
                    default -> peer.writeHex(write);
                }
                LockSupport.parkNanos(row.delayMillis() * 1_000_000L / FASTER);
            }
        } catch (IOException hungUp) {
            assertThat(row.id()).isIn("slow-body", "slow-header", "zero-length-flood");
        }
    }

    private static void takesAllInOrder(ServerUnderTest server) throws InterruptedException {
        for (int i = 0; i < 500; i++) {
            assertThat(server.door.next().draft().raw().hex()).isEqualTo("30");
        }
    }

    private static void flood(ServerUnderTest server) throws IOException, InterruptedException {
        try (Peer first = server.connect()) {
            first.writeFrame(GOOD);
            server.door.next();
            List<Peer> flood = new ArrayList<>();
            try {
                for (int i = 0; i < 2000; i++) {
                    flood.add(server.connect());
                }
                assertThat(flood.get(1999).isHungUpOn()).isTrue();
                first.writeFrame(GOOD);
                assertThat(server.door.next().draft().raw().hex()).isEqualTo("30323030");
            } finally {
                for (Peer peer : flood) {
                    peer.close();
                }
            }
        }
    }
}
