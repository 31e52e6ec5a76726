package io.fluxrig.node;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fluxrig.gear.SettingsSchema;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.Hashes;
import io.fluxrig.spec.BlobStore;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCode;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.PathMatcher1;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.http.javadsl.unmarshalling.Unmarshaller;

/**
 * {@code /api/v1}: artifacts and blobs in, what the Racks make of them out. Whoever is let in can only bring what a trusted key has signed. Every change
 * carries the header {@value #HEADER}, which a page in somebody's browser cannot send here.
 */
final class Management extends AllDirectives {
    static final String HEADER = "X-Fluxrig";
    private static final int MOST_REASON = 200;
    private static final long MAX_BODY = 4L << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    /** A look needs nobody but the Mixer. */
    private static final Duration LOOK_PATIENCE = Duration.ofSeconds(10);

    private final ActorSystem<?> system;
    private final ActorRef<Mixer.Command> mixer;
    private final BlobStore blobs;
    private final NodeReport node;
    private final ApiDoor door;
    private final DisclosureRoutes disclosures;

    Management(
            ActorSystem<?> system,
            ActorRef<Mixer.Command> mixer,
            BlobStore blobs,
            NodeReport node,
            ApiDoor door,
            DisclosureRoutes disclosures) {
        this.disclosures = disclosures;
        this.node = node;
        this.door = door;
        this.system = system;
        this.mixer = mixer;
        this.blobs = blobs;
    }

    /** @param secured whether they are reached over TLS */
    Route routes(boolean secured) {
        return pathPrefix(
                "api",
                () -> extractRequest(request -> {
                    Caller caller;
                    try {
                        caller = door.admit(request, secured);
                    } catch (FluxException shut) {
                        return complete(shut(shut));
                    }
                    return pathPrefix("v1", () -> withSizeLimit(MAX_BODY, () -> version1(caller)));
                }));
    }

    private Route version1(Caller caller) {
        return concat(
                get(() -> needing(Role.VIEWER, caller, this::reads)),
                path(
                        DisclosureRoutes.detail(),
                        id -> post(() ->
                                withHeader(() -> needing(Role.AUDITOR, caller, () -> disclosures.of(id, caller))))),
                withHeader(() -> concat(
                        put(() -> needing(Role.OPERATOR, caller, this::blobIn)),
                        post(() -> needing(Role.OPERATOR, caller, () -> orders(caller))))));
    }

    private Route needing(Role role, Caller caller, Supplier<Route> then) {
        try {
            door.require(caller, role);
        } catch (FluxException shut) {
            return complete(shut(shut));
        }
        return then.get();
    }

    private static HttpResponse shut(FluxException why) {
        HttpResponse answer = json(
                why.code() == NodeError.TOKEN_NEEDED || why.code() == NodeError.TOKEN_UNKNOWN
                        ? StatusCodes.UNAUTHORIZED
                        : StatusCodes.FORBIDDEN,
                ApiJson.error(why));
        return answer.status() == StatusCodes.UNAUTHORIZED
                ? answer.addHeader(RawHeader.create("WWW-Authenticate", "Bearer"))
                : answer;
    }

    private Route reads() {
        return concat(
                path("node", () -> complete(json(StatusCodes.OK, node.json()))),
                path("status", () -> onSuccess(look(), reply -> complete(answer(reply, ApiJson::status)))),
                path("signals", () -> parameterMap(this::signals)),
                path(PathMatchers.segment("signals").slash(PathMatchers.segment()), this::signal),
                path("racks", () -> onSuccess(look(), reply -> complete(answer(reply, RackJson::racks)))),
                path("scenarios", () -> onSuccess(look(), reply -> complete(answer(reply, ApiJson::history)))),
                path(blob(), hex -> complete(has(hex) ? StatusCodes.NO_CONTENT : StatusCodes.NOT_FOUND)));
    }

    private Route signals(Map<String, String> parameters) {
        try {
            SignalQuery query = SignalQuery.of(parameters);
            return onSuccess(
                    askMixer(ref -> new Mixer.FindSignals(query, ref)),
                    reply -> complete(answer(reply, SignalJson::list)));
        } catch (FluxException refused) {
            return complete(json(StatusCodes.BAD_REQUEST, ApiJson.error(refused)));
        }
    }

    private Route signal(String id) {
        try {
            SignalQuery query = SignalQuery.of(Map.of("id", id));
            return onSuccess(
                    askMixer(ref -> new Mixer.FindSignals(query, ref))
                            .thenCombine(
                                    askMixer(ref ->
                                            new Mixer.FindAnswers(query.id().orElseThrow(), ref)),
                                    (found, answers) ->
                                            answer(found, signals -> SignalJson.one(id, signals, rows(answers)))),
                    this::complete);
        } catch (FluxException refused) {
            return complete(json(StatusCodes.BAD_REQUEST, ApiJson.error(refused)));
        }
    }

    private static List<SignalBook.Row> rows(SignalReply reply) {
        return reply instanceof SignalReply.Found found ? found.signals() : List.of();
    }

    private CompletionStage<SignalReply> askMixer(Function<ActorRef<SignalReply>, Mixer.Command> question) {
        return AskPattern.ask(mixer, question::apply, PATIENCE, system.scheduler());
    }

    private Route withHeader(Supplier<Route> then) {
        return optionalHeaderValueByName(
                HEADER,
                header -> header.isEmpty()
                        ? complete(json(
                                StatusCodes.FORBIDDEN,
                                ApiJson.error(
                                        new FluxException(NodeError.REQUEST, "a change needs the header " + HEADER))))
                        : then.get());
    }

    private Route orders(Caller caller) {
        return concat(
                path(
                        PathMatchers.segment("racks")
                                .slash(PathMatchers.segment())
                                .slash(PathMatchers.segment()),
                        (rack, order) -> parameterOptional("reason", why -> decide(rack, order, caller, why))),
                path("scenarios", () -> withBytes(file -> answer(ref -> new Mixer.Push(file, ref)))),
                path("plan", () -> withBytes(file -> answer(ref -> new Mixer.Plan(file, ref)))),
                path("policies", () -> withBytes(file -> answer(ref -> new Mixer.Govern(file, ref)))),
                path("rollback", () -> answer(Mixer.Rollback::new)),
                path(
                        PathMatchers.segment("scenarios")
                                .slash(PathMatchers.segment())
                                .slash("activate"),
                        identity -> parameterOptional(
                                "canary",
                                rack -> parameterOptional("quiet", quiet -> activate(identity, rack, quiet)))));
    }

    private Route decide(String rack, String word, Caller caller, Optional<String> why) {
        Optional<Enrolment.Order> order = Stream.of(Enrolment.Order.values())
                .filter(o -> o.name().toLowerCase(Locale.ROOT).equals(word))
                .findFirst();
        if (order.isEmpty() || why.orElse("").length() > MOST_REASON) {
            return complete(json(
                    StatusCodes.BAD_REQUEST,
                    ApiJson.error(new FluxException(
                            NodeError.REQUEST,
                            "a Rack is told approve, suspend or remove, with a reason of at most " + MOST_REASON
                                    + " characters"))));
        }
        return onSuccess(
                look(ref -> new Mixer.Decide(rack, order.get(), caller.name(), why.orElse(""), ref)),
                reply -> complete(answer(reply, overview -> RackJson.one(overview, rack))));
    }

    private Route activate(String identity, Optional<String> rack, Optional<String> quiet) {
        Duration still = SettingsSchema.duration(quiet.orElse("30s"));
        if (still == null) {
            return complete(json(
                    StatusCodes.BAD_REQUEST,
                    ApiJson.error(new FluxException(NodeError.REQUEST, "quiet is a time such as 30s"))));
        }
        return answer(ref -> new Mixer.Activate(identity, rack.map(r -> new Mixer.Canary(r, still)), ref));
    }

    private static PathMatcher1<String> blob() {
        return PathMatchers.segment("blobs").slash("sha256").slash(PathMatchers.segment());
    }

    private Route blobIn() {
        return path(
                blob(),
                hex -> withBytes(bytes -> {
                    if (!Bytes.wrap(Hashes.sha256(bytes.toArray())).hex().equals(hex)) {
                        return complete(json(
                                StatusCodes.BAD_REQUEST,
                                ApiJson.error(new FluxException(
                                        NodeError.BLOB, "they are not sha256:" + hex.replaceAll("[^0-9a-f]", "?")))));
                    }
                    blobs.put(bytes.toArray());
                    return complete(StatusCodes.NO_CONTENT);
                }));
    }

    private boolean has(String hex) {
        return hex.matches("[0-9a-f]{64}")
                && blobs.has(Bytes.wrap(HexFormat.of().parseHex(hex)));
    }

    private Route withBytes(Function<Bytes, Route> then) {
        return entity(Unmarshaller.entityToByteArray(), bytes -> then.apply(Bytes.wrap(bytes)));
    }

    private CompletionStage<Mixer.LookReply> look() {
        return look(Mixer.Look::new);
    }

    /** Asks what the Mixer answers by itself. */
    private CompletionStage<Mixer.LookReply> look(Function<ActorRef<Mixer.LookReply>, Mixer.Command> question) {
        return AskPattern.<Mixer.Command, Mixer.LookReply>ask(mixer, question::apply, LOOK_PATIENCE, system.scheduler())
                .exceptionally(silent -> new Mixer.No(
                        new FluxException(NodeError.SILENT, "the Mixer does not answer; it may be moving")));
    }

    private static HttpResponse answer(Mixer.LookReply reply, Function<Mixer.Overview, ObjectNode> good) {
        return switch (reply) {
            case Mixer.Overview overview -> json(StatusCodes.OK, good.apply(overview));
            case Mixer.No no -> json(StatusCodes.UNPROCESSABLE_CONTENT, ApiJson.error(no.why()));
        };
    }

    private Route answer(Function<ActorRef<Mixer.ReleaseReply>, Mixer.Command> order) {
        CompletionStage<Mixer.ReleaseReply> reply = AskPattern.ask(mixer, order::apply, PATIENCE, system.scheduler());
        return onSuccess(
                reply,
                r -> complete(
                        switch (r) {
                            case Mixer.Done done -> json(StatusCodes.OK, ApiJson.done(done));
                            case Mixer.No no -> json(StatusCodes.UNPROCESSABLE_CONTENT, ApiJson.error(no.why()));
                        }));
    }

    private static HttpResponse answer(SignalReply reply, Function<List<SignalBook.Row>, ObjectNode> good) {
        try {
            return switch (reply) {
                case SignalReply.Found found -> json(StatusCodes.OK, good.apply(found.signals()));
                case SignalReply.No no -> json(StatusCodes.UNPROCESSABLE_CONTENT, ApiJson.error(no.why()));
                case SignalReply.Taken taken -> throw new IllegalStateException("an answer to another question");
            };
        } catch (FluxException none) {
            return json(StatusCodes.NOT_FOUND, ApiJson.error(none));
        }
    }

    private static HttpResponse json(StatusCode status, ObjectNode body) {
        return HttpResponse.create()
                .withStatus(status)
                .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, body + "\n"));
    }
}
