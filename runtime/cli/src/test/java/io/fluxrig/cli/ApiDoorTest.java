package io.fluxrig.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxrig.gear.GearTypes;
import io.fluxrig.node.Node;
import io.fluxrig.scenario.DataDir;
import io.fluxrig.scenario.GearJars;
import io.fluxrig.scenario.Trust;
import io.fluxrig.signal.FluxId;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that listens to the network tells it how it is, and takes orders from its own machine alone. */
class ApiDoorTest {
    @TempDir
    private Path folder;

    private static int status(InetAddress host, int port, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://" + host.getHostAddress() + ":" + port + "/" + path))
                .header("X-Forwarded-For", "127.0.0.1")
                .build();
        return HttpClient.newHttpClient()
                .send(request, BodyHandlers.discarding())
                .statusCode();
    }

    @Test
    void theApiAnswersItsOwnMachineAndNobodyElse() throws Exception {
        DataDir data = DataDir.openOrCreate(folder.resolve("data"), Optional.empty());
        try (Node node = Node.start(new Node.Settings(
                "rack-a",
                Map.of(),
                data,
                GearTypes.load(ApiDoorTest.class.getClassLoader()),
                GearJars.none(),
                Trust.load(data.trustDir()),
                Optional.empty(),
                "0.0.0.0",
                OptionalInt.of(0),
                Clock.systemUTC(),
                Map.of()))) {
            int port = node.managementPort();
            assertThat(status(InetAddress.getLoopbackAddress(), port, "api/v1/node"))
                    .isEqualTo(200);
            // Without a token file it changes what runs, and sees into no signal.
            DemoTest.Ran detail = DemoTest.fluxrig(
                    "audit", "show", FluxId.text(42), "--api", "http://127.0.0.1:" + port, "--reveal", "--reason", "x");
            assertThat(detail.exit()).isEqualTo(7);
            assertThat(detail.err()).contains("FLX-6058").contains("no token file");
            Optional<InetAddress> away = NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(a -> a instanceof Inet4Address && !a.isLoopbackAddress())
                    .findFirst();
            Assumptions.assumeTrue(away.isPresent(), "this machine has no address but loopback");
            assertThat(status(away.get(), port, "live")).isEqualTo(200);
            assertThat(status(away.get(), port, "api/v1/node")).isEqualTo(403);
        }
    }
}
