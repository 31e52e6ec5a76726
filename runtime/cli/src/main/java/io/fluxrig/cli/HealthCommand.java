package io.fluxrig.cli;

import io.fluxrig.config.Environment;
import io.fluxrig.config.Setting;
import io.fluxrig.signal.FluxException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code fluxrig health}: for containers that hold no other program. */
@Command(
        name = "health",
        description =
                "Asks the node of this machine whether it lives, or with --ready whether it takes traffic; exit code 0 or 1.",
        footer = {"", "Example: fluxrig health --ready"},
        mixinStandardHelpOptions = true)
final class HealthCommand implements Callable<Integer> {
    @Option(names = "--ready", description = "whether it takes traffic")
    private boolean ready;

    @Override
    public Integer call() throws InterruptedException {
        Environment environment = Environment.ofProcess();
        String host = environment.get(Setting.MANAGEMENT_HOST);
        String there = host.equals("0.0.0.0") || host.equals("::") ? "127.0.0.1" : host;
        URI url = URI.create(
                "http://" + there + ":" + environment.get(Setting.MANAGEMENT_PORT) + (ready ? "/ready" : "/live"));
        HttpRequest request =
                HttpRequest.newBuilder(url).timeout(Duration.ofSeconds(5)).build();
        try (HttpClient client =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build()) {
            return client.send(request, BodyHandlers.discarding()).statusCode() == 200 ? 0 : 1;
        } catch (IOException silent) {
            throw new FluxException(CliError.API, url + " does not answer", silent);
        }
    }
}
