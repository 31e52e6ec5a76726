package io.fluxrig.node;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.FluxMsg;
import io.fluxrig.spec.Codec;
import io.fluxrig.spec.Spec;
import io.fluxrig.vault.Stored;
import java.util.List;
import java.util.Optional;

/** {@code data} and {@code raw} of a message without what must never be stored, computed once while neither changes. */
public record StorableBody(
        FluxMap liveData, Bytes liveRaw, FluxMap data, Bytes raw, List<Stored.Red> red, boolean classified) {

    /** @throws FluxException NOT_STORABLE where raw and data do not fit together */
    public static StorableBody of(FluxMsg msg, Optional<Spec> spec) {
        if (spec.isEmpty()) {
            return new StorableBody(msg.data(), msg.raw(), msg.data(), msg.raw(), List.of(), false);
        }
        try {
            Codec.Stored stored =
                    spec.get().codec().withoutSad(msg.data(), msg.raw().unsafeArray());
            List<Stored.Red> red = stored.red().stream()
                    .map(r -> new Stored.Red(r.path(), r.offset(), r.length()))
                    .toList();
            return new StorableBody(
                    msg.data(),
                    msg.raw(),
                    stored.data(),
                    red.isEmpty() ? msg.raw() : Bytes.wrap(stored.raw()),
                    red,
                    spec.get().classifies());
        } catch (FluxException mismatch) {
            throw new FluxException(NodeError.NOT_STORABLE, mismatch.what(), mismatch);
        }
    }

    /** The body for {@code msg}: this one where its data and raw are the same objects still. */
    StorableBody reuseOr(FluxMsg msg, Optional<Spec> spec) {
        return msg.data() == liveData && msg.raw() == liveRaw ? this : of(msg, spec);
    }

    /** The storable form of a message with this body. */
    public Stored store(FluxMsg msg) {
        if (data == msg.data() && raw == msg.raw()) {
            return new Stored(msg, red, classified);
        }
        return new Stored(msg.toBuilder().data(data).raw(raw).build(), red, classified);
    }
}
