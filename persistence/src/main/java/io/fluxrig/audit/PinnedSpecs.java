package io.fluxrig.audit;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxCbor;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.Value;
import java.util.ArrayList;
import java.util.List;

/** The specs, and their bases, that a scenario artifact pins by hash (FORMATS section 6). */
final class PinnedSpecs {
    private PinnedSpecs() {}

    /** @param payload of an artifact that is a scenario */
    static List<Bytes> of(Bytes payload) {
        List<Bytes> pinned = new ArrayList<>();
        if (FluxCbor.decode(payload.toArray()) instanceof FluxMap scenario
                && scenario.get("specs") instanceof FluxMap specs) {
            specs.forEach((reference, pin) -> {
                if (pin instanceof FluxMap map && map.get("sha256") instanceof Value.Bin hash) {
                    pinned.add(hash.value());
                }
            });
        }
        return pinned;
    }
}
