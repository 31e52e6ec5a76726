package io.fluxrig.gear;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.spec.Spec;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A message before it is a signal: the runtime adds id, times, source and path.
 *
 * @param refId fluxID of the signal that this one answers or derives from; 0 for none
 * @param meta routing and protocol context, text only, never a classified value
 * @param data business fields
 * @param raw wire bytes, empty for none
 * @param spec the spec by which {@code raw} was read or written
 * @param note what is recorded beside the message, such as which rules it breaks; never a value of it
 */
public record Draft(long refId, Map<String, String> meta, FluxMap data, Bytes raw, Optional<Spec> spec, FluxMap note) {
    public Draft(long refId, Map<String, String> meta, FluxMap data, Bytes raw, Optional<Spec> spec) {
        this(refId, meta, data, raw, spec, FluxMap.EMPTY);
    }

    public Draft {
        meta = Map.copyOf(meta);
        Objects.requireNonNull(data);
        Objects.requireNonNull(raw);
        Objects.requireNonNull(spec);
        Objects.requireNonNull(note);
    }

    @Override
    public String toString() {
        return "Draft[raw=" + raw.length() + "]";
    }
}
