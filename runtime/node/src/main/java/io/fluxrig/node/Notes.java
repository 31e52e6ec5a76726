package io.fluxrig.node;

import io.fluxrig.gear.Intake;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.ErrorCode;
import io.fluxrig.signal.FluxMap;
import java.util.Optional;

/** The notes of closing and control leaves (FORMATS section 7). */
public final class Notes {
    private static final int MAX_REASON = 400;

    private Notes() {}

    public static FluxMap of(Intake.End end) {
        return switch (end) {
            case Intake.Failure failure -> failed(failure.code(), failure.reason());
            case Intake.Done done ->
                FluxMap.EMPTY.with(
                        "outcome",
                        switch (done) {
                            case SENT -> "sent";
                            case CONSUMED -> "consumed";
                            case HANDED_OVER -> "handed-over";
                        });
        };
    }

    static FluxMap failed(ErrorCode code, String reason) {
        String bounded = reason.length() > MAX_REASON ? reason.substring(0, MAX_REASON) : reason;
        return FluxMap.EMPTY.with("code", code.code()).with("reason", bounded);
    }

    static FluxMap control(String event, Optional<Bytes> artifact, Optional<ErrorCode> code, String why) {
        FluxMap.Builder note = FluxMap.builder().put("event", event);
        artifact.ifPresent(identity -> note.put("artifact", identity));
        code.ifPresent(c -> note.put("code", c.code()));
        if (!why.isEmpty()) {
            note.put("why", why.length() > MAX_REASON ? why.substring(0, MAX_REASON) : why);
        }
        return note.build();
    }
}
