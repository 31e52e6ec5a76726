package io.fluxrig.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import io.fluxrig.scenario.DataDir;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.SigningKey;
import io.fluxrig.signal.VerifyKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MixerKeysTest {
    @TempDir
    private Path folder;

    private DataDir data;
    private Path tls;
    private Config config;

    @BeforeEach
    void begin() throws IOException {
        data = DataDir.openOrCreate(folder.resolve("data"), Optional.of("fleet.test"));
        tls = Files.createDirectories(folder.resolve("tls"));
        config = ConfigFactory.empty().withValue("fluxrig.tls.dir", ConfigValueFactory.fromAnyRef(tls.toString()));
    }

    private SigningKey brought(String file) {
        SigningKey key = SigningKey.generate(new SecureRandom());
        key.writePem(tls.resolve(file));
        return key;
    }

    @Test
    void whatIsMountedBesideTheCertificateIsTheSites() {
        SigningKey root = brought("root.pem");
        SigningKey witness = brought("mixer.pem");
        MixerKeys.check(config);
        MixerKeys keys = MixerKeys.of(data, config);
        assertThat(keys.root().publicKey()).isEqualTo(root.publicKey());
        assertThat(keys.witness().publicKey()).isEqualTo(witness.publicKey());
        assertThat(data.root().resolve("keys/mixer.pem")).doesNotExist();
        assertThat(VerifyKey.readPem(data.trustDir().resolve("witness/fleet.test.mixer.pem")))
                .isEqualTo(witness.publicKey());
    }

    @Test
    void withoutThemTheDataDirectorysAreTaken() {
        MixerKeys.check(config);
        MixerKeys keys = MixerKeys.of(data, config);
        assertThat(keys.root().publicKey())
                .isEqualTo(SigningKey.readPem(data.rootKeyFile()).publicKey());
        assertThat(MixerKeys.of(data, config).witness().publicKey())
                .isEqualTo(keys.witness().publicKey());
    }

    @Test
    void oneWithoutTheOtherStopsAStart() {
        brought("root.pem");
        assertThatThrownBy(() -> MixerKeys.check(config))
                .isInstanceOf(FluxException.class)
                .hasMessageContaining("mixer.pem");
    }
}
