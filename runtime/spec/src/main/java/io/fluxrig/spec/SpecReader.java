package io.fluxrig.spec;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
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
    private static final Set<String> WIRE_FIELD =
            Set.of("type", "length", "description", "enc", "prefix", "padding", "subfields");

    private static final Pattern PREFIX =
            Pattern.compile("(ASCII|BCD|Binary|EBCDIC|Hex)\\.(fixed|L{1,6})", Pattern.CASE_INSENSITIVE);
    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
    private static final Pattern VERSION = Pattern.compile("(0|[1-9]\\d{0,8})\\.(0|[1-9]\\d{0,8})\\.(0|[1-9]\\d{0,8})");
    private static final Set<String> SIDES = Set.of("left", "right", "none");
    private static final int MAX_ELEMENT = 192;
    private static final int MAX_LENGTH = 99_999;

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
                .filter(p -> !p.equals("iso8583"))
                .ifPresent(p -> add(
                        spec.get("protocol").orElseThrow(),
                        SpecError.UNSUPPORTED,
                        "protocol '" + p + "'",
                        "use iso8583"));
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
    Map<Integer, FieldDef> base(YamlNode root) {
        if (root instanceof YamlNode.Mapping top && top.get("fields").orElse(null) instanceof YamlNode.Mapping fields) {
            return wireFields(fields);
        }
        add(root, SpecError.BASE, "a base has 'fields' at its top", "use a spec file of moov's form");
        return new TreeMap<>();
    }

    /** The spec's own elements over those of its base, and what is said of them. */
    Map<Integer, FieldDef> elements(YamlNode.Mapping spec, Map<Integer, FieldDef> base) {
        Map<Integer, FieldDef> elements = new TreeMap<>(base);
        map(spec, "wire").ifPresent(wire -> {
            known(wire, WIRE);
            wire.get("header")
                    .ifPresent(h -> add(h, SpecError.UNSUPPORTED, "wire.header", "set the framing on the gear's port"));
            map(wire, "fields").ifPresent(fields -> elements.putAll(wireFields(fields)));
        });
        FieldDef mti = elements.get(0);
        if (mti != null && !mti.holdsDigits(4)) {
            add(
                    spec,
                    SpecError.VALUE,
                    "element 0 cannot hold the four digits of an MTI",
                    "make it 4 digits of text or BCD");
        }
        if (!elements.containsKey(0) || !elements.containsKey(1)) {
            add(
                    spec,
                    SpecError.MISSING,
                    "elements 0 (MTI) and 1 (bitmap) are not described",
                    "name a base under wire.source");
        }
        return elements;
    }

    private Map<Integer, FieldDef> wireFields(YamlNode.Mapping fields) {
        Map<Integer, FieldDef> read = new TreeMap<>();
        Set<Integer> seen = new HashSet<>();
        fields.entries()
                .forEach((key, entry) -> number(entry.key()).ifPresent(number -> {
                    once(seen, number, entry.key());
                    if (entry.value() instanceof YamlNode.Mapping map) {
                        wireField(number, map).ifPresent(def -> read.put(number, def));
                    } else {
                        add(
                                entry.value(),
                                SpecError.VALUE,
                                "element " + number + " is not a map",
                                "write {type: ..., length: ...}");
                    }
                }));
        return read;
    }

    private Optional<Integer> number(YamlNode.Scalar key) {
        Matcher plain = Pattern.compile("(?:Field)?0*(\\d{1,3})").matcher(key.text());
        if (plain.matches() && Integer.parseInt(plain.group(1)) <= MAX_ELEMENT) {
            return Optional.of(Integer.parseInt(plain.group(1)));
        }
        add(key, SpecError.UNKNOWN_KEY, "'" + key.text() + "' is not an element number", "write 0 to " + MAX_ELEMENT);
        return Optional.empty();
    }

    /** {@code "2"}, {@code "02"} and {@code Field002} are one element. */
    private void once(Set<Integer> seen, int number, YamlNode.Scalar key) {
        if (!seen.add(number)) {
            add(key, SpecError.VALUE, "element " + number + " stands here twice", "keep one of them");
        }
    }

    private Optional<FieldDef> wireField(int number, YamlNode.Mapping map) {
        known(map, WIRE_FIELD);
        int before = findings.size();
        FieldDef.Kind kind = kind(map);
        int length = length(map);
        FieldDef.Encoding encoding =
                word(map, "enc", FieldDef.Encoding::of, "ASCII, EBCDIC, BCD, Binary or HexToASCII");
        Matcher prefix = PREFIX.matcher(map.text("prefix").orElse(""));
        if (!prefix.matches()) {
            add(
                    map.get("prefix").orElse(map),
                    SpecError.VALUE,
                    "'prefix' is missing or not known",
                    "write ASCII.Fixed, ASCII.LL, BCD.LLL, ...");
        }
        Optional<YamlNode.Mapping> padding = map(map, "padding");
        String side = padding.flatMap(p -> p.text("type"))
                .orElse("None")
                .toLowerCase(Locale.ROOT)
                .replace("padder", "");
        if (!SIDES.contains(side)) {
            add(
                    padding.orElseThrow().get("type").orElseThrow(),
                    SpecError.VALUE,
                    "'padding.type' is not known",
                    "write Left, Right or None");
        }
        if (findings.size() > before) {
            return Optional.empty();
        }
        int digits =
                prefix.group(2).equalsIgnoreCase("fixed") ? 0 : prefix.group(2).length();
        Optional<Boolean> padLeft = side.equals("none") ? Optional.empty() : Optional.of(side.equals("left"));
        char pad = padCharacter(padding.flatMap(p -> p.text("pad")).orElse(" "));
        return Optional.of(new FieldDef(
                number,
                kind,
                length,
                encoding,
                FieldDef.LengthForm.of(prefix.group(1)).orElseThrow(),
                digits,
                padLeft,
                pad,
                map.text("description").orElse(""),
                Optional.empty(),
                Sensitivity.NONE));
    }

    private static char padCharacter(String text) {
        return text.length() == 2 && text.chars().allMatch(Character::isDigit)
                ? (char) Integer.parseInt(text)
                : text.isEmpty() ? ' ' : text.charAt(0);
    }

    private FieldDef.Kind kind(YamlNode.Mapping map) {
        return word(
                map,
                "type",
                type -> switch (type) {
                    case "String", "Track1", "Track2", "Track3" -> Optional.of(FieldDef.Kind.STRING);
                    case "Numeric" -> Optional.of(FieldDef.Kind.NUMERIC);
                    case "Binary", "Hex" -> Optional.of(FieldDef.Kind.BINARY);
                    case "Bitmap" -> Optional.of(FieldDef.Kind.BITMAP);
                    default -> Optional.empty();
                },
                "String, Numeric, Binary, Hex, Bitmap or Track1 to Track3");
    }

    private <T> T word(YamlNode.Mapping map, String key, Function<String, Optional<T>> of, String accepted) {
        Optional<String> text = map.text(key);
        Optional<T> found = text.flatMap(of);
        if (found.isEmpty()) {
            add(
                    map.get(key).orElse(map),
                    text.isEmpty() ? SpecError.MISSING : SpecError.VALUE,
                    text.map(t -> "'" + key + ": " + t + "' is not known").orElse("'" + key + "' is missing"),
                    "write " + accepted);
            return null;
        }
        return found.get();
    }

    private int length(YamlNode.Mapping map) {
        String text = map.text("length").orElse("");
        if (text.matches("[1-9]\\d{0,4}") && Integer.parseInt(text) <= MAX_LENGTH) {
            return Integer.parseInt(text);
        }
        add(map.get("length").orElse(map), SpecError.VALUE, "'length' is not a number", "write 1 to " + MAX_LENGTH);
        return 0;
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
