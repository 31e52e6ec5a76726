package io.fluxrig.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import io.fluxrig.config.Environment;
import io.fluxrig.config.Setting;
import io.kubernetes.client.openapi.JSON;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1EnvVar;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import io.kubernetes.client.openapi.models.V1Volume;
import io.kubernetes.client.openapi.models.V1VolumeMount;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The manifests fit the schema of the API, and say what the program understands. */
class ManifestsTest {
    private static final List<JsonElement> DOCUMENTS = new ArrayList<>();
    private static V1StatefulSet nodes;

    @BeforeAll
    static void read() throws Exception {
        new JSON();
        String text = Files.readString(Path.of("kubernetes/fluxrig.yaml"));
        for (Object document : new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(text)) {
            DOCUMENTS.add(JSON.getGson().toJsonTree(document));
        }
        for (JsonElement document : DOCUMENTS) {
            if (kind(document).equals("StatefulSet")) {
                nodes = JSON.getGson().fromJson(document, V1StatefulSet.class);
            }
        }
    }

    private static String kind(JsonElement document) {
        return document.getAsJsonObject().get("kind").getAsString();
    }

    @Test
    void everyDocumentFitsTheSchema() throws Exception {
        for (JsonElement document : DOCUMENTS) {
            switch (kind(document)) {
                case "Service" -> V1Service.validateJsonElement(document);
                case "StatefulSet" -> V1StatefulSet.validateJsonElement(document);
                case "PodDisruptionBudget" -> V1PodDisruptionBudget.validateJsonElement(document);
                case "NetworkPolicy" -> V1NetworkPolicy.validateJsonElement(document);
                default -> throw new AssertionError("nobody checks a " + kind(document));
            }
        }
        assertThat(DOCUMENTS).hasSize(5);
    }

    private static V1Container container() {
        return nodes.getSpec().getTemplate().getSpec().getContainers().getFirst();
    }

    @Test
    void everyPodFindsAWholeSetOfSettings() {
        for (int pod = 0; pod < nodes.getSpec().getReplicas(); pod++) {
            Map<String, String> variables = new HashMap<>();
            for (V1EnvVar variable : container().getEnv()) {
                if (variable.getName().equals("FLUXRIG_JDBC_URL")) {
                    variables.put(variable.getName(), "jdbc:postgresql://db.example/fluxrig?user=fluxrig");
                } else if (variable.getValue() != null) {
                    variables.put(variable.getName(), variable.getValue().replace("$(POD_NAME)", "fluxrig-" + pod));
                }
            }
            Environment environment = Environment.of(variables);
            assertThat(environment.findings()).isEmpty();
            String self = environment.get(Setting.CLUSTER_HOST) + ":" + environment.get(Setting.CLUSTER_PORT);
            assertThat(environment.get(Setting.SEED_NODES).split(",")).contains(self);
            assertThat(environment.config().getStringList("pekko.cluster.roles"))
                    .containsExactly("mixer", "rack");
            assertThat(environment.get(Setting.JDBC_PASSWORD_FILE)).isEqualTo("/etc/fluxrig/database/password");
        }
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
        assertThat(nodes.getSpec().getTemplate().getSpec().getVolumes())
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
        assertThat(nodes.getSpec().getTemplate().getSpec().getTerminationGracePeriodSeconds() - pause)
                .isGreaterThan(60);
    }

    @Test
    void aPodHasNoRightsThatItDoesNotNeed() {
        var security = container().getSecurityContext();
        assertThat(security.getReadOnlyRootFilesystem()).isTrue();
        assertThat(security.getAllowPrivilegeEscalation()).isFalse();
        assertThat(security.getCapabilities().getDrop()).containsExactly("ALL");
        assertThat(nodes.getSpec().getTemplate().getSpec().getSecurityContext().getRunAsNonRoot())
                .isTrue();
        assertThat(container().getVolumeMounts())
                .anyMatch(mount -> mount.getMountPath().equals("/data"));
    }

    @Test
    void aLongRecoveryIsNotKilled() {
        var startup = container().getStartupProbe();
        assertThat(startup.getPeriodSeconds() * startup.getFailureThreshold()).isGreaterThanOrEqualTo(3_600);
        assertThat(nodes.getSpec().getTemplate().getSpec().getTerminationGracePeriodSeconds())
                .isGreaterThan(60);
    }
}
