package io.fluxrig.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fluxrig.signal.FluxException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import picocli.CommandLine.Option;

/** A node's management API, as {@code --api} names it. */
final class Api {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Option(
            names = "--api",
            paramLabel = "URL",
            description = "a node's management API (default: ${DEFAULT-VALUE})",
            defaultValue = "${env:FLUXRIG_API:-http://127.0.0.1:8090}")
    private URI url;

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    JsonNode get(String path) {
        return send(request(path).GET());
    }

    /** What a node tells outside of its API, such as {@code metrics}. */
    String text(String path) {
        try {
            URI where = URI.create(url.toString().replaceAll("/+$", "") + "/" + path);
            return exchange(HttpRequest.newBuilder(where)
                            .timeout(Duration.ofSeconds(30))
                            .GET()
                            .build())
                    .body();
        } catch (IllegalArgumentException malformed) {
            throw new FluxException(CliError.API, "'" + url + "' is not a URL such as http://127.0.0.1:8090");
        }
    }

    JsonNode post(String path, byte[] body) {
        return send(request(path).POST(BodyPublishers.ofByteArray(body)));
    }

    void put(String path, byte[] body) {
        send(request(path).PUT(BodyPublishers.ofByteArray(body)));
    }

    boolean has(String path) {
        return exchange(request(path).GET().build()).statusCode() == 204;
    }

    private HttpRequest.Builder request(String path) {
        String base = url.toString().replaceAll("/+$", "");
        try {
            return HttpRequest.newBuilder(URI.create(base + "/api/v1/" + path))
                    .timeout(Duration.ofMinutes(10))
                    .header("X-Fluxrig", "cli");
        } catch (IllegalArgumentException malformed) {
            throw new FluxException(CliError.API, "'" + url + "' is not a URL such as http://127.0.0.1:8090");
        }
    }

    private JsonNode send(HttpRequest.Builder request) {
        HttpResponse<String> response = exchange(request.build());
        JsonNode body;
        try {
            body = JSON.readTree(response.body().isEmpty() ? "{}" : response.body());
        } catch (JsonProcessingException notOurs) {
            throw new FluxException(
                    CliError.API, url + " answers " + response.statusCode() + " and not as a fluxrig node does");
        }
        if (body.has("error")) {
            throw new ToldByNode(body.path("error"));
        }
        if (response.statusCode() >= 300) {
            throw new FluxException(CliError.API, url + " answers " + response.statusCode());
        }
        return body;
    }

    private HttpResponse<String> exchange(HttpRequest request) {
        try {
            return client.send(request, BodyHandlers.ofString());
        } catch (IOException silent) {
            throw new FluxException(CliError.API, url + " does not answer", silent);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new FluxException(CliError.API, "interrupted");
        }
    }

    /** A refusal as the node told it, with its own number and exit code. */
    static final class ToldByNode extends RuntimeException {
        private final int exitCode;

        ToldByNode(JsonNode error) {
            super(error.path("line").asText());
            this.exitCode = error.path("exit").asInt(1);
        }

        int exitCode() {
            return exitCode;
        }
    }
}
