package io.fluxrig.cli;

import io.fluxrig.audit.RackFiles;
import io.fluxrig.cli.WireBooks.Entry;
import io.fluxrig.vault.DataKeys;
import io.fluxrig.vault.Leaf;
import io.fluxrig.vault.LeafForm;
import io.fluxrig.vault.LeafKind;
import io.fluxrig.vault.VaultReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** What a vault says of its signals, read on from where it was read to last: a log of a million leaves is not read anew for every look. */
final class VaultLedger {
    private final RackFiles files;
    private final DataKeys keys;
    private final Set<Long> begun = new HashSet<>();
    private final Map<Long, Integer> ends = new HashMap<>();
    private final Set<Long> handedOver = new HashSet<>();
    private final Map<String, List<Entry>> left = new HashMap<>();
    private final Map<String, List<Entry>> arrived = new HashMap<>();
    private long next;

    VaultLedger(Path data, String rack) {
        this.files = new RackFiles(data, rack);
        this.keys = DataKeys.readOnly(files.dataKeys(), data.resolve("keys").resolve(rack + ".kek"));
    }

    /** @param ingress told every first leaf of a signal that was not seen before */
    void readOn(Consumer<Leaf> ingress) {
        VaultReader.at(files.wal()).from(next, leaf -> {
            see(leaf);
            if (leaf.is(LeafKind.INGRESS)) {
                ingress.accept(leaf);
            }
            next = leaf.n() + 1;
            return true;
        });
    }

    private void see(Leaf leaf) {
        boolean isWire = leaf.port().contains(">");
        if (leaf.is(LeafKind.INGRESS)) {
            begun.add(leaf.id());
            if (isWire) {
                Entry entry = new Entry(leaf.note().integer("leaf", -1), leaf.id(), text(leaf));
                arrived.computeIfAbsent(leaf.port(), wire -> new ArrayList<>()).add(entry);
            }
        } else if (leaf.is(LeafKind.EGRESS) && isWire) {
            Entry entry = new Entry(leaf.n(), leaf.id(), text(leaf));
            left.computeIfAbsent(leaf.port(), wire -> new ArrayList<>()).add(entry);
        } else if (leaf.is(LeafKind.DONE) || leaf.is(LeafKind.FAILED)) {
            ends.merge(leaf.id(), 1, Integer::sum);
            if (leaf.note().text("outcome").orElse("").equals("handed-over")) {
                handedOver.add(leaf.id());
            }
        }
    }

    private String text(Leaf leaf) {
        return LeafForm.message(leaf, keys)
                .map(msg -> new String(msg.raw().toArray(), StandardCharsets.ISO_8859_1))
                .orElse("");
    }

    /** Leaves that were read. */
    long size() {
        return next;
    }

    Set<Long> begun() {
        return begun;
    }

    /** How often each signal ended. */
    Map<Long, Integer> ends() {
        return ends;
    }

    /** What was recorded as leaving by this wire and ended as handed over, in order. */
    List<Entry> handedOver(String wire) {
        return left.getOrDefault(wire, List.of()).stream()
                .filter(entry -> handedOver.contains(entry.id()))
                .toList();
    }

    /** What arrived by this wire, in order; the leaf is the sender's. */
    List<Entry> arrived(String wire) {
        return arrived.getOrDefault(wire, List.of());
    }
}
