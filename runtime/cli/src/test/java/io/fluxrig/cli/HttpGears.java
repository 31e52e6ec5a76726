package io.fluxrig.cli;

import com.sun.net.httpserver.HttpServer;
import io.fluxrig.gear.ActorGearType;
import io.fluxrig.gear.Draft;
import io.fluxrig.gear.GearCommand;
import io.fluxrig.gear.GearError;
import io.fluxrig.gear.GearSetup;
import io.fluxrig.gear.Intake;
import io.fluxrig.gear.Outcome;
import io.fluxrig.gear.TraceContext;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxMap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** A door and a way out with headers, as a gear author would write them: small, and with W3C trace context in and out. */
public final class HttpGears {
    private HttpGears() {}

    public record DoorSettings(int port) {}

    public record CallerSettings(String url) {}

    /** Takes what is posted. */
    public static final class Door implements ActorGearType<DoorSettings> {
        @Override
        public String name() {
            return "http-door";
        }

        @Override
        public String summary() {
            return "Takes what is posted";
        }

        @Override
        public Class<DoorSettings> settings() {
            return DoorSettings.class;
        }

        @Override
        public Ports ports(DoorSettings settings) {
            return new Ports(List.of(), List.of("out"));
        }

        @Override
        public boolean reachesOutside() {
            return true;
        }

        @Override
        public Behavior<GearCommand> create(DoorSettings settings, GearSetup setup, Intake intake) {
            HttpServer server = listen(settings.port(), intake);
            setup.ready(true);
            return Behaviors.receive(GearCommand.class)
                    .onSignal(PostStop.class, stopped -> {
                        server.stop(0);
                        return Behaviors.same();
                    })
                    .build();
        }

        private static HttpServer listen(int port, Intake intake) {
            try {
                HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
                server.createContext("/", exchange -> {
                    try (exchange) {
                        Map<String, String> meta = new HashMap<>();
                        for (String header : List.of(TraceContext.TRACEPARENT, TraceContext.TRACESTATE)) {
                            Optional.ofNullable(exchange.getRequestHeaders().getFirst(header))
                                    .ifPresent(value -> meta.put(header, value));
                        }
                        Bytes body = Bytes.wrap(exchange.getRequestBody().readAllBytes());
                        Draft draft = new Draft(0, meta, FluxMap.EMPTY, body, Optional.empty());
                        Intake.Admission admission =
                                intake.offer("out", Intake.SignalClass.REQUEST, draft, 0, end -> {});
                        exchange.sendResponseHeaders(admission instanceof Intake.Accepted ? 202 : 503, -1);
                    }
                });
                server.start();
                return server;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Posts what comes. */
    public static final class Caller implements ActorGearType<CallerSettings> {
        @Override
        public String name() {
            return "http-caller";
        }

        @Override
        public String summary() {
            return "Posts what comes";
        }

        @Override
        public Class<CallerSettings> settings() {
            return CallerSettings.class;
        }

        @Override
        public Ports ports(CallerSettings settings) {
            return new Ports(List.of("in"), List.of());
        }

        @Override
        public boolean reachesOutside() {
            return true;
        }

        @Override
        public Behavior<GearCommand> create(CallerSettings settings, GearSetup setup, Intake intake) {
            HttpClient client = HttpClient.newHttpClient();
            setup.ready(true);
            return Behaviors.receive(GearCommand.class)
                    .onMessage(GearCommand.Deliver.class, deliver -> {
                        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(settings.url()))
                                .POST(BodyPublishers.ofByteArray(
                                        deliver.signal().msg().raw().toArray()));
                        TraceContext.headers(deliver.signal().msg()).forEach(request::header);
                        client.sendAsync(request.build(), BodyHandlers.discarding())
                                .whenComplete(
                                        (answer, problem) -> deliver.delivery().answer(outcome(answer, problem)));
                        return Behaviors.same();
                    })
                    .build();
        }

        private static Outcome outcome(HttpResponse<Void> answer, Throwable problem) {
            return problem == null && answer.statusCode() < 300
                    ? Outcome.sent()
                    : Outcome.fail(GearError.LINK_DOWN, "was not taken");
        }
    }
}
