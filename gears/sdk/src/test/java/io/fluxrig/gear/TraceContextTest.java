package io.fluxrig.gear;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxrig.signal.FluxId;
import io.fluxrig.signal.FluxMsg;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** W3C Trace Context, section 3.2. */
class TraceContextTest {
    private static final String GOOD = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    private static final long ID = FluxId.of(1_000, 7, 1);

    @Test
    void theExampleOfTheRecommendationIsRead() {
        assertThat(TraceContext.parse(GOOD))
                .contains(new TraceContext("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", true));
        assertThat(TraceContext.parse(GOOD.replace("-01", "-00")))
                .get()
                .extracting(TraceContext::sampled)
                .isEqualTo(false);
        assertThat(TraceContext.parse("cc" + GOOD.substring(2) + "-what-comes")).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
                " 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
            })
    void whatIsMalformedIsNoContext(String header) {
        assertThat(TraceContext.parse(header)).isEmpty();
    }

    @Test
    void whoIsCalledIsAChildOfTheSignal() {
        FluxMsg msg = FluxMsg.builder()
                .id(ID)
                .meta(Map.of("traceparent", GOOD, "tracestate", "a=1"))
                .trace("4bf92f3577b34da6a3ce929d0e0e4736")
                .build();
        assertThat(TraceContext.headers(msg))
                .containsEntry("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-" + TraceContext.spanOf(ID) + "-01")
                .containsEntry("tracestate", "a=1");
    }

    @Test
    void aSignalWithoutACallerBeginsATraceAndNoStateGoesAlong() {
        FluxMsg msg = FluxMsg.builder()
                .id(ID)
                .meta(Map.of("traceparent", "nonsense", "tracestate", "a=1"))
                .build();
        Map<String, String> headers = TraceContext.headers(msg);
        assertThat(headers).containsOnlyKeys("traceparent");
        assertThat(TraceContext.parse(headers.get("traceparent"))).isPresent();
    }
}
