package io.fluxrig.node;

import io.fluxrig.scenario.Residency;
import io.fluxrig.scenario.Residency.Level;
import io.fluxrig.scenario.Scenario;
import java.util.List;
import java.util.Map;

/**
 * What a scenario lets out of one Rack about signals.
 *
 * @param meta keys of {@code meta} that leave with metadata
 * @param data aliases or numbers of elements that do
 */
record Border(Level level, List<String> meta, List<String> data) {
    /** For scenarios that cannot be found any more. */
    static final Border CLOSED = new Border(Level.LOCAL, List.of(), List.of());

    static Border of(Scenario scenario, String rack, Map<String, String> labels) {
        Residency residency = scenario.residency().orElse(Residency.USUAL);
        return new Border(residency.on(rack, labels), residency.meta(), residency.data());
    }
}
