package io.fluxrig.node;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fluxrig.signal.FluxEntityId;
import java.time.Instant;

/** What the management API tells of the Racks of a site. */
final class RackJson {
    private RackJson() {}

    static ObjectNode racks(Mixer.Overview overview) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        ArrayNode racks = node.putArray("racks");
        overview.registry().forEach((name, entry) -> racks.add(rack(overview, name, entry)));
        return node;
    }

    /** Without anything but its name where it was forgotten. */
    static ObjectNode one(Mixer.Overview overview, String name) {
        Registry.Entry entry = overview.registry().get(name);
        return entry == null
                ? JsonNodeFactory.instance.objectNode().put("rack", name).put("standing", "forgotten")
                : rack(overview, name, entry);
    }

    private static ObjectNode rack(Mixer.Overview overview, String name, Registry.Entry entry) {
        ObjectNode node = JsonNodeFactory.instance
                .objectNode()
                .put("rack", name)
                .put("standing", entry.standing().word())
                .put("since", Instant.ofEpochSecond(entry.since()).toString())
                .put("by", entry.by())
                .put("why", entry.why())
                .put("key", entry.key().hex());
        entry.grant()
                .ifPresent(grant -> node.put("machine", grant.machine())
                        .put(
                                "entity",
                                FluxEntityId.of(FluxEntityId.Type.RACK, Mixer.MINTING_MACHINE, grant.sequence())
                                        .text()));
        Mixer.Here here = overview.racks().get(name);
        node.put("here", here != null);
        if (here != null) {
            ApiJson.runs(node, here);
        }
        CheckpointLedger.Quarantine quarantine = overview.quarantined().get(name);
        if (quarantine != null) {
            node.put("quarantined", quarantine.why());
        }
        return node;
    }
}
