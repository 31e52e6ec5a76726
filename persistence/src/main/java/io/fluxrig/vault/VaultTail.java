package io.fluxrig.vault;

import io.fluxrig.signal.FluxCbor;
import io.fluxrig.wal.Wal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Follows a vault whose log is open in this process: what is durable behind a place that the reader remembers. */
public final class VaultTail {
    private final Path wal;

    public VaultTail(Path wal) {
        this.wal = wal;
    }

    /** Leaves that became durable together; {@code sequenceNr} is where to go on behind them. */
    public record Group(long sequenceNr, List<Leaf> leaves) {}

    /** At most so many groups behind this sequence number, in order; none where there is nothing more, or the log is not open. */
    public List<Group> after(long sequenceNr, int most) {
        List<Group> groups = new ArrayList<>();
        Optional<Wal> open = Wal.over(wal);
        String id = VaultReader.PERSISTENCE_ID;
        if (open.isPresent() && open.get().highestSequenceNr(id) > sequenceNr) {
            open.get()
                    .replay(
                            id,
                            sequenceNr + 1,
                            open.get().highestSequenceNr(id),
                            most,
                            record -> groups.add(new Group(record.sequenceNr(), leaves(record.payload()))));
        }
        return groups;
    }

    private static List<Leaf> leaves(byte[] group) {
        List<Leaf> leaves = new ArrayList<>();
        for (int at = 0; at < group.length; ) {
            int end = FluxCbor.next(group, at, FluxCbor.MAX_LEAF).end();
            leaves.add(Leaf.parse(Arrays.copyOfRange(group, at, end)));
            at = end;
        }
        return leaves;
    }
}
