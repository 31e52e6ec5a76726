package io.fluxrig.scenario;

import io.fluxrig.scenario.Residency.Level;
import io.fluxrig.spec.YamlNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Reads {@code residency}: one word, or a map of level, racks and allow. */
final class ResidencyReader {
    private static final String HINT = "write local, metadata or full";

    private final YamlShape shape;

    ResidencyReader(YamlShape shape) {
        this.shape = shape;
    }

    /** @param named told each name of a Rack, to look whether there is one */
    Optional<Residency> read(YamlNode.Mapping top, Consumer<YamlNode.Scalar> named) {
        YamlNode node = top.get("residency").orElse(null);
        if (!(node instanceof YamlNode.Mapping map)) {
            return shape.text(top, "residency")
                    .map(text -> new Residency(level(text, node), Map.of(), List.of(), List.of()));
        }
        shape.known(map, Set.of("level", "racks", "allow"));
        Level level = shape.text(map, "level")
                .map(text -> level(text, map.get("level").orElseThrow()))
                .orElse(Level.METADATA);
        YamlNode.Mapping allow = shape.mapping(map, "allow");
        if (allow != null) {
            shape.known(allow, Set.of("meta", "data"));
        }
        return Optional.of(new Residency(level, racks(map, named), names(allow, "meta"), names(allow, "data")));
    }

    private Level level(String text, YamlNode at) {
        return Level.of(text).orElseGet(() -> {
            shape.add(at, ScenarioError.VALUE, "residency '" + YamlShape.shorten(text) + "'", HINT);
            return Level.LOCAL;
        });
    }

    private Map<String, Level> racks(YamlNode.Mapping map, Consumer<YamlNode.Scalar> named) {
        Map<String, Level> levels = new TreeMap<>();
        YamlNode.Mapping racks = shape.mapping(map, "racks");
        if (racks != null) {
            racks.entries().values().forEach(entry -> {
                String rack = entry.key().text();
                if (!rack.contains("=")) {
                    named.accept(entry.key());
                }
                shape.text(racks, rack).ifPresent(text -> levels.put(rack, level(text, entry.value())));
            });
        }
        return levels;
    }

    private List<String> names(YamlNode.Mapping allow, String key) {
        List<String> names = new ArrayList<>();
        if (allow == null) {
            return names;
        }
        for (YamlNode item : shape.items(allow, key)) {
            if (item instanceof YamlNode.Scalar scalar
                    && !scalar.isNull()
                    && scalar.text().length() <= 64) {
                names.add(scalar.text());
            } else {
                shape.add(item, ScenarioError.VALUE, "'" + key + "' holds a name", "write - name");
            }
        }
        if (names.size() > Residency.MOST) {
            shape.add(
                    allow,
                    ScenarioError.VALUE,
                    names.size() + " names under '" + key + "'",
                    "at most " + Residency.MOST + " may leave");
            return List.of();
        }
        return names;
    }
}
