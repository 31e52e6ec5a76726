package io.fluxrig.node;

import io.fluxrig.scenario.DataDir;
import io.fluxrig.scenario.Scenario;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.Value;
import io.fluxrig.spec.Spec;
import io.fluxrig.spec.Specs;
import io.fluxrig.vault.ControlRecord;
import io.fluxrig.vault.VaultReader;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What each scenario that a Rack's log names lets out. One that cannot be found any more lets out nothing. Used by one thread. */
final class Residencies implements SignalFacts.Borders {
    private static final int MOST = 1_000;

    private final RackBoard board;
    private final DataDir data;
    private final String rack;
    private final Map<String, String> labels;
    private final Map<Bytes, Optional<Spec>> specs = new HashMap<>();
    private final Map<Bytes, Border> known = new HashMap<>();

    Residencies(RackBoard board, DataDir data, String rack, Map<String, String> labels) {
        this.board = board;
        this.data = data;
        this.rack = rack;
        this.labels = labels;
    }

    private Border of(Scenario scenario) {
        return Border.of(scenario, rack, labels);
    }

    /** The spec of this hash as it is filed here; empty where it is not. */
    @Override
    public Optional<Spec> spec(Bytes sha256) {
        if (specs.size() >= MOST) {
            specs.clear();
        }
        return specs.computeIfAbsent(sha256, this::open);
    }

    private Optional<Spec> open(Bytes sha256) {
        try {
            return Optional.of(Specs.open(data.blobs(), sha256));
        } catch (FluxException gone) {
            return Optional.empty();
        }
    }

    @Override
    public Border at(Bytes scenario) {
        if (known.size() >= MOST) {
            known.clear();
        }
        return known.computeIfAbsent(scenario, this::lookUp);
    }

    private Border lookUp(Bytes scenario) {
        return board.activation()
                .map(a -> a.scenario())
                .filter(s -> s.identity().equals(scenario))
                .map(s -> of(s.scenario()))
                .orElseGet(() -> fromRecords(scenario));
    }

    private Border fromRecords(Bytes scenario) {
        return VaultReader.at(data.rackWal(rack)).records().stream()
                .filter(r ->
                        r.event().equals("accepted") && bytes(r, "identity").equals(scenario))
                .map(r -> residencyIn(bytes(r, "file")))
                .findFirst()
                .orElse(Border.CLOSED);
    }

    private Border residencyIn(Bytes file) {
        try {
            return Scenario.claimedBy(data.blobs().get(file)).map(this::of).orElse(Border.CLOSED);
        } catch (FluxException gone) {
            return Border.CLOSED;
        }
    }

    private static Bytes bytes(ControlRecord record, String key) {
        return record.map().get(key) instanceof Value.Bin bin ? bin.value() : Bytes.EMPTY;
    }
}
