package io.fluxrig.node;

import io.fluxrig.gear.Intake.SignalClass;
import io.fluxrig.signal.FluxException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
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
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;

/** {@code /live}, {@code /started}, {@code /ready}, {@code /metrics}, {@code /metrics/RACK} for movable Racks, and {@code /api} on the management port; the last besides on a port with TLS, where somebody says so. No data, no secrets, loopback unless told otherwise. */
final class NodeHttp extends AllDirectives {
    private final RackBoard board;
    private final Metrics metrics;
    private final Map<String, Metrics> ofMovable;
    private final Management management;

    /** @param ofMovable metrics of the Racks that this node may host, by name */
    NodeHttp(RackBoard board, Metrics metrics, Map<String, Metrics> ofMovable, Management management) {
        this.board = board;
        this.metrics = metrics;
        this.ofMovable = Map.copyOf(ofMovable);
        this.management = management;
    }

    /** @throws FluxException MANAGEMENT_PORT where the port cannot be listened on */
    ServerBinding start(ActorSystem<?> system, String host, int port) {
        return bound(
                system, host, port, Http.get(system).newServerAt(host, port).bind(routes(false)));
    }

    /**
     * The same for other machines, with TLS.
     *
     * @param listen as host:port
     * @throws FluxException MANAGEMENT_PORT where it cannot be listened on
     */
    ServerBinding startSecured(ActorSystem<?> system, String listen, Supplier<SSLEngine> tls) {
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
                        .bind(routes(true)));
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
                        path("started", this::started),
                        path("ready", this::ready),
                        path("metrics", () -> complete(text(metrics.scrape() + WalMetrics.text()))),
                        path(PathMatchers.segment("metrics").slash(PathMatchers.segment()), this::metricsOf))),
                management.routes(secured));
    }

    private Route metricsOf(String rack) {
        Metrics its = ofMovable.get(rack);
        return its == null
                ? complete(StatusCodes.NOT_FOUND, "no movable Rack of this name may run here\n")
                : complete(text(its.scrapeWhereHosted()));
    }

    /** How far a start is: a long recovery is none of its failures. */
    private Route started() {
        NodeStatus status = board.status();
        return probe(status.started(), status, status.started() ? "started" : "not started", "");
    }

    /** Whether it takes traffic; beside that what its lanes and links are like, which changes nothing of the answer. */
    private Route ready() {
        NodeStatus status = board.status();
        StringBuilder more = new StringBuilder();
        if (!status.degraded().isEmpty()) {
            more.append("\ndegraded: ").append(status.degraded());
        }
        board.activation().map(a -> a.pipeline().credits()).ifPresent(credits -> {
            more.append("\nlane guaranteed ").append(status.degraded().isEmpty() ? "up" : "slow");
            more.append("\nlane hot up");
            for (SignalClass each : SignalClass.values()) {
                more.append("\ncredits %s %d of %d"
                        .formatted(each.name().toLowerCase(Locale.ROOT), credits.used(each), credits.limit(each)));
            }
        });
        status.links().forEach((gear, up) -> more.append('\n').append(gear).append(up ? " up" : " down"));
        return probe(status.ready(), status, status.ready() ? "ready" : "not ready", more.toString());
    }

    private Route probe(boolean good, NodeStatus status, String word, String more) {
        String phase = good ? "" : ": " + status.phase().name().toLowerCase(Locale.ROOT);
        String why = status.why().isEmpty() ? "" : " (" + status.why() + ")";
        return complete(HttpResponse.create()
                .withStatus(good ? StatusCodes.OK : StatusCodes.SERVICE_UNAVAILABLE)
                .withEntity(word + phase + why + more + "\n"));
    }

    private static HttpResponse text(String body) {
        return HttpResponse.create().withEntity(HttpEntities.create(ContentTypes.TEXT_PLAIN_UTF8, body));
    }
}
