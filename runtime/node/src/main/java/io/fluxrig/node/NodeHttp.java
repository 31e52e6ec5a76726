package io.fluxrig.node;

import io.fluxrig.signal.FluxException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.ConnectionContext;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.Route;

/** {@code /live}, {@code /ready}, {@code /metrics} and {@code /api} on the management port; the last besides on a port with TLS, where somebody says so. No data, no secrets, loopback unless told otherwise. */
final class NodeHttp extends AllDirectives {
    private final RackBoard board;
    private final Metrics metrics;

    private final Management management;

    private NodeHttp(RackBoard board, Metrics metrics, Management management) {
        this.board = board;
        this.metrics = metrics;
        this.management = management;
    }

    /** @throws FluxException MANAGEMENT_PORT where the port cannot be listened on */
    static ServerBinding start(
            ActorSystem<?> system, String host, int port, RackBoard board, Metrics metrics, Management management) {
        Route routes = new NodeHttp(board, metrics, management).routes(false);
        return bound(
                system, host, port, Http.get(system).newServerAt(host, port).bind(routes));
    }

    /**
     * The same for other machines, with TLS.
     *
     * @param listen as host:port
     * @throws FluxException MANAGEMENT_PORT where it cannot be listened on
     */
    static ServerBinding startSecured(
            ActorSystem<?> system,
            String listen,
            Supplier<SSLEngine> tls,
            RackBoard board,
            Metrics metrics,
            Management management) {
        int colon = listen.lastIndexOf(':');
        String host = listen.substring(0, colon);
        int port = Integer.parseInt(listen.substring(colon + 1));
        return bound(
                system,
                host,
                port,
                Http.get(system)
                        .newServerAt(host, port)
                        .enableHttps(ConnectionContext.httpsServer(tls::get))
                        .bind(new NodeHttp(board, metrics, management).routes(true)));
    }

    private static ServerBinding bound(
            ActorSystem<?> system, String host, int port, CompletionStage<ServerBinding> binding) {
        try {
            return binding.toCompletableFuture().join().addToCoordinatedShutdown(Duration.ofSeconds(1), system);
        } catch (CompletionException failed) {
            throw new FluxException(NodeError.MANAGEMENT_PORT, host + ":" + port + " is taken", failed.getCause());
        }
    }

    private Route routes(boolean secured) {
        return concat(
                get(() -> concat(
                        path("live", () -> complete("live\n")),
                        path("ready", this::ready),
                        path("metrics", () -> complete(text(metrics.scrape()))))),
                management.routes(secured));
    }

    private Route ready() {
        NodeStatus status = board.status();
        StringBuilder body = new StringBuilder(
                status.ready() ? "ready" : "not ready: " + status.phase().name().toLowerCase(Locale.ROOT));
        if (!status.why().isEmpty()) {
            body.append(" (").append(status.why()).append(')');
        }
        if (!status.degraded().isEmpty()) {
            body.append("\ndegraded: ").append(status.degraded());
        }
        status.links().forEach((gear, up) -> body.append('\n').append(gear).append(up ? " up" : " down"));
        return complete(HttpResponse.create()
                .withStatus(status.ready() ? StatusCodes.OK : StatusCodes.SERVICE_UNAVAILABLE)
                .withEntity(body.append('\n').toString()));
    }

    private static HttpResponse text(String body) {
        return HttpResponse.create().withEntity(HttpEntities.create(ContentTypes.TEXT_PLAIN_UTF8, body));
    }
}
