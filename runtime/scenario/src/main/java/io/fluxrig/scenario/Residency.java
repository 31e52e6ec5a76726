package io.fluxrig.scenario;

import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.Value;
import io.fluxrig.spec.Spec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a scenario lets out of its Racks about signals, beside what their gears send.
 *
 * @param level where nothing else is said
 * @param racks levels by the name of a Rack, or by a label {@code key=value}
 * @param meta keys of a message's {@code meta} that leave with its metadata, sorted
 * @param data aliases or numbers of elements that do, sorted; never of a classified one
 */
public record Residency(Level level, Map<String, Level> racks, List<String> meta, List<String> data) {
    /** As long as nobody says anything. */
    public static final Residency USUAL = new Residency(Level.METADATA, Map.of(), List.of(), List.of());

    /** A list of names that leave is short, or it is no list of exceptions any more. */
    static final int MOST = 64;

    /** How much may leave. */
    public enum Level {
        /** Nothing but health. */
        LOCAL,
        /** Health, and facts about signals, without payload. */
        METADATA,
        /** As METADATA; payloads still stay in the vault until somebody exports them. */
        FULL;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Optional<Level> of(String text) {
            for (Level level : values()) {
                if (level.text().equals(text)) {
                    return Optional.of(level);
                }
            }
            return Optional.empty();
        }
    }

    public Residency {
        racks = Map.copyOf(racks);
        meta = List.copyOf(new TreeSet<>(meta));
        data = List.copyOf(new TreeSet<>(data));
    }

    /** For one Rack: what is said of its name, else the strictest of what is said of its labels, else what holds for all. */
    public Level on(String rack, Map<String, String> labels) {
        Level named = racks.get(rack);
        return named != null
                ? named
                : labels.entrySet().stream()
                        .map(label -> racks.get(label.getKey() + "=" + label.getValue()))
                        .filter(said -> said != null)
                        .min(Level::compareTo)
                        .orElse(level);
    }

    /** What is wrong with the elements that are let out, by their names as written. Empty where all are described and none is classified. */
    Map<String, String> problems(Collection<Spec> specs) {
        Map<String, String> problems = new TreeMap<>();
        for (String name : data) {
            List<Spec> knowing =
                    specs.stream().filter(spec -> spec.describes(name)).toList();
            if (knowing.isEmpty() && !specs.isEmpty()) {
                problems.put(name, "no spec of this scenario describes it");
            }
            knowing.stream()
                    .filter(spec -> spec.holdsClassified(name))
                    .findFirst()
                    .ifPresent(spec -> problems.put(name, spec + " classifies it"));
        }
        return problems;
    }

    /** @throws FluxException RELEASED with the first element that may not leave */
    void mustHold(Collection<Spec> specs) {
        problems(specs).forEach((name, why) -> {
            throw new FluxException(ScenarioError.RELEASED, "element '" + YamlShape.shorten(name) + "': " + why);
        });
    }

    /** As signed: text where only a level is said. */
    Value toValue() {
        if (racks.isEmpty() && meta.isEmpty() && data.isEmpty()) {
            return Value.of(level.text());
        }
        FluxMap.Builder out = FluxMap.builder().put("level", level.text());
        if (!racks.isEmpty()) {
            FluxMap.Builder levels = FluxMap.builder();
            racks.forEach((rack, said) -> levels.put(rack, said.text()));
            out.put("racks", levels.build());
        }
        FluxMap.Builder allow = FluxMap.builder();
        if (!meta.isEmpty()) {
            allow.put("meta", texts(meta));
        }
        if (!data.isEmpty()) {
            allow.put("data", texts(data));
        }
        FluxMap allowed = allow.build();
        return (allowed.isEmpty() ? out : out.put("allow", allowed)).build();
    }

    private static Value texts(List<String> all) {
        return Value.of(all.stream().<Value>map(Value::of).toList());
    }

    /** @throws FluxException FORM where the value is none that {@link #toValue} makes */
    static Residency of(Value value) {
        if (value instanceof Value.Text text) {
            return new Residency(level(text), Map.of(), List.of(), List.of());
        }
        if (!(value instanceof FluxMap map)) {
            throw malformed();
        }
        Map<String, Level> racks = new TreeMap<>();
        part(map, "racks").forEach((rack, said) -> racks.put(rack, level(said)));
        FluxMap allow = part(map, "allow");
        Residency read = new Residency(level(map.get("level")), racks, names(allow, "meta"), names(allow, "data"));
        if (!Set.of("level", "racks", "allow").containsAll(keys(map))
                || !Set.of("meta", "data").containsAll(keys(allow))) {
            throw malformed();
        }
        return read;
    }

    private static List<String> keys(FluxMap map) {
        List<String> keys = new ArrayList<>();
        map.forEach((key, value) -> keys.add(key));
        return keys;
    }

    private static FluxMap part(FluxMap map, String key) {
        Value value = map.get(key);
        if (value != null && !(value instanceof FluxMap)) {
            throw malformed();
        }
        return value == null ? FluxMap.EMPTY : (FluxMap) value;
    }

    private static List<String> names(FluxMap allow, String key) {
        List<String> names = new ArrayList<>();
        if (allow.get(key) instanceof Value.Array array) {
            for (Value item : array.items()) {
                if (!(item instanceof Value.Text text) || names.size() == MOST) {
                    throw malformed();
                }
                names.add(text.value());
            }
        } else if (allow.has(key)) {
            throw malformed();
        }
        return names;
    }

    private static Level level(Value value) {
        if (value instanceof Value.Text text) {
            return Level.of(text.value()).orElseThrow(Residency::malformed);
        }
        throw malformed();
    }

    private static FluxException malformed() {
        return new FluxException(ScenarioError.FORM, "its residency is malformed");
    }

    /** For people. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(level.text());
        new TreeMap<>(racks)
                .forEach((rack, said) ->
                        text.append(", ").append(rack).append(' ').append(said.text()));
        meta.forEach(key -> text.append(", with meta ").append(key));
        data.forEach(name -> text.append(", with element ").append(name));
        return text.toString();
    }
}
