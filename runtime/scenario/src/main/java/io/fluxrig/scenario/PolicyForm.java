package io.fluxrig.scenario;

import io.fluxrig.scenario.Policy.Grant;
import io.fluxrig.scenario.Scenario.RackRef;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A policy as fluxCBOR and back; reading refuses whatever writing does not make. */
final class PolicyForm {
    private static final String TYPE = "fluxrig/policy/1";

    private PolicyForm() {}

    static FluxException refuse(String what) {
        return new FluxException(ScenarioError.POLICY, what);
    }

    static FluxMap toPayload(Policy p) {
        FluxMap.Builder out = FluxMap.builder()
                .put("type", TYPE)
                .put("site", p.site())
                .put("version", p.version())
                .put("issued", p.issued());
        p.expires().ifPresent(e -> out.put("expires", e));
        out.put(
                "grants",
                Value.of(p.grants().stream()
                        .sorted(Comparator.comparing(Grant::name))
                        .map(PolicyForm::grant)
                        .toList()));
        if (!p.revoked().isEmpty()) {
            out.put("revoked", sortedBytes(new ArrayList<>(p.revoked())));
        }
        if (!p.resets().isEmpty()) {
            FluxMap.Builder resets = FluxMap.builder();
            p.resets().forEach(resets::put);
            out.put("resets", resets.build());
        }
        return out.build();
    }

    private static Value grant(Grant g) {
        FluxMap.Builder out = FluxMap.builder()
                .put("name", g.name())
                .put("keys", sortedBytes(g.keys()))
                .put("threshold", g.threshold());
        if (!g.scenarios().isEmpty()) {
            out.put(
                    "scenarios",
                    Value.of(g.scenarios().stream()
                            .sorted()
                            .<Value>map(Value::of)
                            .toList()));
        }
        if (!g.racks().isEmpty()) {
            out.put("racks", ScenarioForm.racks(g.racks()));
        }
        g.from().ifPresent(f -> out.put("from", f));
        g.until().ifPresent(u -> out.put("until", u));
        return out.build();
    }

    private static Value sortedBytes(List<Bytes> items) {
        return Value.of(items.stream()
                .sorted(Comparator.comparing(Bytes::hex))
                .<Value>map(Value.Bin::new)
                .toList());
    }

    static Policy fromPayload(FluxMap map) {
        if (!map.text("type").orElse("").equals(TYPE)) {
            throw refuse("its type is not " + TYPE);
        }
        Map<String, Long> resets = new HashMap<>();
        if (map.get("resets") instanceof FluxMap listed) {
            listed.forEach((name, serial) -> resets.put(name, listed.integer(name, -1)));
        }
        Policy policy = new Policy(
                map.text("site").orElse(""),
                map.integer("version", 0),
                map.integer("issued", -1),
                number(map, "expires"),
                items(map, "grants").stream().map(PolicyForm::readGrant).toList(),
                new HashSet<>(bytes(map, "revoked")),
                resets);
        if (!toPayload(policy).equals(map)) {
            throw refuse("it has a key that is not known, a list that is not sorted, or something twice");
        }
        return policy;
    }

    private static Grant readGrant(Value value) {
        if (!(value instanceof FluxMap map)) {
            throw refuse("a grant is not a map");
        }
        List<RackRef> racks = map.has("racks") ? ScenarioForm.readRacks(map) : List.of();
        return new Grant(
                map.text("name").orElse(""),
                bytes(map, "keys"),
                (int) Math.min(1_000, map.integer("threshold", 0)),
                items(map, "scenarios").stream()
                        .map(v -> v instanceof Value.Text t ? t.value() : "")
                        .toList(),
                racks,
                number(map, "from"),
                number(map, "until"));
    }

    private static Optional<Long> number(FluxMap map, String key) {
        return map.has(key) ? Optional.of(map.integer(key, -1)) : Optional.empty();
    }

    private static List<Value> items(FluxMap map, String key) {
        return map.get(key) instanceof Value.Array array ? array.items() : List.of();
    }

    /** Keys and ids of keys have 32 bytes. */
    private static List<Bytes> bytes(FluxMap map, String key) {
        return items(map, key).stream()
                .map(v -> {
                    if (v instanceof Value.Bin bin && bin.value().length() == 32) {
                        return bin.value();
                    }
                    throw refuse("'" + key + "' holds something that has not 32 bytes");
                })
                .toList();
    }
}
