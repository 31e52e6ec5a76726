package io.fluxrig.spec;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Files what a spec names before the spec itself, and puts hashes where names stood (FORMATS section 5). */
final class Filing {
    private final BlobStore store;
    private final Map<String, Specs.Filed> filed = new LinkedHashMap<>();

    Filing(BlobStore store) {
        this.store = store;
    }

    /** Everything that was filed, each once. */
    List<Specs.Filed> filed() {
        return List.copyOf(filed.values());
    }

    /** The bytes of a spec that was loaded without findings, with every name in it replaced. */
    byte[] named(byte[] spec, Neighbours around) {
        // What stands further back is replaced first, so that earlier places keep theirs.
        TreeMap<Integer, YamlNode.Scalar> places = new TreeMap<>();
        Map<Integer, String> hashes = new TreeMap<>();
        names(spec).forEach((name, extended) -> {
            places.put(name.from(), name);
            hashes.put(name.from(), file(name.text(), extended, around));
        });
        String text = new String(spec, StandardCharsets.UTF_8);
        for (Map.Entry<Integer, YamlNode.Scalar> place : places.descendingMap().entrySet()) {
            int from = text.offsetByCodePoints(0, place.getValue().from());
            int to = text.offsetByCodePoints(0, place.getValue().to());
            text = text.substring(0, from) + hashes.get(place.getKey()) + text.substring(to);
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private String file(String name, boolean extended, Neighbours around) {
        if (!(around.find(name) instanceof Neighbours.Found.Here here)) {
            throw new FluxException(SpecError.BASE, "'" + name + "' is gone");
        }
        byte[] bytes = extended ? named(here.bytes(), here.around()) : here.bytes();
        Bytes hash = store.put(bytes);
        String reference = Neighbours.HASH + hash.hex();
        filed.put(reference, new Specs.Filed(reference, hash, bytes.length));
        return reference;
    }

    /** Where a spec names its base and the spec that it extends; true for the latter. */
    private static Map<YamlNode.Scalar, Boolean> names(byte[] spec) {
        List<Finding> findings = new ArrayList<>();
        Map<YamlNode.Scalar, Boolean> names = new LinkedHashMap<>();
        Optional<SpecReader.Head> head =
                YamlFile.parse("spec", spec, findings).flatMap(new SpecReader("spec", findings)::head);
        head.flatMap(SpecReader.Head::source).ifPresent(source -> names.put(source, false));
        head.flatMap(h -> h.spec().get("extends"))
                .filter(YamlNode.Scalar.class::isInstance)
                .ifPresent(extended -> names.put((YamlNode.Scalar) extended, true));
        return names;
    }

    static List<Specs.Filed> basesOf(BlobStore store, Bytes sha256) {
        Map<String, Specs.Filed> all = new LinkedHashMap<>();
        collect(store, sha256, all);
        return List.copyOf(all.values());
    }

    private static void collect(BlobStore store, Bytes sha256, Map<String, Specs.Filed> all) {
        names(store.get(sha256)).forEach((name, extended) -> {
            if (!Neighbours.isHash(name.text())) {
                throw new FluxException(
                        SpecError.BASE, Neighbours.HASH + sha256.hex() + " does not name its base by hash");
            }
            Bytes hash = Bytes.ofHex(name.text().substring(Neighbours.HASH.length()));
            if (all.putIfAbsent(name.text(), new Specs.Filed(name.text(), hash, store.get(hash).length)) == null
                    && extended) {
                collect(store, hash, all);
            }
        });
    }
}
