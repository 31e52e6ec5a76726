package io.fluxrig.gears.iso8583;

import io.fluxrig.gear.Draft;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.Value;
import io.fluxrig.spec.Spec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Answers that are made here instead of by the one who was asked. */
public final class Answers {
    /**
     * What an answer repeats of its request: enough for the sender to find what it asked, and nothing of the card. Everything here may be kept while
     * a request is open.
     */
    private static final List<String> ECHO =
            List.of("3", "4", "7", "11", "12", "13", "24", "32", "33", "37", "41", "42", "49", "70");

    private Answers() {}

    /** What must be kept of a request so that {@link #to(FluxMap, ResponseCode)} can answer it later. */
    public static FluxMap essence(FluxMap request) {
        FluxMap.Builder kept = FluxMap.builder();
        kept.putIf(Mti.ELEMENT, request.get(Mti.ELEMENT));
        ECHO.forEach(element -> kept.putIf(element, request.get(element)));
        return kept.build();
    }

    /** The fields of the answer with this code; empty where the message is not one that is answered. */
    public static Optional<FluxMap> to(FluxMap request, ResponseCode code) {
        return Mti.of(request)
                .flatMap(Mti::response)
                .map(mti ->
                        essence(request).with(Mti.ELEMENT, Value.of(mti.text())).with("39", Value.of(code.code())));
    }

    /**
     * The whole answer, encoded, ready to be born; empty where the message is not one that is answered.
     *
     * @param requestId fluxID of what is answered
     * @param meta of the request, which says where the answer goes
     * @throws FluxException where {@code spec} cannot express the answer
     */
    public static Optional<Draft> draft(
            long requestId, Map<String, String> meta, FluxMap request, ResponseCode code, Spec spec) {
        return to(request, code).map(data -> {
            Map<String, String> onward = new HashMap<>(meta);
            onward.put(Mti.META, data.text(Mti.ELEMENT).orElseThrow());
            return new Draft(requestId, onward, data, Bytes.wrap(spec.codec().encode(data)), Optional.of(spec));
        });
    }
}
