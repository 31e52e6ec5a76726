package io.fluxrig.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** F21: after an OutOfMemoryError or a StackOverflowError nobody can vouch for what is in memory. The process ends, and the next start closes what was open. */
class FatalGearTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"stack", "memory"})
    void aGearThatRuinsTheProcessEndsItAndNothingIsLost(String how) throws Exception {
        int port = LiveSwitch.freePort();
        Path scenario = Files.writeString(folder.resolve("scenario.yaml"), """
                meta: { name: fatal, version: 1.0.0 }
                gears:
                  - { name: door, type: tcp-server, config: { listen: "127.0.0.1:%d" } }
                  - { name: bad, type: fatal, config: { how: %s } }
                  - { name: told, type: log, config: {} }
                wires:
                  - { from: door.out, to: bad.in, lane: guaranteed }
                  - { from: bad.out, to: told.in, lane: guaranteed }
                """.formatted(port, how));
        Path log = Files.createFile(folder.resolve("log"));
        String data = folder.resolve("data").toString();
        try (Program running = start(log, scenario, data)) {
            running.awaitText("runs; management", 0);
            try (Socket socket = new Socket("127.0.0.1", port)) {
                OutputStream out = socket.getOutputStream();
                out.write(new byte[] {0, 3, 'a', 'b', 'c'});
                out.flush();
                assertThat(running.awaitEnd()).as(Files.readString(log)).isNotZero();
            }
        }
        long before = Files.size(log);
        try (Program again = start(log, scenario, data)) {
            again.awaitText("runs; management", before);
            again.terminate();
        }
        JsonNode verdict =
                DemoTest.fluxrig("audit", "verify", "--data", data, "--json").json();
        assertThat(verdict.path("intact").asBoolean()).as(verdict.toString()).isTrue();
        assertThat(verdict.path("openSignals").asLong()).isZero();
        assertThat(DemoTest.fluxrig("audit", "list", "--data", data, "--kind", "failed")
                        .out())
                .as("the signal that was inside has its end")
                .contains("code=FLX-6001");
    }

    private static Program start(Path log, Path scenario, String data) throws IOException {
        return Program.start(log, "run", scenario.toString(), "--dev", "--data", data, "--management-port", "0");
    }
}
