package io.fluxrig.spec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One spec over the one that it extends: what it says wins, word by word. An element under {@code wire.fields}, a format and a code are replaced as a whole; the rules
 * of a field and transitions are tried before those below; parts and checks are found by what names them.
 */
final class Merge {
    private static final Pattern ELEMENT = Pattern.compile("(?:Field)?0*(\\d{1,3})");
    private static final Set<String> OWN = Set.of("id", "version", "extends");
    private static final Pattern WHOLE = Pattern.compile(
            "/wire/(fields|header)/.*|/wire/header|/fields/[^/]+/(format|crypto|validValues)|.*/parts/[^/]+/(format|crypto|validValues)|/enums/[^/]+/values/.*");
    private static final Pattern FIRST = Pattern.compile("/fields/.*/messages|/messages/transitions");

    private final Map<YamlNode, String> files;

    /** @param files which file a node came from; merged nodes are added */
    Merge(Map<YamlNode, String> files) {
        this.files = files;
    }

    YamlNode.Mapping spec(YamlNode.Mapping below, YamlNode.Mapping above) {
        Map<String, YamlNode.Entry> kept = new LinkedHashMap<>(below.entries());
        OWN.forEach(kept::remove);
        return map("", new YamlNode.Mapping(kept, below.line(), below.column()), above);
    }

    private YamlNode.Mapping map(String path, YamlNode.Mapping below, YamlNode.Mapping above) {
        boolean numbered = path.equals("/fields") || path.equals("/wire/fields");
        Map<String, YamlNode.Entry> entries = new LinkedHashMap<>();
        below.entries().forEach((key, entry) -> entries.put(numbered ? number(key) : key, entry));
        above.entries().forEach((key, entry) -> {
            String name = numbered ? number(key) : key;
            YamlNode.Entry under = entries.get(name);
            // A key that stands twice in one file must still be found twice.
            boolean again = under != null && fileOf(under.key()).equals(fileOf(entry.key()));
            if (again) {
                entries.put(key, entry);
            } else if (under == null) {
                entries.put(name, entry);
            } else {
                entries.put(
                        name, new YamlNode.Entry(entry.key(), node(path + "/" + name, under.value(), entry.value())));
            }
        });
        other(entries, above, "values_ref", "validValues");
        other(entries, above, "validValues", "values_ref");
        YamlNode.Mapping merged = new YamlNode.Mapping(entries, above.line(), above.column());
        files.put(merged, fileOf(above));
        return merged;
    }

    private static void other(
            Map<String, YamlNode.Entry> entries, YamlNode.Mapping above, String said, String overruled) {
        if (above.entries().containsKey(said) && !above.entries().containsKey(overruled)) {
            entries.remove(overruled);
        }
    }

    private YamlNode node(String path, YamlNode below, YamlNode above) {
        if (WHOLE.matcher(path).matches()) {
            return above;
        }
        if (below instanceof YamlNode.Mapping a && above instanceof YamlNode.Mapping b) {
            return map(path, a, b);
        }
        if (below instanceof YamlNode.Sequence a && above instanceof YamlNode.Sequence b) {
            return list(path, a, b);
        }
        return above;
    }

    private YamlNode list(String path, YamlNode.Sequence below, YamlNode.Sequence above) {
        if (FIRST.matcher(path).matches()) {
            return joined(
                    Stream.concat(above.items().stream(), below.items().stream())
                            .toList(),
                    above);
        }
        if (path.equals("/references")) {
            return joined(
                    Stream.concat(below.items().stream(), above.items().stream())
                            .toList(),
                    above);
        }
        if (path.equals("/checks")) {
            return byName(path, below, above, Merge::name);
        }
        return path.endsWith("/parts") ? byName(path, below, above, Merge::part) : above;
    }

    private interface Naming {
        String of(YamlNode node, int index);
    }

    private YamlNode byName(String path, YamlNode.Sequence below, YamlNode.Sequence above, Naming naming) {
        Map<String, YamlNode> named = new LinkedHashMap<>();
        for (int i = 0; i < below.items().size(); i++) {
            named.put(naming.of(below.items().get(i), i), below.items().get(i));
        }
        List<YamlNode> twice = new ArrayList<>();
        for (int i = 0; i < above.items().size(); i++) {
            YamlNode item = above.items().get(i);
            String name = naming.of(item, i);
            YamlNode under = named.get(name);
            if (under != null && fileOf(under).equals(fileOf(item))) {
                twice.add(item);
            } else {
                boolean merges = under != null && !path.equals("/checks");
                named.put(name, merges ? node(path + "/" + name, under, item) : item);
            }
        }
        return joined(Stream.concat(named.values().stream(), twice.stream()).toList(), above);
    }

    private static String name(YamlNode check, int index) {
        return check instanceof YamlNode.Mapping map ? map.text("name").orElse("#" + index) : "#" + index;
    }

    private static String part(YamlNode part, int index) {
        return part instanceof YamlNode.Mapping map
                ? map.text("tag")
                        .or(() -> map.text("id"))
                        .orElse(Integer.toString(index + 1))
                        .toUpperCase(Locale.ROOT)
                : "#" + index;
    }

    private YamlNode.Sequence joined(List<YamlNode> items, YamlNode.Sequence above) {
        YamlNode.Sequence joined = new YamlNode.Sequence(items, above.line(), above.column());
        files.put(joined, fileOf(above));
        return joined;
    }

    private String fileOf(YamlNode node) {
        return files.getOrDefault(node, "");
    }

    private static String number(String key) {
        Matcher matcher = ELEMENT.matcher(key);
        return matcher.matches() ? Integer.toString(Integer.parseInt(matcher.group(1))) : key;
    }
}
