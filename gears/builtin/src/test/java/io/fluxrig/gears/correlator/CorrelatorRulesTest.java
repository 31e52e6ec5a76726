package io.fluxrig.gears.correlator;

import static io.fluxrig.gears.correlator.Switch.emitted;
import static io.fluxrig.gears.correlator.Switch.purchase;
import static org.assertj.core.api.Assertions.assertThat;

import io.fluxrig.gear.GearError;
import io.fluxrig.gear.Outcome;
import io.fluxrig.gears.Payments;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.FluxMsg;
import io.fluxrig.signal.Value;
import org.junit.jupiter.api.Test;

/** A correlator whose spec says what a reply must repeat. */
class CorrelatorRulesTest {
    private static Switch bench(String validation) {
        return new Switch(Switch.config().with("validation", Value.of(validation)), Payments.STRICT);
    }

    private static FluxMsg changed(FluxMsg reply, String element, Value value) {
        FluxMap data = reply.data().with(element, value);
        return reply.toBuilder()
                .data(data)
                .raw(Bytes.wrap(Payments.STRICT.codec().encode(data)))
                .build();
    }

    private static FluxMap note(Outcome outcome) {
        return ((Outcome.Emitted) outcome.way()).emissions().getFirst().note();
    }

    @Test
    void aReplyThatRepeatsWhatWasSentPasses() {
        Switch bench = bench("enforce");
        FluxMsg sent = emitted(bench.in("alpha", bench.asked(purchase("TERM0001", "000001"), "s.1")), "alpha");
        Outcome outcome = bench.in("alpha-reply", bench.schemeAnswers(sent, "00"));
        emitted(outcome, "reply");
        assertThat(note(outcome)).isEqualTo(FluxMap.EMPTY);
    }

    @Test
    void aReplyWithAnotherAmountIsNotedAndGoesOnWhereNothingIsEnforced() {
        Switch bench = bench("warn");
        FluxMsg sent = emitted(bench.in("alpha", bench.asked(purchase("TERM0001", "000001"), "s.1")), "alpha");
        FluxMsg reply = changed(bench.schemeAnswers(sent, "00"), "4", Value.of("000000009999"));
        Outcome outcome = bench.in("alpha-reply", reply);
        emitted(outcome, "reply");
        FluxMap violation = (FluxMap)
                ((Value.Array) note(outcome).get("violations")).items().getFirst();
        assertThat(violation.text("element")).contains("4");
        assertThat(violation.text("rule")).contains("response-value");
        assertThat(bench.clock.counters).containsEntry("violations.response-value", 1);
    }

    @Test
    void enforcedItGoesNoFurtherAndTheRequestIsAnsweredFromHere() {
        Switch bench = bench("enforce");
        FluxMsg sent = emitted(bench.in("alpha", bench.asked(purchase("TERM0001", "000001"), "s.1")), "alpha");
        FluxMsg reply = changed(bench.schemeAnswers(sent, "00"), "4", Value.of("000000009999"));
        Outcome outcome = bench.in("alpha-reply", reply);
        assertThat(outcome.way()).isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
            assertThat(failed.code()).isEqualTo(GearError.VIOLATION);
            assertThat(failed.reason()).isEqualTo("field 4 is not what the request held");
        });
        assertThat(outcome.births()).hasSize(1);
        assertThat(outcome.births().getFirst().port()).isEqualTo("reply");
        assertThat(outcome.births().getFirst().draft().data().text("39")).contains("96");
        assertThat(bench.clock.running()).isZero();
    }

    /** A replay has other bytes in its place, and must find the same. */
    @Test
    void whatMayNotBeStoredIsNotCompared() {
        Switch bench = bench("enforce");
        FluxMap request = purchase("TERM0001", "000001").with("52", Value.of(Bytes.ofHex("0123456789abcdef")));
        FluxMsg sent = emitted(bench.in("alpha", bench.asked(request, "s.1")), "alpha");
        FluxMsg reply = changed(bench.schemeAnswers(sent, "00"), "52", Value.of(Bytes.ofHex("fedcba9876543210")));
        emitted(bench.in("alpha-reply", reply), "reply");
    }

    @Test
    void offComparesNothing() {
        Switch bench = bench("off");
        FluxMsg sent = emitted(bench.in("alpha", bench.asked(purchase("TERM0001", "000001"), "s.1")), "alpha");
        FluxMsg reply = changed(bench.schemeAnswers(sent, "00"), "4", Value.of("000000009999"));
        Outcome outcome = bench.in("alpha-reply", reply);
        emitted(outcome, "reply");
        assertThat(note(outcome)).isEqualTo(FluxMap.EMPTY);
    }
}
