package io.fluxrig.scenario;

import io.fluxrig.scenario.Scenario.CodePin;
import io.fluxrig.scenario.Scenario.Endpoint;
import io.fluxrig.scenario.Scenario.GearDef;
import io.fluxrig.scenario.Scenario.Lane;
import io.fluxrig.scenario.Scenario.RackRef;
import io.fluxrig.scenario.Scenario.SpecPin;
import io.fluxrig.scenario.Scenario.Wire;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** A scenario as fluxCBOR and back; reading refuses every key and shape that writing does not make. */
final class ScenarioForm {
    private static final String TYPE = "fluxrig/scenario/1";
    private static final Set<String> KEYS = Set.of(
            "type",
            "site",
            "name",
            "version",
            "serial",
            "issued",
            "expires",
            "racks",
            "gears",
            "wires",
            "specs",
            "code",
            "limits",
            "residency",
            "meta");

    private ScenarioForm() {}

    static FluxException refuse(String what) {
        return new FluxException(ScenarioError.FORM, what);
    }

    static FluxMap toPayload(Scenario s) {
        FluxMap.Builder out = FluxMap.builder()
                .put("type", TYPE)
                .put("site", s.site())
                .put("name", s.name())
                .put("version", s.version())
                .put("serial", s.serial())
                .put("issued", s.issued());
        s.expires().ifPresent(e -> out.put("expires", e));
        out.put("racks", racks(s.racks()));
        out.put("gears", sorted(s.gears(), Comparator.comparing(GearDef::name), ScenarioForm::gear));
        out.put(
                "wires",
                sorted(
                        s.wires(),
                        Comparator.comparing((Wire w) -> w.from().text()).thenComparing(w -> w.to().text()),
                        ScenarioForm::wire));
        FluxMap.Builder specs = FluxMap.builder();
        s.specs()
                .forEach((reference, pin) -> specs.put(
                        reference,
                        FluxMap.builder()
                                .put("sha256", pin.sha256())
                                .put("size", pin.size())
                                .build()));
        out.put("specs", specs.build());
        if (!s.code().isEmpty()) {
            FluxMap.Builder code = FluxMap.builder();
            s.code()
                    .forEach((type, pin) -> code.put(
                            type,
                            FluxMap.builder()
                                    .put("version", pin.version())
                                    .put("sha256", pin.sha256())
                                    .build()));
            out.put("code", code.build());
        }
        if (!s.limitsMap().isEmpty()) {
            out.put("limits", s.limitsMap());
        }
        s.residency().ifPresent(r -> out.put("residency", r.toValue()));
        if (!s.meta().isEmpty()) {
            out.put("meta", s.meta());
        }
        return out.build();
    }

    private static <T> Value sorted(List<T> items, Comparator<T> order, Function<T, Value> form) {
        return Value.of(items.stream().sorted(order).map(form).toList());
    }

    static Value racks(List<RackRef> racks) {
        return sorted(
                racks, Comparator.comparing(r -> r.name().orElse("") + new TreeMap<>(r.labels())), ScenarioForm::rack);
    }

    static List<RackRef> readRacks(FluxMap map) {
        return list(map, "racks").stream().map(ScenarioForm::readRack).toList();
    }

    private static Value rack(RackRef rack) {
        return rack.name()
                .<Value>map(name -> FluxMap.of("name", Value.of(name)))
                .orElseGet(() -> FluxMap.of("labels", texts(rack.labels())));
    }

    private static Value gear(GearDef gear) {
        FluxMap.Builder out = FluxMap.builder()
                .put("name", gear.name())
                .put("type", gear.type())
                .put("config", gear.config());
        gear.deploy().ifPresent(d -> out.put("deploy", d));
        if (!gear.labels().isEmpty()) {
            out.put("labels", texts(gear.labels()));
        }
        return out.build();
    }

    private static Value wire(Wire wire) {
        return FluxMap.builder()
                .put("from", wire.from().text())
                .put("to", wire.to().text())
                .put("lane", wire.lane().text())
                .build();
    }

    static FluxMap texts(Map<String, String> map) {
        FluxMap.Builder out = FluxMap.builder();
        map.forEach(out::put);
        return out.build();
    }

    static Scenario fromPayload(Value payload) {
        FluxMap map = map(payload, "the payload");
        only(map, KEYS);
        if (!text(map, "type").equals(TYPE)) {
            throw refuse("its type is not " + TYPE);
        }
        Scenario scenario = new Scenario(
                text(map, "site"),
                text(map, "name"),
                text(map, "version"),
                positive(map, "serial"),
                positive(map, "issued"),
                map.has("expires") ? Optional.of(positive(map, "expires")) : Optional.empty(),
                readRacks(map),
                list(map, "gears").stream().map(ScenarioForm::readGear).toList(),
                list(map, "wires").stream().map(ScenarioForm::readWire).toList(),
                readSpecs(map(map.get("specs"), "specs")),
                map.has("code") ? readCode(map(map.get("code"), "code")) : Map.of(),
                map.has("limits") ? map(map.get("limits"), "limits") : FluxMap.EMPTY,
                Optional.ofNullable(map.get("residency")).map(Residency::of),
                map.has("meta") ? map(map.get("meta"), "meta") : FluxMap.EMPTY);
        if (!Names.isSite(scenario.site()) || !Names.isName(scenario.name()) || !Names.isVersion(scenario.version())) {
            throw refuse("site, name or version is malformed");
        }
        if (!scenario.toPayload().equals(map)) {
            throw refuse("its lists are not sorted, or something is present with its default");
        }
        scenario.limits();
        return scenario;
    }

    private static RackRef readRack(Value value) {
        FluxMap map = map(value, "a rack");
        only(map, Set.of("name", "labels"));
        return new RackRef(
                map.has("name") ? Optional.of(text(map, "name")) : Optional.empty(),
                map.has("labels") ? readTexts(map.get("labels")) : Map.of());
    }

    private static GearDef readGear(Value value) {
        FluxMap map = map(value, "a gear");
        only(map, Set.of("name", "type", "deploy", "config", "labels"));
        if (!Names.isName(text(map, "name"))) {
            throw refuse("a gear's name is malformed");
        }
        return new GearDef(
                text(map, "name"),
                text(map, "type"),
                map.has("deploy") ? Optional.of(text(map, "deploy")) : Optional.empty(),
                map(map.get("config"), "config"),
                map.has("labels") ? readTexts(map.get("labels")) : Map.of());
    }

    private static Wire readWire(Value value) {
        FluxMap map = map(value, "a wire");
        only(map, Set.of("from", "to", "lane"));
        Lane lane = switch (text(map, "lane")) {
            case "hot" -> Lane.HOT;
            case "guaranteed" -> Lane.GUARANTEED;
            default -> throw refuse("a wire's lane is hot or guaranteed");
        };
        return new Wire(endpoint(text(map, "from")), endpoint(text(map, "to")), lane);
    }

    private static Endpoint endpoint(String text) {
        return Endpoint.parse(text).orElseThrow(() -> refuse("an endpoint is gear.port or rack.gear.port"));
    }

    private static Map<String, SpecPin> readSpecs(FluxMap map) {
        Map<String, SpecPin> specs = new HashMap<>();
        map.forEach((reference, value) -> {
            FluxMap pin = map(value, "a spec");
            only(pin, Set.of("sha256", "size"));
            specs.put(reference, new SpecPin(hash(pin), pin.integer("size", -1)));
        });
        return specs;
    }

    private static Map<String, CodePin> readCode(FluxMap map) {
        Map<String, CodePin> code = new HashMap<>();
        map.forEach((type, value) -> {
            FluxMap pin = map(value, "code");
            only(pin, Set.of("version", "sha256"));
            code.put(type, new CodePin(text(pin, "version"), hash(pin)));
        });
        return code;
    }

    private static Map<String, String> readTexts(Value value) {
        Map<String, String> texts = new HashMap<>();
        FluxMap map = map(value, "labels");
        map.forEach((key, text) -> texts.put(key, text(map, key)));
        return texts;
    }

    private static void only(FluxMap map, Set<String> keys) {
        for (int i = 0; i < map.size(); i++) {
            if (!keys.contains(map.keyAt(i))) {
                throw refuse("it has a key that is not known");
            }
        }
    }

    private static FluxMap map(Value value, String what) {
        if (value instanceof FluxMap map) {
            return map;
        }
        throw refuse(what + " is not a map");
    }

    private static List<Value> list(FluxMap map, String key) {
        if (map.get(key) instanceof Value.Array array) {
            return new ArrayList<>(array.items());
        }
        throw refuse("'" + key + "' is not a list");
    }

    private static String text(FluxMap map, String key) {
        return map.text(key).orElseThrow(() -> refuse("'" + key + "' is not text"));
    }

    private static long positive(FluxMap map, String key) {
        long number = map.integer(key, -1);
        if (number < 0) {
            throw refuse("'" + key + "' is not a number");
        }
        return number;
    }

    private static Bytes hash(FluxMap map) {
        if (map.get("sha256") instanceof Value.Bin bin && bin.value().length() == 32) {
            return bin.value();
        }
        throw refuse("a hash has 32 bytes");
    }
}
