package io.fluxrig.spec;

import io.fluxrig.spec.ExpressionParser.Wrong;
import io.fluxrig.spec.Semantics.CryptoRole;
import io.fluxrig.spec.Semantics.Field;
import io.fluxrig.spec.Semantics.Label;
import io.fluxrig.spec.Semantics.Protection;
import io.fluxrig.spec.Semantics.Rule;
import io.fluxrig.spec.Semantics.ValueSet;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code fields}: what elements and their parts mean, and which rules they follow. */
final class FieldsReader {
    private static final Pattern ELEMENT = Pattern.compile("(?:Field)?0*(\\d{1,3})");
    private static final Pattern ALIAS = Pattern.compile("[a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*)*");

    private final Map<Integer, FieldDef> elements;
    private final PathBook paths;
    private final ValuesReader values;
    private final RulesReader rules;
    private final Report report;

    FieldsReader(
            Map<Integer, FieldDef> elements, PathBook paths, ValuesReader values, RulesReader rules, Report report) {
        this.elements = elements;
        this.paths = paths;
        this.values = values;
        this.rules = rules;
        this.report = report;
    }

    /** An element or part with the node that describes it. */
    private record Place(DataPath path, YamlNode.Mapping node, List<Place> parts) {}

    Map<Integer, Field> read(Optional<YamlNode> fields) {
        Map<Integer, Place> places = new TreeMap<>();
        Nodes.entries(fields).forEach((key, entry) -> place(entry, places));
        // Aliases of all fields come first: rules may look ahead.
        places.values().forEach(this::name);
        Map<Integer, Field> read = new TreeMap<>();
        places.forEach((number, place) -> read.put(number, field(place, elements.get(number))));
        return read;
    }

    private void place(YamlNode.Entry entry, Map<Integer, Place> places) {
        Matcher matcher = ELEMENT.matcher(entry.key().text());
        if (!matcher.matches()
                || Integer.parseInt(matcher.group(1)) > DataPath.MAX_ELEMENT
                || !(entry.value() instanceof YamlNode.Mapping map)) {
            return;
        }
        int number = Integer.parseInt(matcher.group(1));
        if (!elements.containsKey(number)) {
            report.error(
                    entry.key(),
                    SpecError.MISSING,
                    "element " + number + " has no place on the wire",
                    "add it under wire.fields");
        } else if (places.containsKey(number)) {
            report.error(entry.key(), SpecError.VALUE, "element " + number + " stands here twice", "keep one of them");
        } else {
            DataPath path = DataPath.of(number);
            places.put(number, new Place(path, map, parts(path, map)));
        }
    }

    private List<Place> parts(DataPath parent, YamlNode.Mapping map) {
        List<Place> parts = new ArrayList<>();
        List<YamlNode.Mapping> nodes =
                Nodes.map(map, "subfields").map(s -> Nodes.maps(s, "parts")).orElse(List.of());
        for (int i = 0; i < nodes.size(); i++) {
            YamlNode.Mapping node = nodes.get(i);
            String id = node.text("tag").or(() -> node.text("id")).orElse(Integer.toString(i + 1));
            DataPath path = parent.part(id.toUpperCase(Locale.ROOT));
            if (parts.stream().anyMatch(p -> p.path().equals(path))) {
                report.error(node, SpecError.VALUE, "part " + path.text() + " stands here twice", "keep one of them");
            }
            parts.add(new Place(path, node, parts(path, node)));
        }
        return parts;
    }

    private void name(Place place) {
        paths.describe(place.path());
        place.node().text("alias").ifPresent(alias -> {
            YamlNode at = place.node().get("alias").orElseThrow();
            if (!ALIAS.matcher(alias).matches()) {
                report.error(at, SpecError.ALIAS, "'" + alias + "' is not an alias", "write dotted lower-case words");
                return;
            }
            paths.alias(alias, place.path())
                    .ifPresent(other -> report.error(
                            at,
                            SpecError.ALIAS,
                            "alias '" + alias + "' stands at " + words(other) + " already",
                            "give each field its own"));
        });
        kind(place.node()).filter(Format.Kind::isNumber).ifPresent(k -> paths.number(place.path()));
        place.parts().forEach(this::name);
    }

    private static String words(DataPath path) {
        return (path.parts().isEmpty() ? "element " : "part ") + path.text();
    }

    private static Optional<Format.Kind> kind(YamlNode.Mapping node) {
        return Nodes.map(node, "format").flatMap(format -> Nodes.word(Format.Kind.class, format, "kind"));
    }

    private Field field(Place place, FieldDef wire) {
        YamlNode.Mapping node = place.node();
        boolean element = place.path().parts().isEmpty();
        Optional<Format> format = format(place, element ? Optional.of(wire) : Optional.empty());
        Protection protection = protection(node);
        Optional<ValueSet> accepted = values.of(node);
        if (element && accepted.isPresent()) {
            values.fits(
                    accepted.get(),
                    wire,
                    node.get("values_ref").or(() -> node.get("validValues")).orElse(node));
        }
        List<Rule> matrix = rules.read(Nodes.maps(node, "messages"), element ? Optional.of(wire) : Optional.empty());
        Label label = new Label(
                node.text("name").orElse(element ? wire.name() : ""),
                node.text("alias"),
                node.text("meaning").orElse(""),
                node.text("note").orElse(""),
                !node.text("scope").filter("private"::equals).isPresent());
        List<Field> parts =
                place.parts().stream().map(part -> field(part, wire)).toList();
        return new Field(place.path(), label, protection, accepted, format, matrix, parts);
    }

    private Protection protection(YamlNode.Mapping node) {
        Optional<Sensitivity> written = Nodes.word(Sensitivity.class, node, "sensitivity");
        Optional<CryptoRole> role =
                Nodes.map(node, "crypto").flatMap(crypto -> Nodes.word(CryptoRole.class, crypto, "role"));
        Optional<Format.Kind> kind = kind(node);
        Sensitivity sensitivity = written.orElse(
                role.filter(CryptoRole.PIN_BLOCK::equals).isPresent()
                        ? Sensitivity.SAD
                        : kind.filter(Format.Kind.PAN::equals).isPresent() ? Sensitivity.PAN : Sensitivity.NONE);
        if (role.filter(CryptoRole.PIN_BLOCK::equals).isPresent() && sensitivity != Sensitivity.SAD) {
            report.error(
                    node.get("sensitivity").orElse(node),
                    SpecError.CLASSIFIED,
                    "a PIN block is sensitive authentication data",
                    "write sensitivity: sad");
        }
        if (kind.filter(Format.Kind.PAN::equals).isPresent() && sensitivity == Sensitivity.NONE) {
            report.error(
                    node.get("sensitivity").orElse(node),
                    SpecError.CLASSIFIED,
                    "a card number is not classified",
                    "write sensitivity: pan");
        }
        if (sensitivity != Sensitivity.NONE
                && node.text("log_mask").filter("false"::equals).isPresent()) {
            report.error(
                    node.get("log_mask").orElseThrow(),
                    SpecError.CLASSIFIED,
                    "a classified element cannot be shown in logs",
                    "drop log_mask");
        }
        if (sensitivity != Sensitivity.PAN && node.get("mask").isPresent()) {
            report.error(
                    node.get("mask").orElseThrow(),
                    SpecError.RULE,
                    "'mask' says how much of a card number is shown, and this is none",
                    "write sensitivity: pan, or drop mask");
        }
        return new Protection(
                sensitivity, node.text("mask").filter("bin8"::equals).isPresent(), role);
    }

    private Optional<Format> format(Place place, Optional<FieldDef> wire) {
        Optional<Format.Kind> kind = kind(place.node());
        if (kind.isEmpty()) {
            return Optional.empty();
        }
        YamlNode.Mapping node = Nodes.map(place.node(), "format").orElseThrow();
        Optional<Layout> layout = layout(node, kind.get(), wire);
        wire.ifPresent(def -> holds(node, kind.get(), def));
        return Optional.of(new Format(kind.get(), currency(node, kind.get()), layout, zone(node, kind.get())));
    }

    private Optional<DataPath> currency(YamlNode.Mapping node, Format.Kind kind) {
        if (!(node.get("currency_field").orElse(null) instanceof YamlNode.Scalar at)) {
            return Optional.empty();
        }
        if (kind != Format.Kind.AMOUNT) {
            report.error(at, SpecError.FORMAT, "only an amount has a currency", "write kind: amount, or drop it");
            return Optional.empty();
        }
        try {
            return Optional.of(paths.resolve(at.text()));
        } catch (Wrong unknown) {
            report.errorWithin(
                    at, unknown.offset(), SpecError.PATH, "currency_field: " + unknown.getMessage(), unknown.hint());
            return Optional.empty();
        }
    }

    private Optional<Layout> layout(YamlNode.Mapping node, Format.Kind kind, Optional<FieldDef> wire) {
        Optional<String> text = node.text("layout");
        if (text.isEmpty()) {
            if (kind.isTime()
                    && wire.filter(FieldDef::fixed)
                            .filter(def -> Layout.usual(kind, def.length()).isEmpty())
                            .isPresent()) {
                report.error(
                        node,
                        SpecError.FORMAT,
                        "no usual layout has " + wire.get().length() + " characters",
                        "add layout");
            }
            return Optional.empty();
        }
        YamlNode at = node.get("layout").orElseThrow();
        Optional<Layout> layout = Layout.of(text.get());
        boolean fits = layout.filter(l -> switch (kind) {
                    case DATE -> l.hasDate() && !l.hasTime();
                    case TIME -> l.hasTime() && !l.hasDate();
                    case DATETIME -> l.hasDate() && l.hasTime();
                    case PAN, AMOUNT, NUMERIC -> false;
                })
                .isPresent();
        if (!fits) {
            report.error(
                    at,
                    SpecError.FORMAT,
                    "'" + text.get() + "' is not a layout of kind "
                            + kind.name().toLowerCase(Locale.ROOT),
                    "write letters of Y M D h m s, such as YYMMDD, hhmmss or MMDDhhmmss");
        } else if (wire.filter(def -> def.kind() != FieldDef.Kind.BINARY)
                .filter(def -> def.fixed()
                        ? def.length() != text.get().length()
                        : def.length() < text.get().length())
                .isPresent()) {
            report.error(
                    at,
                    SpecError.FORMAT,
                    "the layout has " + text.get().length() + " characters and the element "
                            + wire.get().length(),
                    "make them alike");
        }
        return layout;
    }

    private Optional<String> zone(YamlNode.Mapping node, Format.Kind kind) {
        Optional<String> zone = node.text("tz");
        zone.ifPresent(text -> {
            YamlNode at = node.get("tz").orElseThrow();
            if (!kind.isTime()) {
                report.error(at, SpecError.FORMAT, "only dates and times have a zone", "drop tz");
            } else if (!isZone(text)) {
                report.error(
                        at, SpecError.FORMAT, "'" + text + "' is not a time zone", "write UTC, local or Europe/Berlin");
            }
        });
        return zone;
    }

    private static boolean isZone(String text) {
        if (text.equals("local")) {
            return true;
        }
        try {
            ZoneId.of(text);
            return true;
        } catch (DateTimeException unknown) {
            return false;
        }
    }

    private void holds(YamlNode.Mapping node, Format.Kind kind, FieldDef def) {
        boolean bytes = def.kind() == FieldDef.Kind.BITMAP || def.kind() == FieldDef.Kind.BINARY && kind.isTime();
        if (bytes || kind == Format.Kind.PAN && def.kind() != FieldDef.Kind.BINARY && def.length() < 12) {
            report.error(
                    node,
                    SpecError.FORMAT,
                    "element " + def.number() + " cannot hold the format "
                            + kind.name().toLowerCase(Locale.ROOT),
                    "compare the format with type and length under wire.fields");
        }
    }
}
