package io.fluxrig.node;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fluxrig.scenario.SwapPlan;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.apache.pekko.actor.Address;

/** What the management API tells, as JSON. */
public final class ApiJson {
    private ApiJson() {}

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static ObjectNode error(FluxException why) {
        ObjectNode node = object();
        node.putObject("error")
                .put("code", why.code().code())
                .put("what", why.what())
                .put("line", why.line())
                .put("exit", why.code().category().exitCode());
        return node;
    }

    static ObjectNode done(Mixer.Done done) {
        ObjectNode node = object();
        node.put("name", done.name())
                .put("serial", done.serial())
                .put("identity", done.identity().hex());
        ArrayNode racks = node.putArray("racks");
        done.racks().forEach((rack, report) -> racks.add(report(rack, report)));
        return node;
    }

    private static ObjectNode report(String rack, Report report) {
        ObjectNode node = object().put("rack", rack);
        switch (report) {
            case Report.Fit fit -> {
                node.put("verdict", "verified");
                node.set("plan", plan(fit.plan()));
                node.put("inFlight", fit.inFlight())
                        .put("openExchanges", fit.openExchanges())
                        .put("drainTimeoutMs", fit.drainTimeout().toMillis());
            }
            case Report.Running running ->
                node.put("verdict", "running")
                        .put("pauseMicros", running.pause().toNanos() / 1_000);
            case Report.Governed governed -> node.put("verdict", "in-force").put("version", governed.version());
            case Report.Refused refused -> {
                node.put("verdict", "refused");
                node.setAll(error(refused.why()));
            }
        }
        return node;
    }

    /** Also for {@code scenario plan --from}. */
    public static ObjectNode plan(SwapPlan plan) {
        ObjectNode node = object();
        for (SwapPlan.GearFate fate : SwapPlan.GearFate.values()) {
            list(node, fate.name().toLowerCase(Locale.ROOT), plan.names(fate));
        }
        ArrayNode sockets = node.putArray("sockets");
        plan.sockets()
                .forEach((resource, fate) -> sockets.addObject()
                        .put("resource", resource)
                        .put("fate", fate.name().toLowerCase(Locale.ROOT).replace('_', '-')));
        list(node, "wiresAdded", plan.added());
        list(node, "wiresRemoved", plan.removed());
        return node;
    }

    private static void list(ObjectNode node, String key, List<String> items) {
        ArrayNode array = node.putArray(key);
        items.forEach(array::add);
    }

    /** What every Rack runs that is here; the names of those that are of the site and not here. */
    static ObjectNode status(Mixer.Overview overview) {
        ObjectNode node = object();
        overview.wanted().ifPresent(identity -> node.put("wanted", identity.hex()));
        ArrayNode racks = node.putArray("racks");
        overview.racks().forEach((name, here) -> runs(racks.addObject().put("rack", name), here));
        ArrayNode away = node.putArray("away");
        overview.registry().forEach((name, entry) -> {
            if (entry.standing() == Registry.Standing.APPROVED
                    && !overview.racks().containsKey(name)) {
                away.add(name);
            }
        });
        return node;
    }

    /** What a Rack runs, and on which node, where that is not the one that tells. */
    static void runs(ObjectNode node, Mixer.Here here) {
        node.put("scenario", here.scenario())
                .put("serial", here.serial())
                .put("identity", here.identity().hex());
        Address address = here.ref().path().address();
        if (address.hasGlobalScope()) {
            node.put("node", address.hostPort());
        }
    }

    static ObjectNode history(Mixer.Overview overview) {
        ObjectNode node = object();
        ArrayNode releases = node.putArray("scenarios");
        overview.releases().forEach(r -> {
            ObjectNode release = releases.addObject()
                    .put("name", r.name())
                    .put("version", r.version())
                    .put("serial", r.serial())
                    .put("identity", r.identity().hex())
                    .put("pushed", time(r.at()))
                    .put(
                            "wanted",
                            overview.wanted().filter(r.identity()::equals).isPresent());
            r.returns().map(Bytes::hex).ifPresent(old -> release.put("returns", old));
        });
        ArrayNode events = node.putArray("events");
        overview.events().forEach(e -> {
            ObjectNode event = events.addObject()
                    .put("at", time(e.at()))
                    .put("event", e.what())
                    .put("identity", e.identity().hex());
            if (!e.rack().isEmpty()) {
                event.put("rack", e.rack());
            }
            if (!e.why().isEmpty()) {
                event.put("why", e.why());
            }
        });
        return node;
    }

    private static String time(long seconds) {
        return Instant.ofEpochSecond(seconds).toString();
    }
}
