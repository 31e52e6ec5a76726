package io.fluxrig.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fluxrig.config.Environment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator asks at three in the morning. */
class OperatorCommandsTest {
    @TempDir
    private Path folder;

    private static String verdict(DemoTest.Ran ran, String check) throws IOException {
        for (JsonNode one : ran.json().path("checks")) {
            if (one.path("check").asText().equals(check)) {
                return one.path("verdict").asText();
            }
        }
        return "";
    }

    @Test
    void theDoctorOnlyWarnsWhereNothingHasBegun() throws IOException {
        DemoTest.Ran missing =
                DemoTest.fluxrig("doctor", "--data", folder.resolve("none").toString(), "--json");
        assertThat(missing.exit()).as(missing.out()).isZero();
        assertThat(verdict(missing, "data")).isEqualTo("warning");
        assertThat(folder.resolve("none")).doesNotExist();
        DemoTest.Ran empty = DemoTest.fluxrig("doctor", "--data", folder.toString(), "--json");
        assertThat(empty.exit()).as(empty.out()).isZero();
        assertThat(verdict(empty, "fsync")).isEqualTo("fine");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void theDoctorFindsDamage() throws IOException {
        Path wal = Files.createDirectories(folder.resolve("racks/rack-a/wal"));
        Files.writeString(folder.resolve("site"), "local\n");
        Files.write(wal.resolve("0000000001.seg"), new byte[8192]);
        DemoTest.Ran ran = DemoTest.fluxrig("doctor", "--data", folder.toString(), "--json");
        assertThat(ran.exit()).as(ran.out()).isEqualTo(1);
        assertThat(ran.json().path("healthy").asBoolean()).isFalse();
        assertThat(verdict(ran, "journal")).isEqualTo("failed");
    }

    @Test
    void theDoctorReadsTheFileOfTokens() throws IOException {
        Path tokens = folder.resolve("tokens");
        DemoTest.fluxrig("api", "token", "--name", "vera", "--role", "viewer", "--tokens", tokens.toString());
        assertThat(tokensIn(tokens).verdict()).isEqualTo(Checkup.Verdict.FINE);
        Files.writeString(tokens, "vera viewer not-a-hash\n");
        assertThat(tokensIn(tokens).verdict()).isEqualTo(Checkup.Verdict.FAILED);
        assertThat(tokensIn(folder.resolve("missing")).advice()).isNotEmpty();
    }

    private Checkup.Finding tokensIn(Path file) {
        Environment environment = Environment.of(
                Map.of("FLUXRIG_DATA", folder.resolve("data").toString(), "FLUXRIG_API_TOKENS", file.toString()));
        return new Checkup(environment, Clock.systemUTC())
                .all().stream()
                        .filter(finding -> finding.check().equals("api tokens"))
                        .findFirst()
                        .orElseThrow();
    }

    @Test
    void statusTellsRackVaultAndMembers() throws IOException {
        try (LiveSwitch live = LiveSwitch.start(folder)) {
            DemoTest.Ran ran = DemoTest.fluxrig("status", "--api", live.api(), "--json");
            assertThat(ran.exit()).as(ran.err()).isZero();
            JsonNode status = ran.json();
            assertThat(status.path("phase").asText()).isEqualTo("running");
            assertThat(status.path("members")).hasSize(1);
            assertThat(status.path("vault").path("leaves").asLong()).isPositive();
            assertThat(status.path("links").path("alpha").asText()).isEqualTo("up");
            assertThat(status.path("racks").get(0).path("identity")).isEqualTo(status.path("scenario"));
            assertThat(DemoTest.fluxrig("status", "--api", live.api()).out()).contains("rack-a of swap.test: running");
            assertThat(DemoTest.fluxrig("top", "--api", live.api(), "--count", "1")
                            .out())
                    .contains("leaves/s");
        }
        assertThat(DemoTest.fluxrig("status", "--api", "http://127.0.0.1:1").exit())
                .isEqualTo(1);
    }

    @Test
    void certificatesAreIssuedShownAndReplaced() throws IOException {
        String ca = folder.resolve("ca").toString();
        String tls = folder.resolve("tls").toString();
        assertThat(DemoTest.fluxrig("certs", "init", "--ca", ca, "--site", "pay.example")
                        .exit())
                .isZero();
        assertThat(DemoTest.fluxrig("certs", "init", "--ca", ca).exit()).isEqualTo(7);
        DemoTest.Ran issued = DemoTest.fluxrig(
                "certs",
                "issue",
                "node-1",
                "--ca",
                ca,
                "--host",
                "node-1.example,10.0.0.1",
                "--role",
                "mixer,rack",
                "--out",
                tls);
        assertThat(issued.exit()).as(issued.err()).isZero();
        JsonNode shown = DemoTest.fluxrig("certs", "show", tls, "--json")
                .json()
                .path("certificates")
                .get(0);
        assertThat(shown.path("site").asText()).isEqualTo("pay.example");
        assertThat(shown.path("roles")).extracting(JsonNode::asText).containsExactly("mixer", "rack");
        assertThat(shown.path("hosts")).extracting(JsonNode::asText).isEqualTo(List.of("node-1.example", "10.0.0.1"));
        assertThat(shown.path("daysLeft").asLong()).isEqualTo(89);
        assertThat(Files.getPosixFilePermissions(folder.resolve("tls/tls.key"))).hasSize(2);
        assertThat(DemoTest.fluxrig("certs", "rotate", "--ca", ca, "--switch").exit())
                .isEqualTo(7);
        assertThat(DemoTest.fluxrig("certs", "rotate", "--ca", ca).exit()).isZero();
        assertThat(DemoTest.fluxrig("certs", "show", ca + "/ca.crt", "--json")
                        .json()
                        .path("certificates"))
                .hasSize(2);
        assertThat(DemoTest.fluxrig("certs", "issue", "x", "--ca", ca, "--role", "king", "--out", tls)
                        .exit())
                .isEqualTo(2);
        assertThat(DemoTest.fluxrig("certs", "issue", "x", "--ca", tls, "--out", tls)
                        .err())
                .contains("FLX-7011");
    }
}
