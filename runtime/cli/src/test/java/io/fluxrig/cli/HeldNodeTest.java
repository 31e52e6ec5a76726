package io.fluxrig.cli;

import static io.fluxrig.cli.DemoTest.fluxrig;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that finds damage says where, deletes nothing, takes nothing more, and still lets an auditor read. */
class HeldNodeTest {
    @TempDir
    private static Path folder;

    private static Path data;

    @BeforeAll
    static void aDamagedLog() throws IOException {
        System.setProperty("fluxrig.home", Program.HOME.toString());
        data = folder.resolve("data");
        DemoTest.Ran demo = fluxrig("demo", "--duration", "1s", "--rate", "50", "--json", "--data", data.toString());
        assertThat(demo.exit()).as(demo.err()).isZero();
        Path segment = data.resolve("racks/rack-a/wal/0000000001.seg");
        byte[] bytes = Files.readAllBytes(segment);
        bytes[60_000] ^= 1;
        Files.write(segment, bytes);
    }

    private static String contentOfTheLog() throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.list(data.resolve("racks/rack-a/wal"))) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".seg")).sorted().toList()) {
                all.append(file.getFileName()).append(' ').append(Arrays.hashCode(Files.readAllBytes(file)));
            }
        }
        return all.toString();
    }

    @Test
    void holdingKeepsTheProcessUpAndSaysWhy() throws Exception {
        String before = contentOfTheLog();
        Path log = Files.createFile(folder.resolve("hold.log"));
        int port = LiveSwitch.freePort();
        try (Program held = Program.start(
                log,
                "run",
                "--data",
                data.toString(),
                "--on-damage",
                "hold",
                "--management-port",
                Integer.toString(port))) {
            held.awaitText("holding: up, not ready, read-only", 0);
            assertThat(held.printedSince(0)).contains("FLX-5003").contains("0000000001.seg offset");
            assertThat(get(port, "live").statusCode()).isEqualTo(200);
            HttpResponse<String> ready = get(port, "ready");
            assertThat(ready.statusCode()).isEqualTo(503);
            assertThat(ready.body()).contains("FLX-5003");
            assertThat(fluxrig("audit", "list", "--data", data.toString(), "--limit", "3", "--no-index")
                            .exit())
                    .isZero();
            assertThat(held.terminate()).isZero();
        }
        assertThat(contentOfTheLog()).as("nothing was repaired by forgetting").isEqualTo(before);
    }

    @Test
    void withoutHoldingTheProcessEndsWithTheCodeForSomebodyMustAct() throws Exception {
        Path log = Files.createFile(folder.resolve("exit.log"));
        try (Program ended = Program.start(log, "run", "--data", data.toString(), "--management-port", "0")) {
            assertThat(ended.awaitEnd()).isEqualTo(7);
            assertThat(ended.printedSince(0)).contains("FLX-5003");
        }
    }

    private static HttpResponse<String> get(int port, String what) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/" + what))
                                .build(),
                        BodyHandlers.ofString());
    }
}
