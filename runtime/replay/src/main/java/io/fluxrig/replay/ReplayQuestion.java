package io.fluxrig.replay;

import io.fluxrig.audit.Bundle;
import io.fluxrig.audit.RackFiles;
import io.fluxrig.gear.GearTypes;
import io.fluxrig.scenario.Scenario;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxCbor;
import io.fluxrig.signal.SignedArtifact;
import io.fluxrig.vault.DataKeys;
import io.fluxrig.vault.VaultReader;
import java.nio.file.Path;
import java.util.Optional;

/** What is to be replayed: whose leaves, with which gears, which of them are compared, and through which scenario. */
public final class ReplayQuestion {
    final VaultReader vault;
    final DataKeys keys;
    final GearTypes types;
    final Artifacts artifacts;
    final String rack;
    ReplayScope scope = ReplayScope.all();
    Optional<Scenario> with = Optional.empty();
    Optional<ReplayJob> job = Optional.empty();

    private ReplayQuestion(String rack, VaultReader vault, DataKeys keys, GearTypes types, Artifacts artifacts) {
        this.rack = rack;
        this.vault = vault;
        this.keys = keys;
        this.types = types;
        this.artifacts = artifacts;
    }

    /** A Rack's log. */
    public static ReplayQuestion of(RackFiles rack, DataKeys keys, GearTypes types) {
        VaultReader vault = VaultReader.at(rack.wal());
        return new ReplayQuestion(rack.rack(), vault, keys, types, Artifacts.of(rack, vault.records()));
    }

    /**
     * A bundle that holds its data keys.
     *
     * @param directory an empty one, where what the bundle holds is laid out
     */
    public static ReplayQuestion of(Bundle bundle, GearTypes types, Path directory) {
        return new ReplayQuestion(
                bundle.head().rack(), bundle.reader(), bundle.keys(), types, Artifacts.of(bundle, directory));
    }

    /** Only this part is compared. */
    public ReplayQuestion within(ReplayScope part) {
        scope = part;
        return this;
    }

    /** Through this scenario artifact, whose specs are in the store, instead of the recorded ones. */
    public ReplayQuestion with(byte[] artifact) {
        Bytes payload = SignedArtifact.parse(artifact, Scenario.CONTENT_TYPE).payload();
        with = Optional.of(
                Scenario.fromPayload(FluxCbor.decode(payload.toArray(), 0, payload.length(), FluxCbor.MAX_LEAF)));
        return this;
    }

    /** Remembers in a file how far it is at each start of the Rack, so that it can be stopped and gone on with. */
    public ReplayQuestion job(ReplayJob remembered) {
        job = Optional.of(remembered);
        return this;
    }
}
