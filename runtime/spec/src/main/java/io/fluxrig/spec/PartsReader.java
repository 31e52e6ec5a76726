package io.fluxrig.spec;

import io.fluxrig.spec.FieldDef.Arrangement;
import io.fluxrig.spec.FieldDef.Encoding;
import io.fluxrig.spec.FieldDef.Kind;
import io.fluxrig.spec.FieldDef.LengthForm;
import io.fluxrig.spec.FieldDef.Part;
import io.fluxrig.spec.FieldDef.Parts;
import io.fluxrig.spec.FieldDef.UnknownTags;
import io.fluxrig.spec.WireReader.Place;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads how the parts of a composite lie within it: {@code layout} and {@code parts} of SDL, or moov's map of subfields with {@code tag} and {@code bitmap} beside it. */
final class PartsReader {
    private static final Set<String> KEYS = Set.of("layout", "parts", "repeat", "unknown_tags", "tag", "bitmap");
    private static final Set<String> TAG_KEYS =
            Set.of("length", "enc", "padding", "sort", "prefUnknownTLV", "skipUnknownTLVTags");
    private static final int MAX_RECORDS = 999;

    private final WireReader wire;
    private final Report report;

    PartsReader(WireReader wire, Report report) {
        this.wire = wire;
        this.report = report;
    }

    /** What stands for one part. */
    private record Written(String id, YamlNode at, YamlNode.Mapping node) {}

    /** What stands for all of them. */
    private record Whole(
            Optional<String> layout,
            List<Written> parts,
            Optional<YamlNode.Mapping> tag,
            Optional<YamlNode.Mapping> bitmap,
            Optional<YamlNode.Mapping> repeat,
            Optional<YamlNode> unknown) {}

    /** @param said the encoding that the composite names, if it does */
    Optional<FieldDef> parts(FieldDef def, YamlNode.Mapping map, Optional<Encoding> said) {
        int before = report.size();
        if (!(map.get("subfields").orElse(null) instanceof YamlNode.Mapping subfields)) {
            report.error(
                    map.get("subfields").orElse(map),
                    map.get("subfields").isPresent() ? SpecError.VALUE : SpecError.MISSING,
                    "a composite has 'subfields'",
                    "write subfields: {layout: positional|tlv|bitmapped, parts: [...]}");
            return Optional.empty();
        }
        Whole whole = isOurs(subfields) ? ours(map, subfields) : moovs(map, subfields);
        Arrangement arrangement = arrangement(whole, subfields);
        if (report.size() > before) {
            return Optional.empty();
        }
        FieldDef composite = def;
        Optional<Encoding> encoding = said;
        if (arrangement == Arrangement.SLICES) {
            encoding = said.or(() -> firstEncoding(whole));
            composite = reencoded(def, encoding.orElse(Encoding.ASCII));
        }
        Optional<FieldDef> tag = arrangement == Arrangement.TLV ? plainTag(def, whole) : Optional.empty();
        List<Part> parts = read(composite, whole, arrangement, encoding, tag.isPresent());
        int records = whole.repeat().map(this::maxRecords).orElse(0);
        int repeat = whole.repeat().map(r -> number(r, "length", 0)).orElse(0);
        if (arrangement == Arrangement.SLICES) {
            slices(composite, parts, repeat, subfields);
            repeats(whole, repeat);
        }
        Parts all = new Parts(
                arrangement,
                parts,
                repeat,
                records,
                unknown(whole),
                tag,
                tag.flatMap(t -> plainValue(whole, parts)),
                arrangement == Arrangement.BITMAPPED ? Optional.of(bitmap(def, whole)) : Optional.empty());
        if (arrangement == Arrangement.BITMAPPED) {
            bits(all, subfields);
        }
        return report.size() > before ? Optional.empty() : Optional.of(composite.with(all));
    }

    private static boolean isOurs(YamlNode.Mapping subfields) {
        return subfields.get("layout").isPresent()
                || subfields.get("parts").isPresent()
                || subfields.get("repeat").isPresent()
                || subfields.get("unknown_tags").isPresent();
    }

    private Whole ours(YamlNode.Mapping map, YamlNode.Mapping subfields) {
        wire.known(subfields, KEYS);
        List<Written> parts = new ArrayList<>();
        YamlNode list = subfields.get("parts").orElse(null);
        if (list != null && !(list instanceof YamlNode.Sequence)) {
            report.error(list, SpecError.VALUE, "'parts' is not a list", "write parts: [ ... ]");
        }
        List<YamlNode> items = list instanceof YamlNode.Sequence sequence ? sequence.items() : List.of();
        for (int i = 0; i < items.size(); i++) {
            if (items.get(i) instanceof YamlNode.Mapping part) {
                String id = part.text("tag").or(() -> part.text("id")).orElse(Integer.toString(i + 1));
                parts.add(new Written(id.toUpperCase(Locale.ROOT), part, part));
            } else {
                report.error(items.get(i), SpecError.VALUE, "a part is not a map", "write {from: ..., to: ...}");
            }
        }
        return new Whole(
                subfields.text("layout"),
                parts,
                wire.map(subfields, "tag").or(() -> wire.map(map, "tag")),
                wire.map(subfields, "bitmap").or(() -> wire.map(map, "bitmap")),
                wire.map(subfields, "repeat"),
                subfields.get("unknown_tags"));
    }

    private Whole moovs(YamlNode.Mapping map, YamlNode.Mapping subfields) {
        List<Written> parts = new ArrayList<>();
        subfields.entries().forEach((id, entry) -> {
            if (entry.value() instanceof YamlNode.Mapping part) {
                parts.add(new Written(id.toUpperCase(Locale.ROOT), entry.key(), part));
            } else if (!id.startsWith("x-")) {
                report.error(
                        entry.value(),
                        SpecError.VALUE,
                        "part '" + id + "' is not a map",
                        "write {type: ..., length: ...}");
            }
        });
        Optional<YamlNode.Mapping> tag = wire.map(map, "tag");
        Optional<YamlNode.Mapping> bitmap = wire.map(map, "bitmap");
        boolean numbered = tag.filter(PartsReader::namesTags).isEmpty()
                && parts.stream().allMatch(p -> p.id().matches("\\d{1,3}"));
        if (numbered) {
            parts.sort(Comparator.comparingInt(part -> Integer.parseInt(part.id())));
        }
        return new Whole(
                Optional.of(
                        bitmap.isPresent()
                                ? "bitmapped"
                                : tag.filter(PartsReader::namesTags).isPresent() ? "tlv" : "positional"),
                parts,
                tag,
                bitmap,
                Optional.empty(),
                Optional.empty());
    }

    private static boolean namesTags(YamlNode.Mapping tag) {
        return tag.text("enc").isPresent()
                || tag.text("length").filter(l -> !l.equals("0")).isPresent();
    }

    private Arrangement arrangement(Whole whole, YamlNode.Mapping subfields) {
        boolean tags =
                whole.parts().stream().anyMatch(part -> part.node().text("tag").isPresent());
        String layout = whole.layout().orElse(tags || whole.unknown().isPresent() ? "tlv" : "positional");
        return switch (layout) {
            case "tlv" -> Arrangement.TLV;
            case "bitmapped" -> Arrangement.BITMAPPED;
            case "positional" -> {
                boolean places = whole.parts().stream()
                        .anyMatch(part -> part.node().get("from").isPresent());
                boolean blank = whole.parts().isEmpty() && whole.repeat().isPresent();
                yield places || blank ? Arrangement.SLICES : Arrangement.SEQUENCE;
            }
            default -> {
                report.error(
                        subfields.get("layout").orElse(subfields),
                        SpecError.VALUE,
                        "'layout: " + layout + "' is not known",
                        "write positional, tlv or bitmapped");
                yield Arrangement.SEQUENCE;
            }
        };
    }

    private static Optional<Encoding> firstEncoding(Whole whole) {
        return whole.parts().stream()
                .flatMap(part -> part.node().text("enc").stream())
                .findFirst()
                .flatMap(Encoding::of);
    }

    private static FieldDef reencoded(FieldDef def, Encoding encoding) {
        return new FieldDef(
                def.number(),
                def.kind(),
                def.length(),
                encoding,
                def.prefixForm(),
                def.prefixDigits(),
                def.padLeft(),
                def.pad(),
                def.name(),
                def.alias(),
                def.sensitivity(),
                Optional.empty());
    }

    private List<Part> read(
            FieldDef def, Whole whole, Arrangement arrangement, Optional<Encoding> encoding, boolean plain) {
        List<Part> parts = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        Place place = switch (arrangement) {
            case SLICES -> Place.SLICE;
            case TLV -> plain ? Place.PART : Place.TAG;
            case SEQUENCE, BITMAPPED -> Place.PART;
        };
        for (Written written : whole.parts()) {
            if (!ids.add(written.id())) {
                report.error(
                        written.at(),
                        SpecError.VALUE,
                        "part '" + written.id() + "' stands here twice",
                        "keep one of them");
            }
            if (place == Place.TAG && !BerTag.isTag(written.id())) {
                report.error(written.at(), SpecError.VALUE, "'" + written.id() + "' is not a tag", "write 9F02 or 5A");
            }
            int from = place == Place.SLICE ? number(written.node(), "from", 0) : 0;
            int to = place == Place.SLICE ? number(written.node(), "to", from) : 0;
            wire.field(def.number(), written.node(), place, encoding.filter(e -> arrangement != Arrangement.TLV))
                    .ifPresent(part -> parts.add(new Part(written.id(), from, to, part)));
        }
        return parts;
    }

    private int number(YamlNode.Mapping map, String key, int otherwise) {
        if (map.get(key).isEmpty() && otherwise > 0) {
            return otherwise;
        }
        String text = map.text(key).orElse("");
        if (text.matches("[1-9]\\d{0,4}")) {
            return Integer.parseInt(text);
        }
        report.error(map.get(key).orElse(map), SpecError.VALUE, "'" + key + "' is not a number", "write 1 to 99999");
        return 1;
    }

    private int maxRecords(YamlNode.Mapping repeat) {
        wire.known(repeat, Set.of("length", "max"));
        return number(repeat, "max", MAX_RECORDS);
    }

    private void repeats(Whole whole, int repeat) {
        if (whole.repeat().isPresent() && repeat == 0) {
            report.error(
                    whole.repeat().get(), SpecError.MISSING, "'repeat.length' is missing", "say how long a record is");
        }
    }

    /** Each stretch lies within the value, or the record, and none on another. */
    private void slices(FieldDef def, List<Part> parts, int repeat, YamlNode at) {
        int end = 0;
        int last = repeat > 0 ? repeat : def.length();
        List<Part> sorted =
                parts.stream().sorted(Comparator.comparingInt(Part::from)).toList();
        for (Part part : sorted) {
            if (part.from() <= end) {
                report.error(
                        at,
                        SpecError.RULE,
                        "part " + part.id() + " begins at " + part.from() + ", within the part before it",
                        "let each begin behind the other");
            } else if (part.to() < part.from() || part.to() > last) {
                report.error(
                        at,
                        SpecError.RULE,
                        "part " + part.id() + " ends at " + part.to(),
                        "let it end between " + part.from() + " and " + last);
            }
            end = part.to();
        }
    }

    /** How tags lie that are not those of BER. */
    private Optional<FieldDef> plainTag(FieldDef def, Whole whole) {
        if (whole.tag().isEmpty()) {
            return Optional.empty();
        }
        YamlNode.Mapping tag = whole.tag().get();
        wire.known(tag, TAG_KEYS);
        Optional<Encoding> encoding = tag.text("enc").flatMap(Encoding::of);
        if (tag.text("enc").isPresent() && encoding.isEmpty()) {
            report.error(
                    tag.get("enc").orElseThrow(), SpecError.VALUE, "'enc' is not known", "write BerTLVTag or ASCII");
        }
        if (tag.get("length").isEmpty()
                || encoding.filter(Encoding.BER_TLV_TAG::equals).isPresent()) {
            return Optional.empty();
        }
        return Optional.of(new FieldDef(
                def.number(),
                Kind.STRING,
                number(tag, "length", 0),
                encoding.orElse(Encoding.ASCII),
                LengthForm.NONE,
                0,
                Optional.empty(),
                ' ',
                "",
                Optional.empty(),
                Sensitivity.NONE,
                Optional.empty()));
    }

    /** Unknown tags lie as the first that is described. */
    private static Optional<FieldDef> plainValue(Whole whole, List<Part> parts) {
        return parts.stream()
                .map(Part::def)
                .filter(def -> !def.fixed() && def.parts().isEmpty())
                .findFirst();
    }

    private UnknownTags unknown(Whole whole) {
        Optional<String> word =
                whole.unknown().filter(YamlNode.Scalar.class::isInstance).map(node -> ((YamlNode.Scalar) node).text());
        return switch (word.orElse(whole.unknown().isPresent() ? "?" : "preserve")) {
            case "preserve" -> UnknownTags.PRESERVE;
            case "reject" -> UnknownTags.REJECT;
            case "drop" -> UnknownTags.DROP;
            default -> {
                report.error(
                        whole.unknown().orElseThrow(),
                        SpecError.VALUE,
                        "'unknown_tags' is not known",
                        "write preserve, reject or drop");
                yield UnknownTags.PRESERVE;
            }
        };
    }

    private FieldDef bitmap(FieldDef def, Whole whole) {
        Optional<YamlNode.Mapping> node = whole.bitmap();
        int length = node.filter(n -> n.get("length").isPresent())
                .map(n -> number(n, "length", 0))
                .orElse(8);
        Encoding encoding =
                node.flatMap(n -> n.text("enc")).flatMap(Encoding::of).orElse(Encoding.BINARY);
        return new FieldDef(
                def.number(),
                Kind.BITMAP,
                Math.min(length, DataPath.MAX_ELEMENT / 8),
                encoding == Encoding.HEX_TO_ASCII ? encoding : Encoding.BINARY,
                LengthForm.NONE,
                0,
                Optional.empty(),
                ' ',
                "",
                Optional.empty(),
                Sensitivity.NONE,
                Optional.empty());
    }

    private void bits(Parts parts, YamlNode at) {
        int bits = 8 * parts.bitmap().orElseThrow().length();
        parts.parts().stream()
                .filter(part -> DataPath.number(part.id()) < 1 || DataPath.number(part.id()) > bits)
                .findFirst()
                .ifPresent(part -> report.error(
                        at, SpecError.VALUE, "'" + part.id() + "' is not a bit of the bitmap", "write 1 to " + bits));
    }
}
