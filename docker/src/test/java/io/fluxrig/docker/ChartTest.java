package io.fluxrig.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import io.fluxrig.config.Environment;
import io.fluxrig.config.Setting;
import io.kubernetes.client.openapi.models.V1EnvVar;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1Volume;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Helm makes of the chart: the plain manifests by default, and what each value says where it is set. */
class ChartTest {
    private static final Path CHART = Path.of("helm/fluxrig");
    private static final Path PLAIN = Path.of("kubernetes/fluxrig.yaml");
    private static final String HEAD = """
            # A site of three nodes: kubectl apply -f docker/kubernetes/ (what has to be there before: docs/operations/kubernetes.md)
            # Made from the chart beside it, by its default values: helm template fluxrig docker/helm/fluxrig. Change the chart, not this file.
            """;

    @TempDir
    private Path folder;

    private static TemplateCommand template() {
        return new Helm(CHART).template().withName("fluxrig").withKubeVersion("1.31.0");
    }

    private String with(String values) throws IOException {
        return template()
                .withValuesFile(Files.writeString(folder.resolve("values.yaml"), values))
                .call();
    }

    /** {@code -Dmanifests.write=true} writes them. */
    @Test
    void thePlainManifestsAreWhatItGivesByDefault() throws Exception {
        String made = HEAD + template().call().strip() + "\n";
        if (Boolean.getBoolean("manifests.write")) {
            Files.writeString(PLAIN, made);
        }
        assertThat(Files.readString(PLAIN)).isEqualTo(made);
    }

    @Test
    void helmFindsNothingToComplainAbout() {
        LintResult lint = new Helm(CHART).lint().strict().call();
        assertThat(lint.isFailed()).as(() -> lint.getMessages().toString()).isFalse();
    }

    @Test
    void everyValueIsHeeded() throws Exception {
        Manifests all = Manifests.of(with("""
                image: { repository: registry.example/fluxrig, tag: "9.9" , pullPolicy: Always }
                imagePullSecrets: [{ name: registry }]
                site: shop.example
                nodes: 5
                bootstrap: true
                ports: [{ name: payments, port: 8583 }, { name: press, port: 9000 }]
                networkPolicy:
                  signalsFrom: [{ ipBlock: { cidr: 10.0.0.0/8 } }]
                  metricsFrom: [{ namespaceSelector: { matchLabels: { name: monitoring } } }]
                storage: { size: 5Gi, className: fast }
                resources: { limits: { memory: 2Gi } }
                preStopSeconds: 9
                terminationGracePeriodSeconds: 120
                existing: { tls: a, mixer: b, trust: c, database: d, api: e, tickets: f }
                settings: { FLUXRIG_LOG_FORMAT: json, FLUXRIG_TRACE_SAMPLE: 0.5 }
                podAnnotations: { note: "yes" }
                nodeSelector: { disk: ssd }
                tolerations: [{ key: edge, operator: Exists }]
                """));
        assertThat(all.nodes().getSpec().getReplicas()).isEqualTo(5);
        assertThat(all.container().getArgs()).containsExactly("run", "--bootstrap");
        Environment fifth = Environment.of(ManifestsTest.variables(all.container(), "fluxrig-4"));
        assertThat(fifth.findings()).isEmpty();
        assertThat(fifth.get(Setting.SEED_NODES).split(",")).hasSize(5).contains("fluxrig-4.fluxrig-nodes:7355");
        assertThat(fifth.get(Setting.SITE)).isEqualTo("shop.example");
        assertThat(fifth.get(Setting.LOG_FORMAT)).isEqualTo("json");
        assertThat(fifth.get(Setting.TRACE_SAMPLE)).isEqualTo("0.5");
        assertThat(all.container().getImage()).isEqualTo("registry.example/fluxrig:9.9");
        assertThat(all.container().getPorts())
                .extracting(port -> port.getContainerPort())
                .contains(8583, 9000);
        assertThat(all.all(V1Service.class).getLast().getSpec().getPorts()).hasSize(2);
        assertThat(all.pod().getVolumes())
                .extracting(V1Volume::toString)
                .anyMatch(volume -> volume.contains("name: b"))
                .anyMatch(volume -> volume.contains("secretName: e"))
                .anyMatch(volume -> volume.contains("secretName: f"));
        assertThat(all.pod().getNodeSelector()).containsEntry("disk", "ssd");
        assertThat(all.pod().getTolerations()).hasSize(1);
        assertThat(all.pod().getImagePullSecrets()).hasSize(1);
        assertThat(all.nodes().getSpec().getTemplate().getMetadata().getAnnotations())
                .containsEntry("note", "yes");
        var claim = all.nodes().getSpec().getVolumeClaimTemplates().getFirst().getSpec();
        assertThat(claim.getStorageClassName()).isEqualTo("fast");
        assertThat(claim.getResources().getRequests().get("storage").toSuffixedString())
                .isEqualTo("5Gi");
        var rules = all.all(V1NetworkPolicy.class).getFirst().getSpec().getIngress();
        assertThat(rules).hasSize(3);
        assertThat(rules.getFirst().getFrom()).hasSize(1);
        assertThat(rules.getFirst().getPorts()).hasSize(2);
    }

    /** Then the Mixer is on the first pod, which makes keys of its own where nobody brings them. */
    @Test
    void withoutADatabaseNothingOfItIsAskedFor() throws Exception {
        Manifests all =
                Manifests.of(with("database: { enabled: false }\nnetworkPolicy: { enabled: false }\nnodes: 1\n"));
        assertThat(all.documents()).hasSize(4);
        assertThat(all.container().getEnv())
                .extracting(V1EnvVar::getName)
                .doesNotContain("FLUXRIG_JDBC_URL", "FLUXRIG_JDBC_PASSWORD_FILE");
        assertThat(all.pod().getVolumes()).extracting(V1Volume::getName).doesNotContain("database");
        assertThat(all.pod().getVolumes())
                .filteredOn(volume -> volume.getName().equals("tls"))
                .allMatch(volume ->
                        volume.getProjected().getSources().get(1).getSecret().getOptional());
    }

    @Test
    void objectsAreNamedAsTheRelease() throws Exception {
        Manifests all = Manifests.of(new Helm(CHART)
                .template()
                .withName("east")
                .withKubeVersion("1.31.0")
                .call());
        assertThat(all.nodes().getMetadata().getName()).isEqualTo("east");
        assertThat(ManifestsTest.variables(all.container(), "east-0").get("FLUXRIG_SEED_NODES"))
                .startsWith("east-0.east-nodes:7355,");
    }

    @Test
    void aWrongValueIsRefusedByItsName() {
        for (String wrong : List.of(
                "node: 3",
                "nodes: 0",
                "nodes: three",
                "site: \"Shop Example\"",
                "ports: []",
                "ports: [{ name: cluster, port: 9000 }]",
                "storage: { size: much }",
                "terminationGracePeriodSeconds: 10")) {
            String name = wrong.substring(0, wrong.indexOf(':'));
            assertThatThrownBy(() -> with(wrong)).as(wrong).hasMessageContaining(name);
        }
        assertThatThrownBy(() -> with("settings: { LOG: debug }")).hasMessageContaining("FLUXRIG_");
    }
}
