package io.fluxrig.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxrig.audit.AuditVerify;
import io.fluxrig.audit.RackFiles;
import io.fluxrig.audit.Verdict;
import io.fluxrig.gear.GearTypes;
import io.fluxrig.replay.Replay;
import io.fluxrig.replay.ReplayReport;
import io.fluxrig.vault.DataKeys;
import io.fluxrig.vault.Leaf;
import io.fluxrig.vault.LeafKind;
import io.fluxrig.vault.VaultReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The books of two Racks between which a wire leads. */
final class WireBooks {
    /** What one Rack handed over, or got, by a wire. */
    record Entry(long leaf, long id, String text) {}

    private final Path data;
    private final String rack;

    WireBooks(Path data, String rack) {
        this.data = data;
        this.rack = rack;
    }

    private RackFiles files() {
        return new RackFiles(data, rack);
    }

    private DataKeys keys() {
        return DataKeys.readOnly(files().dataKeys(), data.resolve("keys").resolve(rack + ".kek"));
    }

    private List<Leaf> leaves() {
        List<Leaf> leaves = new ArrayList<>();
        VaultReader.at(files().wal()).forEach(leaves::add);
        return leaves;
    }

    private VaultLedger ledger() {
        VaultLedger ledger = new VaultLedger(data, rack);
        ledger.readOn(ingress -> {});
        return ledger;
    }

    /** What was recorded as leaving by this wire and ended as handed over, in order. */
    List<Entry> handedOver(String wire) {
        return ledger().handedOver(wire);
    }

    /** What arrived by this wire, in order; the leaf is the sender's. */
    List<Entry> arrived(String wire) {
        return ledger().arrived(wire);
    }

    /** How many signals ended failed with this code. */
    long failed(String code) {
        return leaves().stream()
                .filter(leaf ->
                        leaf.is(LeafKind.FAILED) && leaf.code().orElse("").equals(code))
                .count();
    }

    /** The vault is intact, nothing is left open, and a replay finds no difference. */
    void areInOrder() {
        Verdict verdict = AuditVerify.run(
                files(), PinnedKeys.in(Optional.of(data.resolve("trust"))), Optional.empty(), leaves -> {});
        assertThat(verdict.problems()).as("audit verify of " + rack).isEmpty();
        assertThat(verdict.counts().openSignals())
                .as("signals of " + rack + " without an end")
                .isZero();
        ReplayReport replay =
                Replay.run(files(), keys(), GearTypes.load(WireBooks.class.getClassLoader()), leaves -> {});
        assertThat(replay.differences()).as("audit replay of " + rack).isEmpty();
    }
}
