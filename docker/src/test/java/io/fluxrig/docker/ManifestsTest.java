package io.fluxrig.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxrig.config.Environment;
import io.fluxrig.config.Setting;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1EnvVar;
import io.kubernetes.client.openapi.models.V1PodSpec;
import io.kubernetes.client.openapi.models.V1SecretProjection;
import io.kubernetes.client.openapi.models.V1Volume;
import io.kubernetes.client.openapi.models.V1VolumeMount;
import io.kubernetes.client.openapi.models.V1VolumeProjection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The manifests say what the program understands. */
class ManifestsTest {
    private static Manifests manifests;

    @BeforeAll
    static void everyDocumentFitsTheSchema() throws Exception {
        manifests = Manifests.of(Files.readString(Path.of("kubernetes/fluxrig.yaml")));
        assertThat(manifests.documents()).hasSize(5);
    }

    private static V1Container container() {
        return manifests.container();
    }

    private static V1PodSpec pod() {
        return manifests.pod();
    }

    @Test
    void everyPodFindsAWholeSetOfSettings() {
        for (int pod = 0; pod < manifests.nodes().getSpec().getReplicas(); pod++) {
            Environment environment = Environment.of(variables(container(), "fluxrig-" + pod));
            assertThat(environment.findings()).isEmpty();
            String self = environment.get(Setting.CLUSTER_HOST) + ":" + environment.get(Setting.CLUSTER_PORT);
            assertThat(environment.get(Setting.SEED_NODES).split(",")).contains(self);
            assertThat(environment.config().getStringList("pekko.cluster.roles"))
                    .containsExactly("mixer", "rack");
            assertThat(environment.get(Setting.JDBC_PASSWORD_FILE)).isEqualTo("/etc/fluxrig/database/password");
        }
    }

    /** What a pod of this name finds in its environment. */
    static Map<String, String> variables(V1Container container, String pod) {
        Map<String, String> variables = new HashMap<>();
        for (V1EnvVar variable : container.getEnv()) {
            if (variable.getName().equals("FLUXRIG_JDBC_URL")) {
                variables.put(variable.getName(), "jdbc:postgresql://db.example/fluxrig?user=fluxrig");
            } else if (variable.getValue() != null) {
                variables.put(variable.getName(), variable.getValue().replace("$(POD_NAME)", pod));
            }
        }
        return variables;
    }

    /** What the settings name is mounted, and no secret stands in the environment. */
    @Test
    void theDatabasesPasswordIsAFile() {
        assertThat(container().getVolumeMounts())
                .anyMatch(mount -> mount.getMountPath().equals("/etc/fluxrig/database"));
        assertThat(container().getEnv())
                .filteredOn(variable -> variable.getValueFrom() != null
                        && variable.getValueFrom().getSecretKeyRef() != null)
                .extracting(
                        variable -> variable.getValueFrom().getSecretKeyRef().getKey())
                .containsExactly("url");
    }

    /** Whichever pod is the Mixer signs with the same keys, which lie beside its certificate. */
    @Test
    void everyPodHasTheKeysOfTheMixer() {
        List<V1SecretProjection> secrets = pod().getVolumes().stream()
                .filter(volume -> volume.getName().equals("tls"))
                .flatMap(volume -> volume.getProjected().getSources().stream())
                .map(V1VolumeProjection::getSecret)
                .filter(Objects::nonNull)
                .toList();
        assertThat(secrets).extracting(V1SecretProjection::getName).containsExactly("fluxrig-tls", "fluxrig-mixer");
        assertThat(secrets.get(1).getItems())
                .extracting(item -> item.getPath())
                .containsExactly("root.pem", "mixer.pem");
    }

    /** Every file that a setting names lies under something that is mounted. */
    @Test
    void everyFileThatASettingNamesIsMounted() {
        List<String> mounts = container().getVolumeMounts().stream()
                .map(V1VolumeMount::getMountPath)
                .toList();
        assertThat(container().getEnv())
                .extracting(V1EnvVar::getValue)
                .filteredOn(value -> value != null && value.startsWith("/etc/"))
                .hasSizeGreaterThan(4)
                .allMatch(value -> mounts.stream().anyMatch(mount -> (value + "/").startsWith(mount + "/")));
        assertThat(pod().getVolumes())
                .extracting(V1Volume::getName)
                .containsAll(container().getVolumeMounts().stream()
                        .map(V1VolumeMount::getName)
                        .filter(name -> !name.equals("data"))
                        .toList());
    }

    /** The drain has what is left of the grace period after the pause before it: longer than the longest response timeout. */
    @Test
    void aPodThatStopsIsLeftTimeToAnswerWhatIsUnderWay() {
        long pause = container().getLifecycle().getPreStop().getSleep().getSeconds();
        assertThat(pause).isPositive();
        assertThat(pod().getTerminationGracePeriodSeconds() - pause).isGreaterThan(60);
    }

    @Test
    void aPodHasNoRightsThatItDoesNotNeed() {
        var security = container().getSecurityContext();
        assertThat(security.getReadOnlyRootFilesystem()).isTrue();
        assertThat(security.getAllowPrivilegeEscalation()).isFalse();
        assertThat(security.getCapabilities().getDrop()).containsExactly("ALL");
        assertThat(pod().getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(container().getVolumeMounts())
                .anyMatch(mount -> mount.getMountPath().equals("/data"));
    }

    @Test
    void aLongRecoveryIsNotKilledAndTellsHowFarItIs() {
        var startup = container().getStartupProbe();
        assertThat(startup.getHttpGet().getPath()).isEqualTo("/started");
        assertThat(startup.getPeriodSeconds() * startup.getFailureThreshold()).isGreaterThanOrEqualTo(3_600);
    }
}
