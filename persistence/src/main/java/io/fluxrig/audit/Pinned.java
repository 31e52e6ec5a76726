package io.fluxrig.audit;

import io.fluxrig.signal.VerifyKey;
import java.util.List;
import java.util.Map;

/**
 * The keys that an auditor pinned, by what they may sign.
 *
 * @param root passports; none means that nobody vouches for the Rack
 * @param scenario scenarios
 * @param witnesses by the name they sign under
 */
public record Pinned(List<VerifyKey> root, List<VerifyKey> scenario, Map<String, VerifyKey> witnesses) {
    public Pinned {
        root = List.copyOf(root);
        scenario = List.copyOf(scenario);
        witnesses = Map.copyOf(witnesses);
    }
}
