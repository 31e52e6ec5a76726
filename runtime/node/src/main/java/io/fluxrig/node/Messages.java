package io.fluxrig.node;

import io.fluxrig.gear.Draft;
import io.fluxrig.gear.GearType;
import io.fluxrig.gear.Outcome;
import io.fluxrig.gear.TraceContext;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxMsg;

/**
 * What the runtime does to messages on their way, as pure functions: the live pipeline and the replay call the same ones, so
 * the same decisions give the same bytes.
 */
public final class Messages {
    /** Keys under which a message on an error port tells what went wrong. */
    public static final String ERROR_CODE = "error.code";

    public static final String ERROR_REASON = "error.reason";
    private static final int MAX_HOPS = 64;

    private Messages() {}

    /** A message as it enters, or is born in, the Rack by {@code gear} and {@code port}. */
    public static FluxMsg born(Draft draft, long id, long gear, String port, long now) {
        FluxMsg.Builder message = FluxMsg.builder()
                .id(id)
                .ts(now)
                .srcId(gear)
                .meta(draft.meta())
                .data(draft.data())
                .raw(draft.raw());
        if (draft.refId() != 0) {
            message.refId(draft.refId());
        }
        TraceContext.of(draft.meta()).ifPresent(caller -> message.trace(caller.traceId()));
        return message.build().withHop(gear, port, now);
    }

    /**
     * {@code changed}, which a gear made of {@code received}, as it leaves that gear: identity and creation time stay, source and hop are the
     * gear's. An answer that was given the context of its request is in the same trace.
     *
     * @throws FluxException PATH_TOO_LONG beyond 64 hops
     */
    public static FluxMsg emitted(FluxMsg received, FluxMsg changed, long gear, String port, long now) {
        if (isAtItsLastHop(received)) {
            throw new FluxException(NodeError.PATH_TOO_LONG, "the signal has " + MAX_HOPS + " hops already");
        }
        FluxMsg.Builder message = changed.toBuilder()
                .id(received.id())
                .ts(received.ts())
                .srcId(gear)
                .path(received.path());
        TraceContext.of(changed.meta()).ifPresent(caller -> message.trace(caller.traceId()));
        return message.build().withHop(gear, port, now);
    }

    /** Whether the message can make no further hop. */
    static boolean isAtItsLastHop(FluxMsg msg) {
        return msg.path().size() >= MAX_HOPS;
    }

    /** {@code received} as it leaves by the error port of the gear that failed it. */
    public static FluxMsg failed(FluxMsg received, Outcome.Failed failure, long gear, long now) {
        FluxMsg told = received.toBuilder()
                .meta(ERROR_CODE, failure.code().code())
                .meta(ERROR_REASON, failure.reason())
                .build();
        return emitted(received, told, gear, GearType.Ports.ERROR, now);
    }
}
