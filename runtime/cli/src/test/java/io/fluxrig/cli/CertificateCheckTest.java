package io.fluxrig.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxrig.cli.Checkup.Finding;
import io.fluxrig.cli.Checkup.Verdict;
import io.fluxrig.config.Environment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code fluxrig doctor} says of a node's certificate. */
class CertificateCheckTest {
    @TempDir
    private Path folder;

    private final Map<String, String> settings = new HashMap<>();

    @BeforeEach
    void authority() {
        succeeds("certs", "init", "--ca", folder.resolve("ca").toString(), "--site", "fleet.test");
        settings.put("FLUXRIG_DATA", folder.resolve("data").toString());
        settings.put("FLUXRIG_MANAGEMENT_PORT", "0");
        settings.put("FLUXRIG_TLS", folder.resolve("tls").toString());
    }

    private static void succeeds(String... command) {
        DemoTest.Ran ran = DemoTest.fluxrig(command);
        assertThat(ran.exit()).as(ran.err()).isZero();
    }

    private void issue(String host, int days) {
        succeeds(
                "certs",
                "issue",
                "node-1",
                "--ca",
                folder.resolve("ca").toString(),
                "--host",
                host,
                "--days",
                Integer.toString(days),
                "--out",
                settings.get("FLUXRIG_TLS"));
    }

    private void isOfACluster() {
        settings.put("FLUXRIG_PROFILE", "cluster");
        settings.put("FLUXRIG_CLUSTER_HOST", "localhost");
        settings.put("FLUXRIG_CLUSTER_PORT", "0");
        settings.put("FLUXRIG_SEED_NODES", "localhost:7355");
    }

    private Finding certificate(Duration later) {
        return new Checkup(Environment.of(settings), Clock.offset(Clock.systemUTC(), later))
                .all().stream()
                        .filter(finding -> finding.check().equals("certificate"))
                        .findFirst()
                        .orElseThrow();
    }

    /** The command as docs/operations/management-api.md has it; returns its exit code. */
    private int doctor(String says) throws Exception {
        Path output = Files.createTempFile(folder, "doctor", ".log");
        try (Program doctor = Program.start(output, settings, "doctor")) {
            int exit = doctor.awaitEnd();
            assertThat(Files.readString(output)).contains(says);
            return exit;
        }
    }

    @Test
    void aSingleNodeHasOneForItsApiUnderWhateverName() throws Exception {
        issue("node-1.fluxrig", 90);
        settings.put("FLUXRIG_API_LISTEN", "127.0.0.1:" + LiveSwitch.freePort());
        assertThat(doctor("good for 89 days")).isZero();
        isOfACluster();
        assertThat(doctor("it does not name localhost")).isEqualTo(1);
    }

    @Test
    void aNodeOfAClusterIsNamedByIt() {
        isOfACluster();
        issue("localhost", 90);
        assertThat(certificate(Duration.ZERO).verdict()).isEqualTo(Verdict.FINE);
        issue("node-2.fluxrig", 90);
        assertThat(certificate(Duration.ZERO).verdict()).isEqualTo(Verdict.FAILED);
        assertThat(certificate(Duration.ZERO).advice()).contains("fluxrig certs issue --host");
    }

    @Test
    void oneThatEndsSoonWarnsAndOneThatHasEndedOrNotBegunFails() {
        issue("node-1", 5);
        assertThat(certificate(Duration.ZERO).verdict()).isEqualTo(Verdict.WARNING);
        assertThat(certificate(Duration.ZERO).what()).isEqualTo("good for 4 days");
        Finding ended = certificate(Duration.ofDays(6));
        assertThat(ended.verdict()).isEqualTo(Verdict.FAILED);
        assertThat(ended.what()).startsWith("it ended ");
        Finding early = certificate(Duration.ofDays(-2));
        assertThat(early.verdict()).isEqualTo(Verdict.FAILED);
        assertThat(early.what()).startsWith("it begins ");
        assertThat(early.advice()).contains("set the clock");
    }

    @Test
    void filesThatDoNotBelongTogetherFail() throws Exception {
        issue("node-1", 90);
        Path tls = Path.of(settings.get("FLUXRIG_TLS"));
        byte[] key = Files.readAllBytes(tls.resolve("tls.key"));
        issue("node-1", 90);
        Files.write(tls.resolve("tls.key"), key);
        assertThat(certificate(Duration.ZERO).verdict()).isEqualTo(Verdict.FAILED);
        assertThat(certificate(Duration.ZERO).what()).contains("is not the key of");
        Files.delete(tls.resolve("ca.crt"));
        assertThat(certificate(Duration.ZERO).verdict()).isEqualTo(Verdict.FAILED);
    }

    @Test
    void anApiForOtherMachinesNeedsOne() {
        settings.remove("FLUXRIG_TLS");
        settings.put("FLUXRIG_API_LISTEN", "127.0.0.1:8443");
        assertThat(certificate(Duration.ZERO).verdict()).isEqualTo(Verdict.FAILED);
        assertThat(certificate(Duration.ZERO).what()).contains("FLUXRIG_API_LISTEN needs one");
    }
}
