package io.fluxrig.spec;

import io.fluxrig.spec.ExpressionParser.Wrong;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Which paths and aliases a spec has. */
final class PathBook implements ExpressionParser.Paths {
    private static final Pattern NUMBERED = Pattern.compile("[0-9]{1,3}(\\.[0-9A-Za-z]{1,16}){0,4}");

    private final Map<Integer, FieldDef> elements;
    private final Map<String, DataPath> aliases = new HashMap<>();
    private final Set<DataPath> described = new HashSet<>();
    private final Set<DataPath> numbers = new HashSet<>();

    PathBook(Map<Integer, FieldDef> elements) {
        this.elements = elements;
    }

    void describe(DataPath path) {
        described.add(path);
    }

    void number(DataPath path) {
        numbers.add(path);
    }

    /** The path that has this alias already; empty where it is new, and then it is taken. */
    Optional<DataPath> alias(String alias, DataPath path) {
        return Optional.ofNullable(aliases.putIfAbsent(alias, path));
    }

    @Override
    public boolean isNumber(DataPath path) {
        return numbers.contains(path);
    }

    @Override
    public DataPath resolve(String text) throws Wrong {
        DataPath alias = aliases.get(text);
        if (alias != null) {
            return alias;
        }
        if (!NUMBERED.matcher(text).matches()) {
            throw new Wrong(
                    0,
                    "no field has the alias '" + (text.length() > 60 ? text.substring(0, 60) : text) + "'",
                    Suggest.hint(text, aliases.keySet(), "name an element, a part or an alias of this spec"));
        }
        String[] parts = text.split("\\.");
        int element = Integer.parseInt(parts[0]);
        if (!elements.containsKey(element)) {
            throw new Wrong(0, "element " + element + " has no place on the wire", "add it under wire.fields");
        }
        DataPath path = DataPath.of(element);
        int offset = parts[0].length() + 1;
        for (int i = 1; i < parts.length; i++) {
            path = path.part(parts[i].toUpperCase(Locale.ROOT));
            if (!described.contains(path) && !onTheWire(path)) {
                throw new Wrong(offset, "there is no part " + path.text(), hint(path));
            }
            offset += parts[i].length() + 1;
        }
        return path;
    }

    boolean onTheWire(DataPath path) {
        FieldDef at = elements.get(path.element());
        for (String id : path.parts()) {
            at = at == null ? null : at.part(id).orElse(null);
        }
        return at != null;
    }

    private String hint(DataPath path) {
        List<String> near = new ArrayList<>();
        described.stream().filter(d -> d.element() == path.element()).forEach(d -> near.add(d.text()));
        return Suggest.hint(path.text(), near, "describe it under subfields.parts");
    }
}
