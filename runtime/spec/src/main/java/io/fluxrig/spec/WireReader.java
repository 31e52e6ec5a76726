package io.fluxrig.spec;

import io.fluxrig.spec.FieldDef.Encoding;
import io.fluxrig.spec.FieldDef.Kind;
import io.fluxrig.spec.FieldDef.LengthForm;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads how elements lie on the wire, in moov's words and in those that it exports, and finds everything that is wrong on the way. */
final class WireReader {
    /** Where a field stands, which decides what must be said of it. */
    enum Place {
        ELEMENT,
        /** With a form of its own. */
        PART,
        /** Whose value is what the tag's length says. */
        TAG,
        /** A stretch of its composite's value. */
        SLICE
    }

    private static final Set<String> KEYS = Set.of(
            "type",
            "length",
            "description",
            "enc",
            "prefix",
            "padding",
            "subfields",
            "tag",
            "bitmap",
            "disableautoexpand");
    private static final Set<String> PART_KEYS = new HashSet<>(KEYS);

    static {
        PART_KEYS.addAll(Set.of("id", "from", "to"));
    }

    private static final String ENCODINGS =
            "ASCII, EBCDIC, EBCDIC1047, BCD, LBCD, Binary, HexToASCII, ASCIIToHex or BerTLVTag";
    private static final Pattern PREFIX = Pattern.compile(
            "(?:(ASCII|BCD|Binary|EBCDIC|EBCDIC1047|Hex|None)\\.(fixed|L{1,6})|(BerTLV))", Pattern.CASE_INSENSITIVE);
    private static final Pattern NUMBER = Pattern.compile("(?:Field)?0*(\\d{1,3})");
    private static final Set<String> SIDES = Set.of("left", "right", "none");
    private static final int MAX_LENGTH = 99_999;
    private static final int BITMAP_BYTES = 8;

    private final Report report;

    WireReader(Report report) {
        this.report = report;
    }

    /** What stands under {@code fields}, by element number. */
    Map<Integer, YamlNode.Mapping> nodes(YamlNode.Mapping fields) {
        Map<Integer, YamlNode.Mapping> nodes = new TreeMap<>();
        Set<Integer> seen = new HashSet<>();
        fields.entries()
                .forEach((key, entry) -> number(entry.key()).ifPresent(number -> {
                    if (!seen.add(number)) {
                        // "2", "02" and Field002 are one element.
                        add(
                                entry.key(),
                                SpecError.VALUE,
                                "element " + number + " stands here twice",
                                "keep one of them");
                    } else if (entry.value() instanceof YamlNode.Mapping map) {
                        nodes.put(number, map);
                    } else {
                        add(
                                entry.value(),
                                SpecError.VALUE,
                                "element " + number + " is not a map",
                                "write {type: ..., length: ...}");
                    }
                }));
        return nodes;
    }

    private Optional<Integer> number(YamlNode.Scalar key) {
        Matcher plain = NUMBER.matcher(key.text());
        if (plain.matches() && Integer.parseInt(plain.group(1)) <= DataPath.MAX_ELEMENT) {
            return Optional.of(Integer.parseInt(plain.group(1)));
        }
        if (!key.text().startsWith("x-")) {
            add(
                    key,
                    SpecError.UNKNOWN_KEY,
                    "'" + key.text() + "' is not an element number",
                    "write 0 to " + DataPath.MAX_ELEMENT);
        }
        return Optional.empty();
    }

    /** What a dialect says over what its base says, word by word. */
    static YamlNode.Mapping over(YamlNode.Mapping base, YamlNode.Mapping own) {
        Map<String, YamlNode.Entry> entries = new LinkedHashMap<>(base.entries());
        entries.putAll(own.entries());
        return new YamlNode.Mapping(entries, own.line(), own.column());
    }

    /** Empty where something is wrong with it, which is then found. */
    Optional<FieldDef> field(int number, YamlNode.Mapping map, Place place, Optional<Encoding> inherited) {
        int before = report.size();
        known(map, place == Place.ELEMENT ? KEYS : PART_KEYS);
        Kind kind = kind(map, place);
        boolean composite = kind == Kind.COMPOSITE || map.get("subfields").isPresent();
        Optional<Encoding> encoding = encoding(map, place, kind, inherited);
        Optional<Matcher> prefix = prefix(map, place, kind);
        LengthForm form = prefix.map(WireReader::form).orElse(LengthForm.NONE);
        int digits = prefix.map(WireReader::digits).orElse(0);
        int length = length(map, place, kind, digits == 0 && form != LengthForm.BER_TLV && kind == Kind.COMPOSITE);
        Optional<YamlNode.Mapping> padding = map(map, "padding");
        String side = side(padding);
        if (report.size() > before) {
            return Optional.empty();
        }
        Optional<Boolean> padLeft = side.equals("none") ? Optional.empty() : Optional.of(side.equals("left"));
        FieldDef def = new FieldDef(
                number,
                kind,
                length,
                encoding.orElse(Encoding.BINARY),
                form,
                digits,
                padLeft,
                padCharacter(padding.flatMap(p -> p.text("pad")).orElse(" ")),
                map.text("description").orElse(""),
                Optional.empty(),
                Sensitivity.NONE,
                Optional.empty());
        return composite ? new PartsReader(this, report).parts(def, map, encoding) : Optional.of(def);
    }

    private Optional<Encoding> encoding(YamlNode.Mapping map, Place place, Kind kind, Optional<Encoding> inherited) {
        boolean said = map.text("enc").isPresent();
        if (!said && (place == Place.SLICE || place == Place.PART) && inherited.isPresent()) {
            return inherited;
        }
        if (!said && (place == Place.TAG || place == Place.SLICE || kind == Kind.COMPOSITE)) {
            return Optional.empty();
        }
        return Optional.ofNullable(word(map, "enc", Encoding::of, ENCODINGS));
    }

    private Optional<Matcher> prefix(YamlNode.Mapping map, Place place, Kind kind) {
        Optional<String> text = map.text("prefix");
        boolean optional = place != Place.ELEMENT || kind == Kind.BITMAP;
        if (text.isEmpty() && optional && map.get("prefix").isEmpty()) {
            return Optional.empty();
        }
        Matcher prefix = PREFIX.matcher(text.orElse(""));
        if (prefix.matches()) {
            return Optional.of(prefix);
        }
        add(
                map.get("prefix").orElse(map),
                SpecError.VALUE,
                "'prefix' is missing or not known",
                "write ASCII.Fixed, ASCII.LL, BCD.LLL, ...");
        return Optional.empty();
    }

    private static LengthForm form(Matcher prefix) {
        return prefix.group(3) != null
                ? LengthForm.BER_TLV
                : LengthForm.of(prefix.group(1)).orElseThrow();
    }

    private static int digits(Matcher prefix) {
        return prefix.group(2) == null || prefix.group(2).equalsIgnoreCase("fixed")
                ? 0
                : prefix.group(2).length();
    }

    private Kind kind(YamlNode.Mapping map, Place place) {
        if (map.get("type").isEmpty() && place != Place.ELEMENT) {
            return map.get("subfields").isPresent() ? Kind.COMPOSITE : place == Place.TAG ? Kind.BINARY : Kind.STRING;
        }
        return word(
                map,
                "type",
                type -> switch (type) {
                    case "String" -> Optional.of(Kind.STRING);
                    case "Track1", "Track2", "Track3" -> Optional.of(Kind.TRACK);
                    case "Numeric" -> Optional.of(Kind.NUMERIC);
                    case "Binary", "Hex" -> Optional.of(Kind.BINARY);
                    case "Bitmap" -> Optional.of(Kind.BITMAP);
                    case "Composite" -> Optional.of(Kind.COMPOSITE);
                    default -> Optional.empty();
                },
                "String, Numeric, Binary, Hex, Bitmap, Composite or Track1 to Track3");
    }

    private int length(YamlNode.Mapping map, Place place, Kind kind, boolean rest) {
        if (map.get("length").isEmpty()) {
            if (kind == Kind.BITMAP) {
                return BITMAP_BYTES;
            }
            if (place == Place.TAG || place == Place.SLICE || rest) {
                return FieldDef.REST;
            }
        }
        String text = map.text("length").orElse("");
        if (text.matches("[1-9]\\d{0,4}")) {
            return Integer.parseInt(text);
        }
        add(map.get("length").orElse(map), SpecError.VALUE, "'length' is not a number", "write 1 to " + MAX_LENGTH);
        return 0;
    }

    private String side(Optional<YamlNode.Mapping> padding) {
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
        return side;
    }

    /** Exported files write the character's number. */
    private static char padCharacter(String text) {
        return text.length() == 2 && text.chars().allMatch(Character::isDigit)
                ? (char) Integer.parseInt(text)
                : text.isEmpty() ? ' ' : text.charAt(0);
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

    /** The map under a key; what stands there and is none is a finding, for else it would be left out in silence. */
    Optional<YamlNode.Mapping> map(YamlNode.Mapping map, String key) {
        Optional<YamlNode> value = map.get(key);
        if (value.isPresent() && !(value.get() instanceof YamlNode.Mapping)) {
            add(value.get(), SpecError.VALUE, "'" + key + "' is not a map", "write " + key + ": {...}");
        }
        return value.filter(YamlNode.Mapping.class::isInstance).map(YamlNode.Mapping.class::cast);
    }

    void known(YamlNode.Mapping map, Set<String> keys) {
        map.entries().values().forEach(entry -> {
            String key = entry.key().text();
            if (!keys.contains(key) && !key.startsWith("x-")) {
                String hint = key.equals("description") && keys.contains("name")
                        ? "did you mean 'name'?"
                        : key.equals("name") && keys.contains("description")
                                ? "say it under 'fields', or write description"
                                : Suggest.hint(key, keys, "known here: " + String.join(", ", new TreeSet<>(keys)));
                add(entry.key(), SpecError.UNKNOWN_KEY, "unknown key '" + key + "'", hint);
            }
        });
    }

    void add(YamlNode at, SpecError code, String what, String hint) {
        report.error(at, code, what, hint);
    }
}
