package io.fluxrig.gear;

import io.fluxrig.signal.FluxMsg;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a signal stands in somebody's trace (W3C Trace Context, section 3.2). A gear whose protocol has headers puts {@value #TRACEPARENT} and {@value #TRACESTATE}
 * into the meta of what it brings in, as they came: the runtime reads them, gives the message its trace, and a context that is malformed begins a trace of its own. A gear that
 * goes out writes {@link #headers}.
 *
 * @param traceId 32 lower-case hex digits, not all zero
 * @param parentId the caller's span: 16 lower-case hex digits, not all zero
 * @param sampled whether the caller keeps its part
 */
public record TraceContext(String traceId, String parentId, boolean sampled) {
    /** Header, and key of meta. */
    public static final String TRACEPARENT = "traceparent";

    /** Header, and key of meta. */
    public static final String TRACESTATE = "tracestate";

    /** Version ff is forbidden; a version to come may append fields after another dash. */
    private static final Pattern FORM =
            Pattern.compile("(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");

    private static final int FEWEST_CHARACTERS = 55;
    private static final int MOST_CHARACTERS = 512;
    private static final HexFormat HEX = HexFormat.of();

    /** @param traceparent as it came; whatever is not well formed is no context */
    public static Optional<TraceContext> parse(String traceparent) {
        if (traceparent.length() < FEWEST_CHARACTERS || traceparent.length() > MOST_CHARACTERS) {
            return Optional.empty();
        }
        Matcher parts = FORM.matcher(traceparent);
        boolean wellFormed = parts.matches() && !(parts.group(1).equals("00") && parts.group(5) != null);
        return wellFormed
                ? Optional.of(new TraceContext(
                        parts.group(2), parts.group(3), (HexFormat.fromHexDigits(parts.group(4)) & 1) != 0))
                : Optional.empty();
    }

    /** As the caller sent it, where it sent one. */
    public static Optional<TraceContext> of(Map<String, String> meta) {
        return Optional.ofNullable(meta.get(TRACEPARENT)).flatMap(TraceContext::parse);
    }

    /** What a gear sends along with this message: the signal is the caller of whoever gets it. Without a tracestate that fits its bound there is none. */
    public static Map<String, String> headers(FluxMsg msg) {
        Optional<TraceContext> caller = of(msg.meta());
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put(
                TRACEPARENT,
                "00-" + traceOf(msg.id(), msg.refId(), msg.trace()) + "-" + spanOf(msg.id()) + "-"
                        + (caller.isEmpty() || caller.get().sampled() ? "01" : "00"));
        caller.map(c -> msg.meta().get(TRACESTATE))
                .filter(state -> !state.isBlank() && state.length() <= MOST_CHARACTERS)
                .ifPresent(state -> headers.put(TRACESTATE, state));
        return headers;
    }

    /** The trace that a message names; else one that a signal and its answers have in common. */
    public static String traceOf(long id, long refId, String named) {
        if (!named.isEmpty()) {
            return named;
        }
        long first = refId != 0 ? refId : id;
        return HEX.toHexDigits(first) + HEX.toHexDigits(mixed(first));
    }

    /** A span that others can name before they have seen it. */
    public static String spanOf(long id) {
        return HEX.toHexDigits(id);
    }

    /** Spreads ids evenly: the finalizer of SplitMix64. */
    private static long mixed(long id) {
        long z = (id ^ (id >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
