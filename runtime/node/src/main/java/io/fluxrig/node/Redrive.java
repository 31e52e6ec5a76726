package io.fluxrig.node;

import io.fluxrig.gear.GearType.Recovery;
import io.fluxrig.scenario.DataDir;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.FluxMsg;
import io.fluxrig.vault.DataKeys;
import io.fluxrig.vault.Leaf;
import io.fluxrig.vault.LeafDraft;
import io.fluxrig.vault.LeafForm;
import io.fluxrig.vault.LeafKind;
import io.fluxrig.vault.OpenSignal;
import io.fluxrig.vault.VaultReader;
import java.util.Optional;

/** Drives signals again that a crash interrupted, where the gear by which they entered says so. */
final class Redrive {
    private final Activation activation;
    private final VaultReader vault;
    private final DataKeys keys;

    Redrive(Activation activation, DataDir data, String rack) {
        this.activation = activation;
        this.vault = VaultReader.at(data.rackWal(rack));
        this.keys = DataKeys.readOnly(data.rackDataKeys(rack), data.kekFile(rack));
    }

    CrashRecovery.Verdict verdictOn(OpenSignal signal) {
        GearCell cell = activation.cellOf(signal.gear());
        if (cell == null || activation.recoveryOf(cell) == Recovery.FAIL) {
            return CrashRecovery.decide(signal, Recovery.FAIL, false, false);
        }
        boolean guaranteed = activation.entersGuaranteed(cell.name(), signal.port());
        boolean whole =
                vault.leaf(signal.ingress()).map(leaf -> leaf.red().isEmpty()).orElse(false);
        return CrashRecovery.decide(signal, Recovery.REDRIVE, guaranteed, whole);
    }

    void drive(OpenSignal signal, long now) {
        GearCell cell = activation.cellOf(signal.gear());
        Leaf ingress = vault.leaf(signal.ingress()).orElseThrow();
        Optional<FluxMsg> stored = LeafForm.message(ingress, keys);
        LeafDraft redrive = LeafDraft.of(LeafKind.REDRIVE, now)
                .id(signal.id())
                .cause(signal.ingress())
                .gear(signal.gear(), signal.port())
                .scn(activation.scenario().identity())
                .spec(ingress.spec())
                .note(FluxMap.builder().put("attempt", 1).build())
                .build();
        FluxMsg message = stored.orElseThrow();
        FluxMsg again =
                message.toBuilder().flags(message.flags() | FluxMsg.REDELIVERED).build();
        activation.pipeline().driveAgain(cell, signal.port(), again, activation.specOf(ingress.spec()), redrive);
    }
}
