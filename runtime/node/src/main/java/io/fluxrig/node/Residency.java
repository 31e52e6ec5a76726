package io.fluxrig.node;

import io.fluxrig.scenario.Scenario;
import java.util.Locale;

/** What a scenario lets out of the Rack about its signals. */
enum Residency {
    /** Nothing but health. */
    LOCAL,
    /** Health, and facts about signals, without payload. */
    METADATA,
    /** As METADATA; payloads still stay in the vault until somebody exports them. */
    FULL;

    static Residency of(Scenario scenario) {
        return scenario.residency()
                .map(text -> valueOf(text.toUpperCase(Locale.ROOT)))
                .orElse(METADATA);
    }
}
