package io.fluxrig.node;

import io.fluxrig.scenario.DataDir;
import io.fluxrig.scenario.Scenario;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.Value;
import io.fluxrig.vault.ControlRecord;
import io.fluxrig.vault.VaultReader;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** What each scenario that a Rack's log names lets out. One that cannot be found any more lets out nothing. Used by one thread. */
final class Residencies implements Function<Bytes, Residency> {
    private static final int MOST = 1_000;

    private final RackBoard board;
    private final DataDir data;
    private final String rack;
    private final Map<Bytes, Residency> known = new HashMap<>();

    Residencies(RackBoard board, DataDir data, String rack) {
        this.board = board;
        this.data = data;
        this.rack = rack;
    }

    @Override
    public Residency apply(Bytes scenario) {
        if (known.size() >= MOST) {
            known.clear();
        }
        return known.computeIfAbsent(scenario, this::lookUp);
    }

    private Residency lookUp(Bytes scenario) {
        return board.activation()
                .map(a -> a.scenario())
                .filter(s -> s.identity().equals(scenario))
                .map(s -> Residency.of(s.scenario()))
                .orElseGet(() -> fromRecords(scenario));
    }

    private Residency fromRecords(Bytes scenario) {
        return VaultReader.at(data.rackWal(rack)).records().stream()
                .filter(r ->
                        r.event().equals("accepted") && bytes(r, "identity").equals(scenario))
                .map(r -> residencyIn(bytes(r, "file")))
                .findFirst()
                .orElse(Residency.LOCAL);
    }

    private Residency residencyIn(Bytes file) {
        try {
            return Scenario.claimedBy(data.blobs().get(file)).map(Residency::of).orElse(Residency.LOCAL);
        } catch (FluxException gone) {
            return Residency.LOCAL;
        }
    }

    private static Bytes bytes(ControlRecord record, String key) {
        return record.map().get(key) instanceof Value.Bin bin ? bin.value() : Bytes.EMPTY;
    }
}
