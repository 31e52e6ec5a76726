package io.fluxrig.benchmarks.wal;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxIdGenerator;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.FluxMsg;
import io.fluxrig.vault.LeafDraft;
import io.fluxrig.vault.LeafKind;
import io.fluxrig.vault.Stored;
import io.fluxrig.vault.VaultEntry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/** Makes classified signals of 512 bytes, each with an id of its own from eight lanes, as an ingress gear does. */
final class Signals {
    static final int MESSAGE_BYTES = 512;
    private static final long GEAR = 0x0500_0100_0000_0001L;
    private static final Bytes SCENARIO = Bytes.wrap(new byte[32]);

    private final FluxIdGenerator ids;
    private final FluxMap data = FluxMap.builder()
            .put("0", "0200")
            .put("2", "9999010000000016")
            .put("3", "000000")
            .put("4", "000000012500")
            .put("11", "123456")
            .put("41", "TERM0001")
            .put("42", "MERCHANT0000001")
            .put("49", "978")
            .build();
    private final Bytes raw;

    Signals(Path dir) {
        ids = FluxIdGenerator.open(new int[] {1, 2, 3, 4, 5, 6, 7, 8}, dir, Clock.systemUTC());
        int without = message(Bytes.EMPTY).encode().length;
        // A byte string of 256 bytes and more has a head of three bytes, its key four.
        raw = Bytes.wrap(new byte[MESSAGE_BYTES - without - 7]);
    }

    private FluxMsg message(Bytes bytes) {
        return FluxMsg.builder()
                .id(ids.next())
                .ts(now())
                .srcId(GEAR)
                .data(data)
                .raw(bytes)
                .build();
    }

    FluxMsg next() {
        return message(raw);
    }

    LeafDraft ingress(FluxMsg message, Consumer<VaultEntry> then) {
        return LeafDraft.of(LeafKind.INGRESS, message.ts())
                .id(message.id())
                .gear(GEAR, "out")
                .scn(SCENARIO)
                .message(new Stored(message, List.of(), true))
                .onDurable(then)
                .build();
    }

    /** What lets the vault forget the signal again; a signal in flight is remembered until it ends. */
    LeafDraft done(long id) {
        return LeafDraft.of(LeafKind.DONE, now())
                .id(id)
                .gear(GEAR, "out")
                .scn(SCENARIO)
                .build();
    }

    private static long now() {
        Instant instant = Clock.systemUTC().instant();
        return instant.getEpochSecond() * 1_000_000_000L + instant.getNano();
    }
}
