package io.fluxrig.spec;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Turns the YAML of a spec and its base into elements, and finds everything that is wrong on the way. */
final class SpecReader {
    private static final Set<String> TOP = Set.of(
            "id",
            "name",
            "version",
            "extends",
            "protocol",
            "overview",
            "references",
            "wire",
            "messages",
            "enums",
            "fields",
            "checks",
            "validation_policy");
    private static final Set<String> WIRE = Set.of("source", "fields", "header");
    private static final String ISO = "iso8583";
    private static final Pattern PROTOCOL = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
    private static final Pattern VERSION = Pattern.compile("(0|[1-9]\\d{0,8})\\.(0|[1-9]\\d{0,8})\\.(0|[1-9]\\d{0,8})");

    private final String file;
    private final List<Finding> findings;

    SpecReader(String file, List<Finding> findings) {
        this.file = file;
        this.findings = findings;
    }

    /**
     * What stands at the top of a spec.
     *
     * @param id empty where it is missing or malformed, which is a finding; {@code version} likewise
     * @param source where {@code wire.source} stands, if it does
     */
    record Head(String id, String version, Optional<YamlNode.Scalar> source, YamlNode.Mapping spec) {}

    Optional<Head> head(YamlNode root) {
        if (!(root instanceof YamlNode.Mapping top)
                || !(top.get("spec").orElse(null) instanceof YamlNode.Mapping spec)) {
            add(root, SpecError.MISSING, "no 'spec:' at the top", "begin the file with spec:");
            return Optional.empty();
        }
        known(top, Set.of("spec"));
        known(spec, TOP);
        String id = required(spec, "id", ID, "lower-case letters, digits and hyphens");
        String version = required(spec, "version", VERSION, "a version such as 1.0.0");
        spec.text("protocol")
                .filter(p -> !PROTOCOL.matcher(p).matches())
                .ifPresent(p -> add(
                        spec.get("protocol").orElseThrow(),
                        SpecError.VALUE,
                        "'protocol' is not a name",
                        "write iso8583, or a name of your own"));
        Optional<YamlNode.Scalar> source = spec.get("wire")
                .filter(YamlNode.Mapping.class::isInstance)
                .map(YamlNode.Mapping.class::cast)
                .filter(wire -> scalar(wire, "source", "the name of a base"))
                .map(wire -> (YamlNode.Scalar) wire.get("source").orElseThrow());
        return Optional.of(new Head(id, version, source, spec));
    }

    private String required(YamlNode.Mapping map, String key, Pattern form, String hint) {
        Optional<String> text = map.text(key);
        if (text.isEmpty()) {
            add(map, SpecError.MISSING, "'" + key + "' is missing", "write " + hint);
            return "";
        }
        if (!form.matcher(text.get()).matches()) {
            add(map.get(key).orElseThrow(), SpecError.VALUE, "'" + key + "' is not " + hint, "write " + hint);
            return "";
        }
        return text.get();
    }

    /** The elements of a base file in moov's vocabulary: {@code fields} at the top. */
    Optional<YamlNode.Mapping> base(YamlNode root) {
        if (root instanceof YamlNode.Mapping top && top.get("fields").orElse(null) instanceof YamlNode.Mapping fields) {
            return Optional.of(fields);
        }
        add(root, SpecError.BASE, "a base has 'fields' at its top", "use a spec file of moov's form");
        return Optional.empty();
    }

    /** What stands under {@code wire.fields}, and what a spec as a whole must have. */
    Optional<YamlNode.Mapping> wireFields(YamlNode.Mapping spec) {
        return map(spec, "wire").flatMap(wire -> {
            known(wire, WIRE);
            return map(wire, "fields");
        });
    }

    /** Tells what is missing of a message type and a bitmap. */
    void complete(YamlNode.Mapping spec, Map<Integer, FieldDef> elements) {
        boolean iso = isIso(spec);
        FieldDef mti = elements.get(0);
        if (iso && mti != null && !mti.holdsDigits(4)) {
            add(
                    spec,
                    SpecError.VALUE,
                    "element 0 cannot hold the four digits of an MTI",
                    "make it 4 digits of text or BCD");
        }
        if (iso && (!elements.containsKey(0) || !elements.containsKey(1))) {
            add(
                    spec,
                    SpecError.MISSING,
                    "elements 0 (MTI) and 1 (bitmap) are not described",
                    "name a base under wire.source");
        } else if (elements.isEmpty()) {
            add(spec, SpecError.MISSING, "no element is described", "add some under wire.fields");
        }
    }

    static boolean isIso(YamlNode.Mapping spec) {
        return spec.text("protocol").orElse(ISO).equals(ISO);
    }

    /** The map under a key; what stands there and is none is a finding, for else it would be left out in silence. */
    private Optional<YamlNode.Mapping> map(YamlNode.Mapping map, String key) {
        Optional<YamlNode> value = map.get(key);
        if (value.isPresent() && !(value.get() instanceof YamlNode.Mapping)) {
            add(value.get(), SpecError.VALUE, "'" + key + "' is not a map", "write " + key + ": {...}");
        }
        return value.filter(YamlNode.Mapping.class::isInstance).map(YamlNode.Mapping.class::cast);
    }

    /** Whether text stands under a key; anything else that stands there is a finding. */
    private boolean scalar(YamlNode.Mapping map, String key, String accepted) {
        Optional<YamlNode> value = map.get(key);
        boolean text = map.text(key).isPresent();
        if (value.isPresent() && !text) {
            add(value.get(), SpecError.VALUE, "'" + key + "' is not text", "write " + accepted);
        }
        return text;
    }

    private void known(YamlNode.Mapping map, Set<String> keys) {
        map.entries().values().forEach(entry -> {
            String key = entry.key().text();
            if (!keys.contains(key) && !key.startsWith("x-")) {
                String hint = key.equals("description") && keys.contains("name")
                        ? "did you mean 'name'?"
                        : Suggest.hint(key, keys, "known here: " + String.join(", ", new TreeSet<>(keys)));
                add(entry.key(), SpecError.UNKNOWN_KEY, "unknown key '" + key + "'", hint);
            }
        });
    }

    private void add(YamlNode at, SpecError code, String what, String hint) {
        findings.add(new Finding(file, at.line(), at.column(), code, what, hint));
    }
}
