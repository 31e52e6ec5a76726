package io.fluxrig.scenario;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxCbor;
import io.fluxrig.signal.FluxEntityId;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.SignedArtifact;
import io.fluxrig.signal.SigningKey;
import io.fluxrig.signal.Value;
import io.fluxrig.signal.VerifyKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Who a Rack is, signed by a root key (FORMATS section 6).
 *
 * @param entity the Rack's entity id
 * @param machines machine ids granted for good
 * @param key the Rack's raw public key
 * @param generation from 1; rises when a Rack begins a new log
 * @param issued unix seconds
 */
public record Passport(
        String site,
        String name,
        long entity,
        List<Integer> machines,
        Bytes key,
        long generation,
        long issued,
        Map<String, String> labels) {

    public static final String CONTENT_TYPE = "application/vnd.fluxrig.passport+cbor";
    private static final String TYPE = "fluxrig/passport/1";

    public Passport {
        machines = List.copyOf(machines);
        labels = Map.copyOf(labels);
        if (!Names.isSite(site) || !Names.isName(name) || machines.isEmpty() || key.length() != 32 || generation < 1) {
            throw new FluxException(ScenarioError.PASSPORT, "site, name, machines, key or generation is malformed");
        }
        if (machines.stream().anyMatch(m -> m < 1 || m > 65_535)) {
            throw new FluxException(ScenarioError.PASSPORT, "a machine id is 1..65535");
        }
    }

    /** The origin of the checkpoints that the Rack signs in this generation (FORMATS section 7). */
    public String origin() {
        return site + "/vault/" + new FluxEntityId(entity).text() + "/" + generation;
    }

    public byte[] sign(SigningKey root) {
        return SignedArtifact.sign(CONTENT_TYPE, FluxCbor.encode(toPayload()), root);
    }

    private FluxMap toPayload() {
        FluxMap.Builder out = FluxMap.builder()
                .put("type", TYPE)
                .put("site", site)
                .put("name", name)
                .put("entity", entity)
                .put(
                        "machines",
                        Value.of(machines.stream()
                                .map(m -> (Value) Value.of(m.longValue()))
                                .toList()))
                .put("key", key)
                .put("generation", generation)
                .put("issued", issued);
        if (!labels.isEmpty()) {
            out.put("labels", ScenarioForm.texts(labels));
        }
        return out.build();
    }

    /** @throws FluxException where no pinned root key has signed it, or it is not a passport */
    public static Passport verify(byte[] file, Collection<VerifyKey> roots) {
        Bytes payload = SignedArtifact.verify(file, CONTENT_TYPE, roots, 1).payload();
        if (!(FluxCbor.decode(payload.unsafeArray(), 0, payload.length(), FluxCbor.MAX_LEAF) instanceof FluxMap map)
                || !map.text("type").orElse("").equals(TYPE)
                || !(map.get("key") instanceof Value.Bin key)
                || !(map.get("machines") instanceof Value.Array machines)) {
            throw new FluxException(ScenarioError.PASSPORT, "its payload is not " + TYPE);
        }
        List<Integer> granted = new ArrayList<>();
        for (Value machine : machines.items()) {
            granted.add(machine instanceof Value.Int i && i.value() == (int) i.value() ? (int) i.value() : 0);
        }
        Map<String, String> labels = new HashMap<>();
        if (map.get("labels") instanceof FluxMap texts) {
            texts.forEach((k, v) -> labels.put(k, texts.text(k).orElse("")));
        }
        Passport passport = new Passport(
                map.text("site").orElse(""),
                map.text("name").orElse(""),
                map.integer("entity", 0),
                granted,
                key.value(),
                map.integer("generation", 0),
                map.integer("issued", 0),
                labels);
        if (!passport.toPayload().equals(map)) {
            throw new FluxException(ScenarioError.PASSPORT, "it has a key that is not known");
        }
        return passport;
    }
}
