package io.fluxrig.cli;

import io.fluxrig.audit.Bundle;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxEntityId;
import io.fluxrig.signal.FluxException;
import io.fluxrig.spec.BlobStore;
import io.fluxrig.spec.Spec;
import io.fluxrig.spec.Specs;
import io.fluxrig.vault.ControlRecord;
import io.fluxrig.vault.VaultReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/** What people call things, for whoever reads a vault: aliases by the specs that are at hand, gears by the records of the Rack. */
final class AuditNames implements Closeable {
    private final BlobStore store;
    private final Optional<TemporaryDirectory> temporary;
    private final Supplier<Map<String, Long>> readGears;
    private final Map<Bytes, Optional<Spec>> specs = new HashMap<>();
    private final Set<Bytes> known;
    private Map<String, Long> gears;

    private AuditNames(
            BlobStore store,
            Optional<TemporaryDirectory> temporary,
            Set<Bytes> known,
            Supplier<Map<String, Long>> readGears) {
        this.store = store;
        this.temporary = temporary;
        this.known = known;
        this.readGears = readGears;
    }

    /** Of a data directory. */
    static AuditNames of(RackChoice choice) {
        BlobStore store = BlobStore.open(choice.data());
        Set<Bytes> known = new TreeSet<>(Comparator.comparing(Bytes::hex));
        store.list().forEach(entry -> known.add(entry.sha256()));
        return new AuditNames(store, Optional.empty(), known, () -> gears(choice.reader()));
    }

    /** Of a bundle, whose blobs are laid out in a temporary directory; gears have no names there. */
    static AuditNames of(Bundle bundle) {
        try {
            TemporaryDirectory temporary = TemporaryDirectory.make();
            BlobStore store = BlobStore.open(temporary.path());
            Set<Bytes> known = new TreeSet<>(Comparator.comparing(Bytes::hex));
            for (String hex : bundle.under("blobs/sha256/")) {
                known.add(store.put(bundle.blob(hex)));
            }
            return new AuditNames(store, Optional.of(temporary), known, Map::of);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Long> gears(VaultReader reader) {
        int machine = machineOf(reader);
        Map<String, Long> ids = new TreeMap<>();
        for (ControlRecord record : reader.records()) {
            if (record.event().equals("gear")) {
                long sequence = record.map().integer("sequence", 0);
                ids.put(
                        record.map().text("name").orElse(""),
                        FluxEntityId.of(FluxEntityId.Type.GEAR, machine, sequence)
                                .value());
            }
        }
        return ids;
    }

    /** All gears of a Rack are minted under one machine id: any leaf of a gear tells which. */
    private static int machineOf(VaultReader reader) {
        int[] machine = {1};
        reader.from(0, leaf -> {
            if (leaf.gear() != 0) {
                machine[0] = new FluxEntityId(leaf.gear()).machine();
            }
            return leaf.gear() == 0;
        });
        return machine[0];
    }

    /** The spec with this hash; empty where it is not here or not a spec. */
    Optional<Spec> spec(Bytes sha256) {
        return specs.computeIfAbsent(sha256, hash -> {
            try {
                return store.has(hash) ? Optional.of(Specs.open(store, hash)) : Optional.empty();
            } catch (FluxException notASpec) {
                return Optional.empty();
            }
        });
    }

    /** Every path that a name stands for in one of the specs, and the name itself. */
    Set<String> pathsOf(String name) {
        Set<String> paths = new TreeSet<>(Set.of(name));
        known.forEach(hash -> spec(hash).ifPresent(spec -> paths.add(spec.pathOf(name))));
        return paths;
    }

    /** The entity id of a gear. */
    Optional<Long> gear(String name) {
        return Optional.ofNullable(all().get(name));
    }

    Set<String> gears() {
        return all().keySet();
    }

    private Map<String, Long> all() {
        if (gears == null) {
            gears = readGears.get();
        }
        return gears;
    }

    @Override
    public void close() {
        if (temporary.isPresent()) {
            try {
                temporary.get().close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
