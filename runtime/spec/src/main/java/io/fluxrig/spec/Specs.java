package io.fluxrig.spec;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.Hashes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Loads specs from files, files them in a store, and opens them from there. */
public final class Specs {
    private static final String HASH = Neighbours.HASH;
    private static final Comparator<Finding> PLACES =
            Comparator.comparing(Finding::file).thenComparing(Finding::line).thenComparing(Finding::column);

    private Specs() {}

    /** What loading found: the spec where there are no errors, and every finding. */
    public record Loaded(Optional<Spec> spec, List<Finding> findings) {
        public Loaded {
            findings = List.copyOf(findings);
        }

        /** @throws FluxException with the first finding where there is no spec */
        public Spec orThrow() {
            return spec.orElseThrow(() -> new FluxException(
                    findings.getFirst().code(), findings.getFirst().text()));
        }
    }

    /** A filed blob. */
    public record Filed(String reference, Bytes sha256, long size) {}

    /** A spec and its bases as filed. */
    public record Imported(String name, String version, Filed spec, List<Filed> bases) {}

    /** Reads a spec file with its bases. */
    public static Loaded load(Path file) {
        return load(file, Optional.empty());
    }

    /** The same, where it may extend a filed spec. */
    public static Loaded load(Path file, Optional<BlobStore> store) {
        List<Finding> findings = new ArrayList<>();
        byte[] bytes = read(file, findings);
        return bytes == null
                ? new Loaded(Optional.empty(), findings)
                : load(file.toString(), bytes, Neighbours.beside(file, store), findings);
    }

    /** Every finding of a file, and what a payment spec leaves unclassified as warnings. */
    public static List<Finding> lint(Path file, Optional<BlobStore> store) {
        Loaded loaded = load(file, store);
        List<Finding> findings = new ArrayList<>(loaded.findings());
        List<String> open = loaded.spec().map(Unclassified::of).orElse(List.of());
        if (!open.isEmpty()) {
            findings.add(new Finding(
                    file.toString(),
                    1,
                    1,
                    SpecError.UNCLASSIFIED,
                    "what must never be stored is not called so: " + String.join(", ", open),
                    SpecError.UNCLASSIFIED.advice(),
                    true));
        }
        return findings;
    }

    /** References of the specs that come with the program, to use or to extend. */
    public static List<String> shipped() {
        return BuiltIn.WHOLE.stream().map(BuiltIn::reference).toList();
    }

    /** Loads one of {@link #shipped}. */
    public static Loaded loadShipped(String reference) {
        return load(reference, BuiltIn.bytes(reference), Neighbours.builtIn(), new ArrayList<>());
    }

    /** Files one of {@link #shipped} under its own name and version. */
    public static Imported importShipped(
            BlobStore store, String reference, Optional<String> name, Optional<String> tag) {
        return file(store, loadShipped(reference).orThrow(), BuiltIn.bytes(reference), Neighbours.builtIn(), name, tag);
    }

    private static Loaded load(String name, byte[] bytes, Neighbours around, List<Finding> findings) {
        Optional<Layers> layers = Layers.read(name, bytes, around, findings);
        if (layers.isEmpty()) {
            return new Loaded(Optional.empty(), findings);
        }
        Map<Integer, FieldDef> elements = elements(name, layers.get(), findings);
        int before = findings.size();
        Semantics semantics = new SemanticsReader(
                        layers.get().merged(), elements, layers.get().report())
                .read();
        semantics
                .fields()
                .forEach((number, field) -> elements.computeIfPresent(number, (n, def) -> Described.by(def, field)));
        Optional<WireHeader> header =
                new HeaderReader(layers.get().report()).read(layers.get().merged());
        findings.subList(before, findings.size()).sort(PLACES);
        boolean errors = findings.stream().anyMatch(f -> !f.warning());
        return new Loaded(
                errors
                        ? Optional.empty()
                        : Optional.of(new Spec(
                                Bytes.wrap(Hashes.sha256(bytes)),
                                layers.get().head().id(),
                                layers.get().head().version(),
                                elements,
                                SpecReader.isIso(layers.get().merged()),
                                header,
                                semantics)),
                findings);
    }

    /** What the spec says of the wire over what its base says. */
    private static Map<Integer, FieldDef> elements(String name, Layers layers, List<Finding> findings) {
        SpecReader reader = new SpecReader(name, findings);
        Map<Integer, FieldDef> elements = new TreeMap<>();
        int before = findings.size();
        Base base = base(layers, findings, elements);
        WireReader wire = new WireReader(new Report(
                findings,
                node -> base.owns(node) ? base.name() : layers.report().fileOf(node)));
        reader.wireFields(layers.merged())
                .ifPresent(fields -> wire.nodes(fields).forEach((number, own) -> {
                    YamlNode.Mapping below = base.nodes().get(number);
                    elements.remove(number);
                    wire.field(
                                    number,
                                    below == null ? own : WireReader.over(below, own),
                                    WireReader.Place.ELEMENT,
                                    Optional.empty())
                            .ifPresent(def -> elements.put(number, def));
                }));
        findings.subList(before, findings.size()).sort(PLACES);
        if (findings.subList(before, findings.size()).isEmpty()) {
            reader.complete(layers.merged(), elements);
        }
        return elements;
    }

    /** A base file as read. */
    private record Base(String name, Map<Integer, YamlNode.Mapping> nodes) {
        boolean owns(YamlNode node) {
            return nodes.values().stream()
                    .anyMatch(map -> map.entries().values().stream()
                            .anyMatch(entry -> entry.value() == node || entry.key() == node));
        }
    }

    private static Base base(Layers layers, List<Finding> findings, Map<Integer, FieldDef> elements) {
        if (layers.source().isEmpty()) {
            return new Base("", Map.of());
        }
        Layers.Source source = layers.source().get();
        String name = source.name().text();
        return switch (source.around().find(name)) {
            case Neighbours.Found.Here here -> {
                WireReader wire = new WireReader(new Report(findings, node -> name));
                Map<Integer, YamlNode.Mapping> nodes = YamlFile.parse(name, here.bytes(), findings)
                        .flatMap(root -> new SpecReader(name, findings).base(root))
                        .map(wire::nodes)
                        .orElse(Map.of());
                nodes.forEach((number, map) -> wire.field(number, map, WireReader.Place.ELEMENT, Optional.empty())
                        .ifPresent(def -> elements.put(number, def)));
                yield new Base(name, nodes);
            }
            case Neighbours.Found.Nowhere nowhere -> {
                layers.report().error(source.name(), SpecError.BASE, nowhere.why(), SpecError.BASE.advice());
                yield new Base(name, Map.of());
            }
        };
    }

    private static byte[] read(Path file, List<Finding> findings) {
        try {
            return Neighbours.bounded(file);
        } catch (IOException e) {
            findings.add(
                    new Finding(file.toString(), 1, 1, SpecError.MISSING, "the file cannot be read", "check its name"));
            return null;
        }
    }

    /**
     * Files a spec, its bases and those that it extends; what is filed names each of them by its hash, so that what is hashed is what runs.
     *
     * @throws FluxException with the first finding where the file has any
     */
    public static Imported importInto(BlobStore store, Path file) {
        return importInto(store, file, Optional.empty(), Optional.empty());
    }

    /** The same under a name and a version that are not the spec's own. */
    public static Imported importInto(BlobStore store, Path file, Optional<String> name, Optional<String> tag) {
        List<Finding> findings = new ArrayList<>();
        byte[] bytes = read(file, findings);
        if (bytes == null) {
            new Loaded(Optional.empty(), findings).orThrow();
        }
        Neighbours around = Neighbours.beside(file, Optional.of(store));
        Spec spec = load(file.toString(), bytes, around, findings).orThrow();
        return file(store, spec, bytes, around, name, tag);
    }

    private static Imported file(
            BlobStore store, Spec spec, byte[] bytes, Neighbours around, Optional<String> name, Optional<String> tag) {
        Filing filing = new Filing(store);
        byte[] named = filing.named(bytes, around);
        Bytes hash = store.put(named);
        open(store, hash);
        String under = name.orElse(spec.name());
        String version = tag.orElse(spec.version());
        store.tag(under, version, hash);
        return new Imported(under, version, new Filed(under + ":" + version, hash, named.length), filing.filed());
    }

    /** The name of the file, beside an exported spec, that holds what the spec names by this hash. */
    public static String exportedName(Bytes sha256) {
        return sha256.hex().substring(0, 32) + ".yaml";
    }

    /** Opens a filed spec; its bytes and those of its bases are hashed again on the way. */
    public static Spec open(BlobStore store, Bytes sha256) {
        byte[] bytes = store.get(sha256);
        return load(HASH + sha256.hex(), bytes, Neighbours.filed(store), new ArrayList<>())
                .orThrow();
    }

    /**
     * The bases that a filed spec names, and the specs that it extends with theirs.
     *
     * @throws FluxException BASE where it names one that is not filed, and what {@link BlobStore#get} says
     */
    public static List<Filed> basesOf(BlobStore store, Bytes sha256) {
        return Filing.basesOf(store, sha256);
    }
}
