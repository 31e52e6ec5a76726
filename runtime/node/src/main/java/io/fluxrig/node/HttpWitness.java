package io.fluxrig.node;

import io.fluxrig.audit.WitnessRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A witness that speaks C2SP tlog-witness. One that does not know the Rack yet is shown its passport. */
final class HttpWitness implements CheckpointOverseer {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int MAX_LINE = 1024;

    private final URI base;
    private final Path passport;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    HttpWitness(URI base, Path passport) {
        this.base = base;
        this.passport = passport;
    }

    @Override
    public String name() {
        return base.toString();
    }

    @Override
    public Seen show(WitnessRequest request) {
        try {
            HttpResponse<String> answer = post("add-checkpoint", request.encode());
            if (answer.statusCode() == 404) {
                post("add-passport", Files.readAllBytes(passport));
                answer = post("add-checkpoint", request.encode());
            }
            return seen(answer);
        } catch (IOException unreachable) {
            return new NoAnswer(String.valueOf(unreachable.getMessage()));
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return new NoAnswer("the Rack stops");
        }
    }

    private HttpResponse<String> post(String what, byte[] body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(base.resolve("/" + what))
                .timeout(PATIENCE)
                .POST(BodyPublishers.ofByteArray(body))
                .build();
        return http.send(request, BodyHandlers.ofString());
    }

    private static Seen seen(HttpResponse<String> answer) {
        String body = answer.body().strip();
        return switch (answer.statusCode()) {
            case 200 -> body.length() <= MAX_LINE ? new Cosigned(body + "\n") : new NoAnswer("a line that is too long");
            case 409 ->
                body.matches("[0-9]{1,18}") ? new Remembers(Long.parseLong(body)) : new NoAnswer("a size that is none");
            case 422 -> new Denied(body.substring(0, Math.min(200, body.length())));
            default -> new NoAnswer("status " + answer.statusCode());
        };
    }
}
