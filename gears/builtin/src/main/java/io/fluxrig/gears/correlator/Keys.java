package io.fluxrig.gears.correlator;

import io.fluxrig.gears.iso8583.Fields;
import io.fluxrig.gears.iso8583.Mti;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.spec.Spec;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes the texts by which messages are found to belong together. */
final class Keys {
    private static final char SEPARATOR = '\u001f';
    private static final String SESSION = "tcp.session";
    private static final String TERMINAL = "41";

    private final CorrelatorSettings settings;
    private final Optional<Spec> spec;
    private final List<String> shared;

    Keys(CorrelatorSettings settings, Spec spec) {
        this.settings = settings;
        this.spec = Optional.of(spec);
        this.shared = spec.correlateOn();
    }

    /** What a request and its reply share on a route; empty where a field is missing. */
    Optional<String> pairing(Mti mti, FluxMap data) {
        char messageClass = mti.messageClass();
        StringBuilder key = new StringBuilder().append(messageClass);
        for (String field : settings.match(messageClass, shared)) {
            Optional<String> text = Fields.text(data, spec, field);
            if (text.isEmpty()) {
                return Optional.empty();
            }
            key.append(SEPARATOR).append(text.get());
        }
        return Optional.of(key.toString());
    }

    /** What two requests share that are the same. Without a terminal's name only its connection tells it from others. */
    String sameness(Mti mti, FluxMap data, Map<String, String> meta) {
        StringBuilder key = new StringBuilder().append(mti.messageClass());
        for (String field : settings.duplicateKey()) {
            key.append(SEPARATOR).append(Fields.text(data, spec, field).orElse(""));
        }
        if (!data.has(TERMINAL)) {
            key.append(SEPARATOR).append(meta.getOrDefault(SESSION, ""));
        }
        return key.toString();
    }
}
