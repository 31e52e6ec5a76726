package io.fluxrig.replay;

import io.fluxrig.audit.Bundle;
import io.fluxrig.audit.RackFiles;
import io.fluxrig.scenario.Scenario;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxCbor;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.SignedArtifact;
import io.fluxrig.signal.Value;
import io.fluxrig.spec.BlobStore;
import io.fluxrig.spec.Spec;
import io.fluxrig.spec.Specs;
import io.fluxrig.vault.ControlRecord;
import io.fluxrig.vault.LeafKind;
import io.fluxrig.vault.VaultError;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The scenarios, specs and gear ids that the records of a Rack name. */
final class Artifacts {
    private final BlobStore store;
    private final Map<Bytes, Bytes> files = new HashMap<>();
    private final Map<String, Long> gearSequences = new HashMap<>();
    private final Map<Bytes, Spec> specs = new HashMap<>();

    private Artifacts(BlobStore store) {
        this.store = store;
    }

    /** Of a data directory. */
    static Artifacts of(RackFiles rack, List<ControlRecord> records) {
        Artifacts all = new Artifacts(BlobStore.open(rack.data()));
        for (ControlRecord record : records) {
            switch (record.event()) {
                case "accepted" -> all.files.put(bytes(record, "identity"), bytes(record, "file"));
                case "gear" ->
                    all.gearSequences.put(
                            record.map().text("scenario").orElse("") + "/"
                                    + record.map().text("name").orElse(""),
                            record.map().integer("sequence", 0));
                default -> {
                    // of no meaning for a replay
                }
            }
        }
        return all;
    }

    /**
     * Of a bundle, laid out in a directory. The leaves that activated its scenarios say which gear is which.
     *
     * @throws FluxException NOT_SEALED where the bundle does not hold such a leaf
     */
    static Artifacts of(Bundle bundle, Path directory) {
        Artifacts all = new Artifacts(BlobStore.open(directory));
        bundle.under("blobs/sha256/").forEach(hex -> all.store.put(bundle.blob(hex)));
        Map<Bytes, String> names = new HashMap<>();
        for (String hex : bundle.under("artifacts/")) {
            byte[] artifact = bundle.artifact(hex);
            Bytes identity = Bytes.ofHex(hex);
            all.files.put(identity, all.store.put(artifact));
            names.put(identity, all.scenario(identity).name());
        }
        bundle.reader().forEach(leaf -> {
            if (leaf.is(LeafKind.CONTROL)
                    && leaf.note().get("artifact") instanceof Value.Bin identity
                    && leaf.note().get("gears") instanceof FluxMap gears
                    && names.containsKey(identity.value())) {
                String scenario = names.get(identity.value());
                gears.forEach((gear, sequence) ->
                        all.gearSequences.put(scenario + "/" + gear, ((Value.Int) sequence).value()));
            }
        });
        if (all.gearSequences.isEmpty() && !names.isEmpty()) {
            throw new FluxException(
                    VaultError.NO_START, "the bundle does not hold the leaf that activated its scenario");
        }
        return all;
    }

    private static Bytes bytes(ControlRecord record, String key) {
        return record.map().get(key) instanceof Value.Bin b ? b.value() : Bytes.EMPTY;
    }

    /** The scenario of this identity, from bytes whose hash is it. */
    Scenario scenario(Bytes identity) {
        Bytes file = files.get(identity);
        if (file == null) {
            throw new FluxException(
                    VaultError.LEAF, "no record says where the artifact of scenario " + identity.hex() + " is");
        }
        SignedArtifact.Parsed artifact = SignedArtifact.parse(store.get(file), Scenario.CONTENT_TYPE);
        if (!artifact.identity().equals(identity)) {
            throw new FluxException(VaultError.LEAF, "the artifact of scenario " + identity.hex() + " is another one");
        }
        Bytes payload = artifact.payload();
        return Scenario.fromPayload(FluxCbor.decode(payload.toArray(), 0, payload.length(), FluxCbor.MAX_LEAF));
    }

    /** Specs by the references of a scenario. */
    Map<String, Spec> specsOf(Scenario scenario) {
        Map<String, Spec> byReference = new HashMap<>();
        scenario.specs().forEach((reference, pin) -> {
            if (!reference.startsWith("sha256:")) {
                byReference.put(reference, specs.computeIfAbsent(pin.sha256(), hash -> Specs.open(store, hash)));
            }
        });
        return byReference;
    }

    Optional<Spec> spec(Bytes sha256) {
        return sha256.isEmpty()
                ? Optional.empty()
                : Optional.of(specs.computeIfAbsent(sha256, hash -> Specs.open(store, hash)));
    }

    /** Sequence of a gear's entity id; empty where it was never minted. */
    Optional<Long> gear(String scenario, String gear) {
        return Optional.ofNullable(gearSequences.get(scenario + "/" + gear));
    }
}
