package io.fluxrig.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.PathMatcher1;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.http.javadsl.unmarshalling.Unmarshaller;

/** {@code signals/ID/detail}: what a Rack's vault holds of a signal, asked of the node's own Rack or, by name, of any that the Mixer knows. */
final class DisclosureRoutes extends AllDirectives {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration MIXER_PATIENCE = Duration.ofSeconds(5);
    /** For a Rack that first has to index its log, and short enough for whoever waits for one that is away. */
    private static final Duration RACK_PATIENCE = Duration.ofSeconds(12);

    private static final int MAX_REASON = 400;

    /** As a body says it: {@code {"reveal":true,"reason":"..."}}. */
    private record Look(boolean clear, String reason) {
        static Look of(byte[] body) {
            try {
                JsonNode node = JSON.readTree(body);
                return new Look(
                        node.path("reveal").asBoolean(false),
                        node.path("reason").asText("").strip());
            } catch (IOException notJson) {
                throw new FluxException(NodeError.REQUEST, "the body is {\"reveal\":true,\"reason\":\"...\"}");
            }
        }

        Look {
            if (clear && reason.isEmpty() || reason.length() > MAX_REASON) {
                throw new FluxException(NodeError.REVEAL_REASON, "the reason has " + reason.length() + " characters");
            }
        }
    }

    private final ActorSystem<?> system;
    private final ActorRef<Mixer.Command> mixer;
    private final RackBoard board;

    DisclosureRoutes(ActorSystem<?> system, ActorRef<Mixer.Command> mixer, RackBoard board) {
        this.system = system;
        this.mixer = mixer;
        this.board = board;
    }

    static PathMatcher1<String> detail() {
        return PathMatchers.segment("signals").slash(PathMatchers.segment()).slash("detail");
    }

    /** @param caller who may see into signals */
    Route of(String id, Caller caller) {
        return parameterOptional(
                "rack",
                rack -> entity(
                        Unmarshaller.entityToByteArray(),
                        body -> onSuccess(disclosed(id, caller, rack, body), told -> complete(answer(told)))));
    }

    private CompletionStage<Disclosed> disclosed(String id, Caller caller, Optional<String> rack, byte[] body) {
        try {
            long signal = FluxId.parse(id);
            Look look = Look.of(body);
            return rackNamed(rack)
                    .thenCompose(ref -> AskPattern.<Rack.Command, Disclosed>ask(
                            ref,
                            replyTo -> new Rack.Disclose(signal, caller.name(), look.clear(), look.reason(), replyTo),
                            RACK_PATIENCE,
                            system.scheduler()))
                    .exceptionally(absent -> new Disclosed.No(away(rack, absent)));
        } catch (FluxException refused) {
            return CompletableFuture.completedFuture(new Disclosed.No(refused));
        }
    }

    private CompletionStage<ActorRef<Rack.Command>> rackNamed(Optional<String> name) {
        return name.isEmpty()
                ? board.rack()
                : AskPattern.<Mixer.Command, Mixer.LookReply>ask(
                                mixer, Mixer.Look::new, MIXER_PATIENCE, system.scheduler())
                        .thenApply(reply -> switch (reply) {
                            case Mixer.No no -> throw no.why();
                            case Mixer.Overview overview ->
                                Optional.ofNullable(overview.racks().get(name.get()))
                                        .map(Mixer.Here::ref)
                                        .orElseThrow(() -> away(name));
                        });
    }

    private static FluxException away(Optional<String> rack, Throwable absent) {
        return absent.getCause() instanceof FluxException refusal ? refusal : away(rack);
    }

    private static FluxException away(Optional<String> rack) {
        return new FluxException(
                NodeError.RACK_AWAY,
                rack.map(name -> "'" + LeafJson.printable(name) + "' does not answer")
                        .orElse("the Rack of this node does not answer"));
    }

    private static HttpResponse answer(Disclosed told) {
        return switch (told) {
            case Disclosed.Story story -> json(HttpResponse.create().withStatus(StatusCodes.OK), story.json());
            case Disclosed.No no ->
                json(
                        HttpResponse.create()
                                .withStatus(
                                        no.why().code().number() == NodeError.NOT_IN_VAULT.number()
                                                ? StatusCodes.NOT_FOUND
                                                : StatusCodes.UNPROCESSABLE_CONTENT),
                        Bytes.wrap(ApiJson.error(no.why()).toString().getBytes(StandardCharsets.UTF_8)));
        };
    }

    private static HttpResponse json(HttpResponse answer, Bytes body) {
        return answer.withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, body.unsafeArray()));
    }
}
