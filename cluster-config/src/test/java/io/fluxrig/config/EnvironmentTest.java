package io.fluxrig.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import io.fluxrig.signal.FluxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EnvironmentTest {
    private static final String SETTLES = "pekko.cluster.split-brain-resolver.down-all-when-unstable";
    private static final Map<String, String> CLUSTER = Map.of(
            "FLUXRIG_PROFILE", "cluster",
            "FLUXRIG_CLUSTER_HOST", "node-1.example",
            "FLUXRIG_SEED_NODES", "node-0.example:7355,node-1.example:7355",
            "FLUXRIG_TLS", "/etc/fluxrig/tls");

    private static Environment with(Map<String, String> base, String key, String value) {
        Map<String, String> both = new HashMap<>(base);
        both.put(key, value);
        return Environment.of(both);
    }

    @Test
    void aProcessWithoutSettingsIsASingleNodeOnLoopback() {
        Config config = Environment.of(Map.of("PATH", "/bin")).config();
        assertThat(config.getString("pekko.remote.artery.canonical.hostname")).isEqualTo("127.0.0.1");
        assertThat(config.getStringList("pekko.cluster.seed-nodes")).isEmpty();
        assertThat(config.getString("pekko.remote.artery.transport")).isEqualTo("tcp");
    }

    @Test
    void severalNodesTalkOverTlsAndResolveASplit() {
        Config config = Environment.of(CLUSTER).config();
        assertThat(config.getString("pekko.remote.artery.transport")).isEqualTo("tls-tcp");
        assertThat(config.getString("pekko.remote.artery.canonical.hostname")).isEqualTo("node-1.example");
        assertThat(config.getInt("pekko.remote.artery.canonical.port")).isEqualTo(7355);
        assertThat(config.getStringList("pekko.cluster.seed-nodes"))
                .containsExactly("pekko://fluxrig@node-0.example:7355", "pekko://fluxrig@node-1.example:7355");
        assertThat(config.getString("fluxrig.tls.dir")).isEqualTo("/etc/fluxrig/tls");
        assertThat(config.getDuration("pekko.cluster.split-brain-resolver.stable-after"))
                .hasSeconds(7);
    }

    @Test
    void aLinkThatFlapsHasTwentySecondsToSettleOrMoreWhereTheQuietTimeIsLong() {
        assertThat(Environment.of(CLUSTER).config().getString(SETTLES)).isEqualTo("20s");
        assertThat(with(CLUSTER, "FLUXRIG_DOWN_AFTER", "26s").config().getString(SETTLES))
                .isEqualTo("20s");
        // Pekko's word for three quarters of it.
        assertThat(with(CLUSTER, "FLUXRIG_DOWN_AFTER", "300s").config().getString(SETTLES))
                .isEqualTo("on");
    }

    @Test
    void theMixerMayMoveWhereItsJournalIsShared() {
        Config alone = Environment.of(CLUSTER).config();
        assertThat(alone.getStringList("pekko.cluster.roles")).containsExactly("rack");
        Config shared = with(CLUSTER, "FLUXRIG_JDBC_URL", "jdbc:postgresql://db.example/fluxrig?user=fluxrig")
                .config();
        assertThat(shared.getStringList("pekko.cluster.roles")).containsExactly("mixer", "rack");
    }

    @Test
    void underKubernetesANodeListensWhereverItsPodLives() {
        Environment environment = with(CLUSTER, "FLUXRIG_PROFILE", "kubernetes");
        assertThat(environment.config().getString("pekko.remote.artery.bind.hostname"))
                .isEqualTo("0.0.0.0");
        assertThat(environment.tell(Setting.ON_DAMAGE))
                .isEqualTo(new Environment.Told(Setting.ON_DAMAGE, "hold", Environment.Source.PROFILE));
    }

    @ParameterizedTest
    @EnumSource
    void everyProfileKeepsJavaSerializationOff(Profile profile) {
        Config config = with(CLUSTER, "FLUXRIG_PROFILE", profile.name().toLowerCase(Locale.ROOT))
                .config();
        assertThat(config.getBoolean("pekko.actor.allow-java-serialization")).isFalse();
        assertThat(config.getString("pekko.cluster.downing-provider-class")).contains("SplitBrainResolver");
    }

    @ParameterizedTest
    @EnumSource
    void aSettingMeansWhatItsExampleShows(Setting setting) {
        assertThat(setting.form().fits(setting.form().example())).isTrue();
        assertThat(setting.fallback())
                .matches(f -> f.isEmpty() || setting.form().fits(f));
        assertThat(with(CLUSTER, setting.key(), "\n").findings())
                .extracting(FluxException::code)
                .contains(ConfigError.MALFORMED);
    }

    @Test
    void namesWhatWasMeant() {
        assertThat(with(Map.of(), "FLUXRIG_RAK", "a").findings())
                .singleElement()
                .extracting(FluxException::what)
                .isEqualTo("FLUXRIG_RAK: did you mean FLUXRIG_RACK?");
    }

    @Test
    void aClusterWithoutSeedNodesDoesNotStart() {
        assertThatThrownBy(() -> with(CLUSTER, "FLUXRIG_SEED_NODES", "").config())
                .hasMessageContaining("FLX-7003")
                .hasMessageContaining("FLUXRIG_SEED_NODES");
    }

    @Test
    void variablesThatKubernetesAddsAreNotSettings() {
        assertThat(with(Map.of(), "FLUXRIG_PORT_8583_TCP_ADDR", "10.0.0.1").findings())
                .isEmpty();
        assertThat(with(Map.of(), "FLUXRIG_RACKS_SERVICE_HOST", "10.0.0.1").findings())
                .isEmpty();
    }

    @Test
    void thereAreFewSettings() {
        assertThat(Setting.values()).hasSizeLessThanOrEqualTo(40);
    }

    /** {@code -Dsettings.write=true} writes it anew. */
    @Test
    void thePageTellsEverySetting() throws Exception {
        Path page = Path.of("../docs/operations/settings.md");
        if (Boolean.getBoolean("settings.write")) {
            Files.createDirectories(page.getParent());
            Files.writeString(page, SettingsPage.text());
        }
        assertThat(Files.readString(page)).isEqualTo(SettingsPage.text());
        assertThat(List.of(Setting.values())).allMatch(s -> SettingsPage.text().contains(s.key()));
    }
}
