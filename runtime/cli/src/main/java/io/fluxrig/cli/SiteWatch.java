package io.fluxrig.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fluxrig.signal.FluxException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** What the Mixer knows of the Racks. It is asked beside the node, since it takes its time to answer while it moves. */
final class SiteWatch {
    private static final Executor ASIDE =
            task -> Thread.ofPlatform().daemon().name("site").start(task);

    private final Api api;
    private ObjectNode last = JsonNodeFactory.instance.objectNode();
    private CompletableFuture<ObjectNode> asked;

    SiteWatch(Api api) {
        this.api = api;
        this.asked = ask();
    }

    private CompletableFuture<ObjectNode> ask() {
        return CompletableFuture.supplyAsync(this::racks, ASIDE);
    }

    private ObjectNode racks() {
        try {
            return (ObjectNode) api.get("racks");
        } catch (FluxException away) {
            return away(away.line());
        } catch (Api.ToldByNode away) {
            return away(away.getMessage());
        }
    }

    private static ObjectNode away(String why) {
        return JsonNodeFactory.instance.objectNode().put("mixer", why);
    }

    /** Its last answer, {@code racks}, or in {@code mixer} why there is none; neither until it has answered at all. */
    ObjectNode last() {
        if (asked.isDone()) {
            last = asked.join();
            asked = ask();
        }
        return last;
    }
}
