package io.fluxrig.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** W3C trace context goes in with a signal, stands in the record, comes out in spans, and goes on to whoever is called. */
class TracedSignalTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String CALLER = "00f067aa0ba902b7";

    @TempDir
    private Path folder;

    /** What came out, by what came in. */
    private final Map<String, List<String>> received = new ConcurrentHashMap<>();

    @Test
    void theContextOfTheCallerReachesTheCalled() throws Exception {
        int door = LiveSwitch.freePort();
        HttpServer called = called();
        try (Recorder collector = new Recorder()) {
            Path scenario = Files.writeString(folder.resolve("scenario.yaml"), """
                    meta: { name: traced, version: 1.0.0 }
                    gears:
                      - { name: door, type: http-door, config: { port: %d } }
                      - { name: caller, type: http-caller, config: { url: "http://127.0.0.1:%d/" } }
                    wires:
                      - { from: door.out, to: caller.in, lane: guaranteed }
                    """.formatted(
                            door, called.getAddress().getPort()));
            Path log = Files.createFile(folder.resolve("log"));
            String data = folder.resolve("data").toString();
            try (Program running = Program.start(
                    log,
                    "run",
                    scenario.toString(),
                    "--dev",
                    "--data",
                    data,
                    "--management-port",
                    "0",
                    "--otlp",
                    collector.url(),
                    "--trace-sample",
                    "0")) {
                running.awaitText("runs; management", 0);
                post(door, "well", "00-" + TRACE + "-" + CALLER + "-01", "vendor=1");
                post(door, "broken", "00-" + TRACE + "-0000000000000000-01", "vendor=1");
                Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> received.size() == 2);
                Awaitility.await()
                        .atMost(Duration.ofSeconds(30))
                        .until(() -> sent(collector).contains(raw(TRACE)));
                Awaitility.await("a child of the caller")
                        .atMost(Duration.ofSeconds(30))
                        .until(() -> sent(collector).contains(raw(CALLER)));
                running.terminate();
            }
            assertThat(received.get("well").getFirst()).matches("00-" + TRACE + "-(?!" + CALLER + ")[0-9a-f]{16}-01");
            assertThat(received.get("well").get(1)).isEqualTo("vendor=1");
            assertThat(received.get("broken").getFirst())
                    .as("what is malformed begins a trace of its own")
                    .matches("00-(?!" + TRACE + ")[0-9a-f]{32}-[0-9a-f]{16}-01");
            assertThat(received.get("broken").get(1)).isEmpty();
            JsonNode listed = DemoTest.fluxrig("audit", "verify", "--data", data, "--json")
                    .json();
            assertThat(listed.path("intact").asBoolean()).isTrue();
        } finally {
            called.stop(0);
        }
    }

    private HttpServer called() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.US_ASCII);
                exchange.sendResponseHeaders(200, -1);
                received.put(
                        body,
                        List.of(
                                exchange.getRequestHeaders().getFirst("traceparent"),
                                exchange.getRequestHeaders()
                                        .getOrDefault("tracestate", List.of(""))
                                        .getFirst()));
            }
        });
        server.start();
        return server;
    }

    private static void post(int port, String body, String parent, String state) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
                .header("traceparent", parent)
                .header("tracestate", state)
                .POST(BodyPublishers.ofString(body))
                .build();
        assertThat(HttpClient.newHttpClient()
                        .send(request, BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(202);
    }

    private static String sent(Recorder collector) {
        return new String(collector.bytes(), StandardCharsets.ISO_8859_1);
    }

    private static String raw(String hex) {
        return new String(HexFormat.of().parseHex(hex), StandardCharsets.ISO_8859_1);
    }
}
