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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Drives signals again that a crash interrupted, where the gear by which they entered says so. */
final class Redrive {
    /** Links take a moment to be up. What waits longer fails with its reason, as anything new would. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Activation activation;
    private final Map<Long, Leaf> ingresses;
    private final DataKeys keys;
    private final List<OpenSignal> waiting = new ArrayList<>();
    private final long until = System.nanoTime() + PATIENCE.toNanos();

    /** @param open the signals that a crash interrupted */
    Redrive(Activation activation, DataDir data, String rack, List<OpenSignal> open) {
        this.activation = activation;
        Set<Long> wanted = open.stream()
                .filter(signal -> recoveryOf(signal) == Recovery.REDRIVE)
                .map(OpenSignal::ingress)
                .collect(Collectors.toSet());
        this.ingresses = VaultReader.at(data.rackWal(rack)).leaves(wanted);
        this.keys = DataKeys.readOnly(data.rackDataKeys(rack), data.kekFile(rack));
    }

    CrashRecovery.Verdict verdictOn(OpenSignal signal) {
        if (recoveryOf(signal) == Recovery.FAIL) {
            return CrashRecovery.decide(signal, Recovery.FAIL, false, false);
        }
        String gear = activation.cellOf(signal.gear()).name();
        Leaf ingress = ingresses.get(signal.ingress());
        // Without its spec nobody would know what of it is classified.
        boolean known = ingress != null
                && (ingress.spec().isEmpty()
                        || activation.specOf(ingress.spec()).isPresent());
        boolean whole = known && ingress.red().isEmpty();
        return CrashRecovery.decide(signal, Recovery.REDRIVE, activation.entersGuaranteed(gear, signal.port()), whole);
    }

    private Recovery recoveryOf(OpenSignal signal) {
        GearCell cell = activation.cellOf(signal.gear());
        if (cell == null) {
            return Recovery.FAIL;
        }
        // The Rack that handed it over has done with it and will not send it again.
        boolean arrived = activation.pipeline().wiring().arrival(signal.port()).isPresent();
        return arrived ? Recovery.REDRIVE : activation.recoveryOf(cell);
    }

    void add(OpenSignal signal) {
        waiting.add(signal);
    }

    /** Whether everything that reaches outside can work, or was waited for long enough. */
    boolean isDue() {
        return waiting.isEmpty() || !activation.links().containsValue(false) || System.nanoTime() - until > 0;
    }

    /** In the order in which they entered. */
    void drive(long now) {
        waiting.forEach(signal -> drive(signal, now));
        waiting.clear();
    }

    private void drive(OpenSignal signal, long now) {
        GearCell cell = activation.cellOf(signal.gear());
        Leaf ingress = ingresses.get(signal.ingress());
        Optional<FluxMsg> stored = LeafForm.message(ingress, keys);
        LeafDraft redrive = LeafDraft.of(LeafKind.REDRIVE, now)
                .id(signal.id())
                .cause(signal.ingress())
                .gear(signal.gear(), signal.port())
                .scn(activation.scenario().identity())
                .spec(ingress.spec())
                .note(FluxMap.builder().put("attempt", 1).build())
                .build();
        // What a terminal sent waits no longer than the terminal, wherever it waits.
        long expiresAt = ingress.note().integer(FarEnd.EXPIRES, 0);
        FluxMsg message = stored.orElseThrow();
        FluxMsg again =
                message.toBuilder().flags(message.flags() | FluxMsg.REDELIVERED).build();
        activation
                .pipeline()
                .driveAgain(cell, signal.port(), again, activation.specOf(ingress.spec()), redrive, expiresAt);
    }
}
