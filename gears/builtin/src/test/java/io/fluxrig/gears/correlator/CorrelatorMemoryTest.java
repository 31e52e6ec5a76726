package io.fluxrig.gears.correlator;

import static io.fluxrig.gears.correlator.Switch.born;
import static io.fluxrig.gears.correlator.Switch.codeOf;
import static io.fluxrig.gears.correlator.Switch.emitted;
import static io.fluxrig.gears.correlator.Switch.purchase;
import static org.assertj.core.api.Assertions.assertThat;

import io.fluxrig.gear.Outcome;
import io.fluxrig.gear.Recollection;
import io.fluxrig.signal.FluxId;
import io.fluxrig.signal.FluxMsg;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the switch still knows after a restart. */
class CorrelatorMemoryTest {
    private final Switch before = new Switch();
    private FluxMsg request;
    private FluxMsg sent;
    private Recollection asked;

    @BeforeEach
    void aRequestIsUnderWay() {
        request = before.asked(purchase("TERM0001", "000777"), "s.1");
        sent = emitted(before.in("alpha", request), "alpha");
        asked = remembered("alpha", request, "alpha", sent);
    }

    private Recollection remembered(String in, FluxMsg received, String out, FluxMsg left) {
        return new Recollection(
                before.clock.now,
                Optional.of(in),
                Optional.of(received),
                Optional.of(out),
                Optional.ofNullable(left),
                Optional.empty());
    }

    private Switch restarted(Recollection... past) {
        Switch after = Switch.after(before);
        for (Recollection one : past) {
            after.gear.recall(one, after.clock);
        }
        return after;
    }

    @Test
    void pairsAReplyThatComesAfterTheRestart() {
        Switch after = restarted(asked);
        FluxMsg reply = emitted(after.in("alpha-reply", after.schemeAnswers(sent, "00")), "reply");
        assertThat(reply.data().text("11")).contains("000777");
        assertThat(reply.refId()).isEqualTo(request.id());
        assertThat(reply.meta()).containsEntry("tcp.session", "s.1");
    }

    @Test
    void waitsOnlyForWhatIsLeftOfTheTime() {
        before.clock.now += Duration.ofMillis(1500).toNanos();
        Switch after = restarted(asked);
        assertThat(after.clock.pass(Duration.ofMillis(499), after.gear)).isEmpty();
        List<Outcome> outcomes = after.clock.pass(Duration.ofMillis(1), after.gear);
        assertThat(codeOf(born(outcomes.get(0)))).isEqualTo("91");
    }

    @Test
    void answersAtOnceWhatIsOverdue() {
        before.clock.now += Duration.ofMinutes(1).toNanos();
        Switch after = restarted(asked);
        assertThat(after.clock.pass(Duration.ofMillis(1), after.gear)).hasSize(1);
    }

    @Test
    void knowsWhatWasAnsweredBefore() {
        FluxMsg answer = before.schemeAnswers(sent, "00");
        FluxMsg reply = emitted(before.in("alpha-reply", answer), "reply");
        assertThat(restarted(asked, remembered("alpha-reply", answer, "reply", reply))
                        .clock
                        .running())
                .isZero();
        assertThat(restarted(asked, remembered("alpha-reply", answer, "reply", null))
                        .clock
                        .running())
                .isZero();
    }

    @Test
    void knowsWhatTimedOutBefore() {
        Recollection timer = new Recollection(
                before.clock.now,
                Optional.empty(),
                Optional.of(request),
                Optional.of("reply"),
                Optional.empty(),
                Optional.of(FluxId.text(request.id())));
        assertThat(restarted(asked, timer).clock.running()).isZero();
    }

    @Test
    void knowsWhatTheLinkRefusedBefore() {
        assertThat(restarted(asked, remembered("alpha-failed", request, "reply", null))
                        .clock
                        .running())
                .isZero();
    }

    @Test
    void doesNotWaitForWhatNeverLeft() {
        assertThat(restarted(remembered("alpha", request, "alpha", null)).clock.running())
                .isZero();
    }

    @Test
    void goesOnWithTheNextTraceNumber() {
        Switch after = restarted(asked);
        FluxMsg next = emitted(after.in("alpha", after.asked(purchase("TERM0002", "000001"), "s.2")), "alpha");
        assertThat(next.data().text("11")).contains("000002");
    }

    @Test
    void stillKnowsADuplicate() {
        Switch after = restarted(asked);
        assertThat(codeOf(born(after.in("alpha", after.asked(purchase("TERM0001", "000777"), "s.9")))))
                .isEqualTo("94");
    }

    @Test
    void forgetsNothingByHearingTheSameTwice() {
        Switch after = restarted(asked, asked);
        emitted(after.in("alpha-reply", after.schemeAnswers(sent, "00")), "reply");
        assertThat(after.clock.running()).isZero();
    }
}
