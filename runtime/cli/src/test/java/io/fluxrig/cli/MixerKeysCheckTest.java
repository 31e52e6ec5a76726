package io.fluxrig.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxrig.config.Environment;
import io.fluxrig.signal.SigningKey;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code fluxrig doctor} says of the keys with which a node signs where it is the Mixer. */
class MixerKeysCheckTest {
    @TempDir
    private Path folder;

    private Path issue(String name, String roles) {
        String ca = folder.resolve("ca").toString();
        DemoTest.fluxrig("certs", "init", "--ca", ca, "--site", "fleet.test");
        Path out = folder.resolve(name);
        DemoTest.Ran issued = DemoTest.fluxrig(
                "certs", "issue", name, "--ca", ca, "--host", "127.0.0.1", "--role", roles, "--out", out.toString());
        assertThat(issued.exit()).as(issued.err()).isZero();
        return out;
    }

    private Optional<Checkup.Finding> keys(Path tls) throws Exception {
        Environment environment = Environment.of(Map.of(
                "FLUXRIG_DATA", folder.resolve("data").toString(),
                "FLUXRIG_TLS", tls.toString(),
                "FLUXRIG_JDBC_URL", "jdbc:postgresql://127.0.0.1:" + LiveSwitch.freePort() + "/postgres?user=mixer"));
        return new Checkup(environment, Clock.systemUTC())
                .all().stream()
                        .filter(finding -> finding.check().equals("mixer keys"))
                        .findFirst();
    }

    @Test
    void tellsWhereTheyAreTakenFrom() throws Exception {
        Path tls = issue("node", "mixer,rack");
        assertThat(keys(tls).orElseThrow().verdict()).isEqualTo(Checkup.Verdict.WARNING);
        SigningKey.generate(new SecureRandom()).writePem(tls.resolve("root.pem"));
        assertThat(keys(tls).orElseThrow().verdict()).isEqualTo(Checkup.Verdict.FAILED);
        SigningKey.generate(new SecureRandom()).writePem(tls.resolve("mixer.pem"));
        assertThat(keys(tls).orElseThrow().verdict()).isEqualTo(Checkup.Verdict.FINE);
    }

    @Test
    void whoIsNeverTheMixerNeedsNone() throws Exception {
        assertThat(keys(issue("node", "rack"))).isEmpty();
    }
}
