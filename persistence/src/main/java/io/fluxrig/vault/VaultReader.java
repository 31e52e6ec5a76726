package io.fluxrig.vault;

import io.fluxrig.signal.FluxCbor;
import io.fluxrig.signal.FluxException;
import io.fluxrig.wal.Finding;
import io.fluxrig.wal.WalScan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads a Rack's leaves from its log, live, closed or copied; takes no lock and changes nothing. */
public final class VaultReader {
    private final Path wal;

    private VaultReader(Path wal) {
        this.wal = wal;
    }

    public static VaultReader at(Path wal) {
        return new VaultReader(wal);
    }

    /** What a scan found besides leaves. {@code gap} is true where something is missing, false where something is other than it was. */
    public record Problem(boolean gap, String where, String what) {}

    public record Scan(long tornBytes, List<Problem> problems) {
        public Scan {
            problems = List.copyOf(problems);
        }
    }

    /** Takes the exact bytes of a leaf, and where they lie. */
    public interface LeafVisitor {
        void leaf(byte[] encoded, String where);
    }

    /** Hands over every leaf in order, and the control plane's records; damage is told, never thrown. */
    public Scan scan(LeafVisitor leaves, Consumer<ControlRecord> records) {
        List<Problem> problems = new ArrayList<>();
        WalScan.Report report = WalScan.read(wal, record -> {
            String where = record.segment() + " offset " + record.offset() + " record " + record.number();
            if (record.serializerId() != VaultSerializer.IDENTIFIER) {
                problems.add(new Problem(false, where, "a record of an unknown serializer"));
            } else if (record.persistenceId().equals(VaultLog.PERSISTENCE_ID.id())) {
                hand(record.payload(), where, leaves, problems);
            } else {
                decode(record.payload(), where, problems).ifPresent(records);
            }
        });
        for (Finding finding : report.findings()) {
            problems.add(new Problem(finding.kind() == Finding.Kind.MISSING, finding.where(), finding.what()));
        }
        return new Scan(report.tornBytes(), problems);
    }

    private static void hand(byte[] group, String where, LeafVisitor leaves, List<Problem> problems) {
        for (int at = 0; at < group.length; ) {
            int end;
            try {
                end = FluxCbor.next(group, at, FluxCbor.MAX_LEAF).end();
            } catch (FluxException bad) {
                problems.add(new Problem(false, where, bad.what()));
                return;
            }
            leaves.leaf(Arrays.copyOfRange(group, at, end), where);
            at = end;
        }
    }

    private static Optional<ControlRecord> decode(byte[] payload, String where, List<Problem> problems) {
        try {
            return Optional.of(ControlRecord.decode(payload));
        } catch (FluxException bad) {
            problems.add(new Problem(false, where, bad.what()));
            return Optional.empty();
        }
    }

    /** Every leaf in order, decoded; leaves that cannot be read are left out. */
    public void forEach(Consumer<Leaf> leaves) {
        scan((encoded, where) -> parse(encoded).ifPresent(leaves), record -> {});
    }

    private static Optional<Leaf> parse(byte[] encoded) {
        try {
            return Optional.of(Leaf.parse(encoded));
        } catch (FluxException notALeaf) {
            return Optional.empty();
        }
    }

    /** The control plane's records in order. */
    public List<ControlRecord> records() {
        List<ControlRecord> records = new ArrayList<>();
        scan((encoded, where) -> {}, records::add);
        return records;
    }

    /** The leaf of this index. */
    public Optional<Leaf> leaf(long n) {
        Leaf[] found = new Leaf[1];
        forEach(leaf -> {
            if (leaf.n() == n) {
                found[0] = leaf;
            }
        });
        return Optional.ofNullable(found[0]);
    }

    /** Unix nanoseconds of the last leaf; 0 for an empty log. */
    public long lastLeafAt() {
        long[] last = new long[1];
        forEach(leaf -> last[0] = leaf.at());
        return last[0];
    }
}
