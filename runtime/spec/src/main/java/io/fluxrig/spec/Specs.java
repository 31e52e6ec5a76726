package io.fluxrig.spec;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.Hashes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** Loads specs from files, files them in a store, and opens them from there. */
public final class Specs {
    private static final String HASH = "sha256:";
    private static final Map<String, String> BUILT_IN = Map.of("moov:spec87ascii", "moov/spec87ascii.yaml");

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

    /** Bytes of a base, or a word on why there are none. */
    private record Base(byte[] bytes, String why) {}

    /** Reads a spec file with its bases. */
    public static Loaded load(Path file) {
        List<Finding> findings = new ArrayList<>();
        byte[] bytes = read(file, findings);
        return bytes == null
                ? new Loaded(Optional.empty(), findings)
                : load(file.toString(), bytes, beside(file), findings);
    }

    private static Loaded load(String name, byte[] bytes, Function<String, Base> bases, List<Finding> findings) {
        SpecReader reader = new SpecReader(name, findings);
        Optional<SpecReader.Head> head = YamlFile.parse(name, bytes, findings).flatMap(reader::head);
        if (head.isEmpty()) {
            return new Loaded(Optional.empty(), findings);
        }
        Map<Integer, FieldDef> base = new TreeMap<>();
        head.get().source().ifPresent(source -> {
            Base found = bases.apply(source.text());
            if (found.bytes() == null) {
                findings.add(new Finding(
                        name, source.line(), source.column(), SpecError.BASE, found.why(), SpecError.BASE.advice()));
            } else {
                YamlFile.parse(source.text(), found.bytes(), findings)
                        .ifPresent(root -> base.putAll(new SpecReader(source.text(), findings).base(root)));
            }
        });
        Map<Integer, FieldDef> elements = reader.elements(head.get().spec(), base);
        boolean errors = findings.stream().anyMatch(f -> !f.warning());
        return new Loaded(
                errors
                        ? Optional.empty()
                        : Optional.of(new Spec(
                                Bytes.wrap(Hashes.sha256(bytes)),
                                head.get().id(),
                                head.get().version(),
                                elements)),
                findings);
    }

    private static byte[] read(Path file, List<Finding> findings) {
        try {
            return bounded(file);
        } catch (IOException e) {
            findings.add(
                    new Finding(file.toString(), 1, 1, SpecError.MISSING, "the file cannot be read", "check its name"));
            return null;
        }
    }

    /** One byte more than a YAML file may have is enough to refuse it. */
    private static byte[] bounded(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(YamlFile.MAX_BYTES + 1);
        }
    }

    private static Function<String, Base> beside(Path file) {
        return source -> {
            if (BUILT_IN.containsKey(source)) {
                return new Base(builtIn(source), "");
            }
            if (!SpecPath.isPath(source)) {
                return new Base(null, "'" + source + "' is neither a known base nor a file beside the spec");
            }
            try {
                Optional<Path> real = SpecPath.below(file.toAbsolutePath().getParent(), source);
                return real.isPresent()
                        ? new Base(bounded(real.get()), "")
                        : new Base(null, "'" + source + "' lies outside the spec's folder");
            } catch (IOException e) {
                return new Base(null, "'" + source + "' cannot be read");
            }
        };
    }

    private static byte[] builtIn(String source) {
        try (InputStream in = Specs.class.getResourceAsStream(BUILT_IN.get(source))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Files a spec and its bases; what is filed names each base by its hash, so that what is hashed is what runs.
     *
     * @throws FluxException with the first finding where the file has any
     */
    public static Imported importInto(BlobStore store, Path file) {
        List<Finding> findings = new ArrayList<>();
        byte[] bytes = read(file, findings);
        if (bytes == null) {
            new Loaded(Optional.empty(), findings).orThrow();
        }
        Spec spec = load(file.toString(), bytes, beside(file), findings).orThrow();
        SpecReader.Head head = YamlFile.parse(file.toString(), bytes, findings)
                .flatMap(new SpecReader(file.toString(), findings)::head)
                .orElseThrow();
        List<Filed> bases = new ArrayList<>();
        if (head.source().isPresent()) {
            YamlNode.Scalar source = head.source().get();
            byte[] base = beside(file).apply(source.text()).bytes();
            Bytes hash = store.put(base);
            bases.add(new Filed(HASH + hash.hex(), hash, base.length));
            String text = new String(bytes, StandardCharsets.UTF_8);
            int from = text.offsetByCodePoints(0, source.from());
            int to = text.offsetByCodePoints(0, source.to());
            bytes = (text.substring(0, from) + HASH + hash.hex() + text.substring(to)).getBytes(StandardCharsets.UTF_8);
        }
        Bytes hash = store.put(bytes);
        open(store, hash);
        store.tag(spec.name(), spec.version(), hash);
        return new Imported(
                spec.name(), spec.version(), new Filed(spec.name() + ":" + spec.version(), hash, bytes.length), bases);
    }

    /** Opens a filed spec; its bytes and those of its bases are hashed again on the way. */
    public static Spec open(BlobStore store, Bytes sha256) {
        byte[] bytes = store.get(sha256);
        Function<String, Base> filed = source -> isHash(source)
                ? new Base(store.get(Bytes.ofHex(source.substring(HASH.length()))), "")
                : new Base(null, "a filed spec names its base by hash");
        return load("sha256:" + sha256.hex(), bytes, filed, new ArrayList<>()).orThrow();
    }

    private static boolean isHash(String source) {
        return source.matches(HASH + "[0-9a-f]{64}");
    }

    /**
     * The bases that a filed spec names.
     *
     * @throws FluxException BASE where it names one that is not filed, and what {@link BlobStore#get} says
     */
    public static List<Filed> basesOf(BlobStore store, Bytes sha256) {
        List<Finding> findings = new ArrayList<>();
        String name = HASH + sha256.hex();
        return YamlFile.parse(name, store.get(sha256), findings)
                .flatMap(new SpecReader(name, findings)::head)
                .flatMap(SpecReader.Head::source)
                .map(source -> {
                    if (!isHash(source.text())) {
                        throw new FluxException(SpecError.BASE, name + " does not name its base by hash");
                    }
                    Bytes base = Bytes.ofHex(source.text().substring(HASH.length()));
                    return List.of(new Filed(source.text(), base, store.get(base).length));
                })
                .orElse(List.of());
    }
}
