package io.fluxrig.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxrig.audit.AuditVerify;
import io.fluxrig.audit.RackFiles;
import io.fluxrig.audit.Verdict;
import io.fluxrig.gear.GearTypes;
import io.fluxrig.replay.Replay;
import io.fluxrig.replay.ReplayReport;
import io.fluxrig.signal.FluxMsg;
import io.fluxrig.vault.DataKeys;
import io.fluxrig.vault.Leaf;
import io.fluxrig.vault.LeafForm;
import io.fluxrig.vault.LeafKind;
import io.fluxrig.vault.VaultReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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

    private static String text(Leaf leaf, DataKeys keys) {
        Optional<FluxMsg> msg = LeafForm.message(leaf, keys);
        return msg.map(m -> new String(m.raw().toArray(), StandardCharsets.ISO_8859_1))
                .orElse("");
    }

    /** What was recorded as leaving by this wire and ended as handed over, in order. */
    List<Entry> handedOver(String wire) {
        List<Entry> all = new ArrayList<>();
        Set<Long> done = new HashSet<>();
        DataKeys keys = keys();
        for (Leaf leaf : leaves()) {
            if (leaf.is(LeafKind.EGRESS) && leaf.port().equals(wire)) {
                Entry entry = new Entry(leaf.n(), leaf.id(), text(leaf, keys));
                all.add(entry);
            } else if (leaf.is(LeafKind.DONE)
                    && leaf.note().text("outcome").orElse("").equals("handed-over")) {
                done.add(leaf.id());
            }
        }
        return all.stream().filter(entry -> done.contains(entry.id())).toList();
    }

    /** What arrived by this wire, in order; the leaf is the sender's. */
    List<Entry> arrived(String wire) {
        DataKeys keys = keys();
        return leaves().stream()
                .filter(leaf -> leaf.is(LeafKind.INGRESS) && leaf.port().equals(wire))
                .map(leaf -> new Entry(leaf.note().integer("leaf", -1), leaf.id(), text(leaf, keys)))
                .toList();
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
