package io.fluxrig.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxrig.gear.GearTypes;
import io.fluxrig.node.Node;
import io.fluxrig.scenario.DataDir;
import io.fluxrig.scenario.GearJars;
import io.fluxrig.scenario.Trust;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The management API for other machines: TLS or nothing, and a token or a certificate with a role. */
class SecuredApiTest {
    @TempDir
    private Path folder;

    private Node node(Map<String, String> overrides) {
        DataDir data = DataDir.openOrCreate(folder.resolve("data"), Optional.of("fleet.test"));
        return Node.start(new Node.Settings(
                "rack-a",
                Map.of(),
                data,
                GearTypes.load(SecuredApiTest.class.getClassLoader()),
                GearJars.none(),
                Trust.load(data.trustDir()),
                Optional.empty(),
                "127.0.0.1",
                OptionalInt.of(0),
                Clock.systemUTC(),
                overrides));
    }

    private String issue(String name, String role) {
        String out = folder.resolve(name).toString();
        DemoTest.Ran issued = DemoTest.fluxrig(
                "certs",
                "issue",
                name,
                "--ca",
                folder.resolve("ca").toString(),
                "--host",
                "127.0.0.1",
                "--role",
                role,
                "--out",
                out);
        assertThat(issued.exit()).as(issued.err()).isZero();
        return out;
    }

    @Test
    void otherMachinesShowATokenOrACertificateOverTls() throws IOException {
        DemoTest.fluxrig("certs", "init", "--ca", folder.resolve("ca").toString(), "--site", "fleet.test");
        Path trustOnly = Files.createDirectories(folder.resolve("trust-only"));
        Files.copy(folder.resolve("ca/ca.crt"), trustOnly.resolve("ca.crt"));
        Path tokens = folder.resolve("tokens");
        DemoTest.Ran made =
                DemoTest.fluxrig("api", "token", "--name", "vera", "--role", "viewer", "--tokens", tokens.toString());
        Path token = Files.writeString(folder.resolve("vera.token"), made.out());
        int port = LiveSwitch.freePort();
        String url = "https://127.0.0.1:" + port;
        try (Node node = node(Map.of(
                "fluxrig.tls.dir", issue("node", "mixer,rack"),
                "fluxrig.api.listen", "127.0.0.1:" + port,
                "fluxrig.api.tokens", tokens.toString()))) {
            assertThat(ask(url, "--tls", trustOnly.toString(), "--token-file", token.toString())
                            .exit())
                    .isZero();
            DemoTest.Ran unknown = ask(url, "--tls", trustOnly.toString());
            assertThat(unknown.exit()).isEqualTo(7);
            assertThat(unknown.err()).contains("FLX-6056");

            // A certificate of the site says who it is; a node's is none of a person.
            assertThat(ask(url, "--tls", issue("olga", "operator")).exit()).isZero();
            DemoTest.Ran nodes = ask(url, "--tls", folder.resolve("node").toString());
            assertThat(nodes.exit()).isEqualTo(7);
            assertThat(nodes.err()).contains("FLX-6057").contains("viewer, operator or auditor");

            // Who does not know the authority learns nothing, and sends nothing.
            DemoTest.Ran blind = ask(url, "--token-file", token.toString());
            assertThat(blind.exit()).isEqualTo(1);
            assertThat(blind.err()).contains("FLX-9121").contains("--tls");
        }
    }

    private static DemoTest.Ran ask(String url, String... more) {
        List<String> all = new ArrayList<>(List.of("status", "--api", url));
        all.addAll(List.of(more));
        return DemoTest.fluxrig(all.toArray(String[]::new));
    }

    @Test
    void withoutACertificateItDoesNotListenForOthers() throws IOException {
        int port = LiveSwitch.freePort();
        assertThatThrownBy(() -> node(Map.of("fluxrig.api.listen", "0.0.0.0:" + port)))
                .hasMessageContaining("FLX-6059")
                .hasMessageContaining("no certificate");
    }

    @Test
    void aTokenFileThatCannotBeReadStopsTheStart() {
        assertThatThrownBy(() ->
                        node(Map.of("fluxrig.api.tokens", folder.resolve("none").toString())))
                .hasMessageContaining("FLX-6055")
                .hasMessageContaining("none");
    }
}
