package io.fluxrig.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fluxrig.certs.ApiTls;
import io.fluxrig.signal.FluxException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** A node's management API, as {@code --api} names it. */
final class Api {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration ANSWER = Duration.ofSeconds(30);
    private static final Duration WORK = Duration.ofMinutes(10);

    @Option(
            names = "--api",
            paramLabel = "URL",
            description = "a node's management API (default: ${DEFAULT-VALUE})",
            defaultValue = "${env:FLUXRIG_API:-http://127.0.0.1:8090}")
    private URI url;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "holds the token to show there (default: the token in $FLUXRIG_API_TOKEN)")
    private Optional<Path> tokenFile = Optional.empty();

    @Option(
            names = "--tls",
            paramLabel = "DIR",
            description =
                    "for https: ca.crt, and tls.crt and tls.key where a certificate is to be shown (default: $FLUXRIG_API_TLS)",
            defaultValue = "${env:FLUXRIG_API_TLS}")
    private Optional<Path> tls = Optional.empty();

    private HttpClient client;

    /** Whether the command line itself says {@code --api}, where a command can do without. */
    static boolean isNamed(CommandSpec command) {
        return command.commandLine().getParseResult().hasMatchedOption("--api");
    }

    private HttpClient client() {
        if (client == null) {
            HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5));
            tls.filter(dir -> isSecure()).map(ApiTls::asking).ifPresent(builder::sslContext);
            client = builder.build();
        }
        return client;
    }

    private boolean isSecure() {
        return "https".equals(url.getScheme());
    }

    /** The token to show, never to another machine in clear. */
    private Optional<String> token() {
        Optional<String> token = tokenFile
                .map(Api::read)
                .or(() ->
                        Optional.ofNullable(System.getenv("FLUXRIG_API_TOKEN")).filter(t -> !t.isEmpty()));
        if (token.isPresent() && !isSecure() && !isHere()) {
            throw new FluxException(CliError.TOKEN_IN_CLEAR, url + " is another machine's");
        }
        return token;
    }

    private boolean isHere() {
        try {
            return InetAddress.getByName(url.getHost()).isLoopbackAddress();
        } catch (UnknownHostException | SecurityException unknown) {
            return false;
        }
    }

    private static String read(Path file) {
        try {
            String token = Files.readString(file).strip();
            if (!token.matches("[!-~]{1,200}")) {
                throw new FluxException(CliError.TOKEN, file + " does not hold a token");
            }
            return token;
        } catch (IOException unreadable) {
            throw new FluxException(CliError.TOKEN, file + " cannot be read", unreadable);
        }
    }

    /** A node that is there answers a question at once, or says within some seconds that the Mixer is away. */
    JsonNode get(String path) {
        return send(request(path).timeout(ANSWER).GET());
    }

    /** What a node tells outside of its API, such as {@code metrics}. */
    String text(String path) {
        try {
            URI where = URI.create(url.toString().replaceAll("/+$", "") + "/" + path);
            return exchange(HttpRequest.newBuilder(where).timeout(ANSWER).GET().build())
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
        HttpResponse<String> answer = exchange(request(path).GET().build());
        if (answer.statusCode() == 401 || answer.statusCode() == 403) {
            read(answer);
        }
        return answer.statusCode() == 204;
    }

    private HttpRequest.Builder request(String path) {
        String base = url.toString().replaceAll("/+$", "");
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + "/api/v1/" + path))
                    .timeout(WORK)
                    .header("X-Fluxrig", "cli");
            token().ifPresent(token -> request.header("Authorization", "Bearer " + token));
            return request;
        } catch (IllegalArgumentException malformed) {
            throw new FluxException(CliError.API, "'" + url + "' is not a URL such as http://127.0.0.1:8090");
        }
    }

    private JsonNode send(HttpRequest.Builder request) {
        return read(exchange(request.build()));
    }

    private JsonNode read(HttpResponse<String> response) {
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
            return client().send(request, BodyHandlers.ofString());
        } catch (SSLException untrusted) {
            throw new FluxException(
                    CliError.API,
                    url + " cannot be talked to with TLS: " + untrusted.getMessage()
                            + "; --tls DIR names whom to trust",
                    untrusted);
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

        private final transient JsonNode error;

        ToldByNode(JsonNode error) {
            super(error.path("line").asText());
            this.error = error;
            this.exitCode = error.path("exit").asInt(1);
        }

        int exitCode() {
            return exitCode;
        }

        /** As the node wrote it. */
        JsonNode error() {
            return error;
        }
    }
}
