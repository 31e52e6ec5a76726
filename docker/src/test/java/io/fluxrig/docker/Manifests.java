package io.fluxrig.docker;

import com.google.gson.JsonElement;
import io.kubernetes.client.openapi.JSON;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1PodSpec;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Documents for the API of Kubernetes, each of which fits its schema. */
record Manifests(List<JsonElement> documents) {
    static {
        new JSON();
    }

    /** @throws IllegalArgumentException where one does not fit */
    static Manifests of(String text) throws IOException {
        List<JsonElement> all = new ArrayList<>();
        for (Object document : new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(text)) {
            JsonElement one = JSON.getGson().toJsonTree(document);
            fits(one);
            all.add(one);
        }
        return new Manifests(all);
    }

    private static void fits(JsonElement document) throws IOException {
        switch (kind(document)) {
            case "Service" -> V1Service.validateJsonElement(document);
            case "StatefulSet" -> V1StatefulSet.validateJsonElement(document);
            case "PodDisruptionBudget" -> V1PodDisruptionBudget.validateJsonElement(document);
            case "NetworkPolicy" -> V1NetworkPolicy.validateJsonElement(document);
            default -> throw new IllegalArgumentException("nobody checks a " + kind(document));
        }
    }

    private static String kind(JsonElement document) {
        return document.getAsJsonObject().get("kind").getAsString();
    }

    <T> List<T> all(Class<T> type) {
        String kind = type.getSimpleName().substring("V1".length());
        return documents.stream()
                .filter(document -> kind(document).equals(kind))
                .map(document -> JSON.getGson().fromJson(document, type))
                .toList();
    }

    V1StatefulSet nodes() {
        return all(V1StatefulSet.class).getFirst();
    }

    V1PodSpec pod() {
        return nodes().getSpec().getTemplate().getSpec();
    }

    V1Container container() {
        return pod().getContainers().getFirst();
    }
}
