package io.fluxrig.gears.correlator;

import static io.fluxrig.gears.correlator.Switch.born;
import static io.fluxrig.gears.correlator.Switch.codeOf;
import static io.fluxrig.gears.correlator.Switch.emitted;
import static io.fluxrig.gears.correlator.Switch.purchase;
import static org.assertj.core.api.Assertions.assertThat;

import io.fluxrig.gear.Draft;
import io.fluxrig.gear.GearError;
import io.fluxrig.gear.Outcome;
import io.fluxrig.gear.SettingsSchema.Problem;
import io.fluxrig.gear.Signal;
import io.fluxrig.gear.testkit.GearContract;
import io.fluxrig.gears.Payments;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.FluxMsg;
import io.fluxrig.signal.Value;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CorrelatorGearTest {
    private final Switch bench = new Switch();

    @Test
    void putsItsOwnTraceNumberOnTheRouteAndTheSendersBackInTheReply() {
        FluxMsg request = bench.asked(purchase("TERM0001", "000777"), "s.1");
        FluxMsg sent = emitted(bench.in("alpha", request), "alpha");
        assertThat(sent.data().text("11")).contains("000001");
        assertThat(sent.data().without("11")).isEqualTo(request.data().without("11"));
        assertThat(sent.raw()).isEqualTo(Bytes.wrap(Payments.SPEC.codec().encode(sent.data())));
        FluxMsg answer = bench.schemeAnswers(sent, "00");
        FluxMsg reply = emitted(bench.in("alpha-reply", answer), "reply");
        assertThat(reply.data().text("11")).contains("000777");
        assertThat(reply.data().text("39")).contains("00");
        assertThat(reply.raw()).isEqualTo(Bytes.wrap(Payments.SPEC.codec().encode(reply.data())));
        assertThat(reply.refId()).isEqualTo(request.id());
        assertThat(reply.id()).isEqualTo(answer.id());
        assertThat(reply.meta()).containsExactlyInAnyOrderEntriesOf(Map.of("tcp.session", "s.1", "iso.mti", "0210"));
        assertThat(bench.clock.running()).isZero();
    }

    @Test
    void keepsTerminalsApartThatUseOneTraceNumber() {
        FluxMsg first = emitted(bench.in("alpha", bench.asked(purchase("TERM0001", "000001"), "s.1")), "alpha");
        FluxMsg second = emitted(bench.in("alpha", bench.asked(purchase("TERM0002", "000001"), "s.2")), "alpha");
        assertThat(first.data().text("11")).isNotEqualTo(second.data().text("11"));
        assertThat(emitted(bench.in("alpha-reply", bench.schemeAnswers(second, "00")), "reply")
                        .meta())
                .containsEntry("tcp.session", "s.2");
        assertThat(emitted(bench.in("alpha-reply", bench.schemeAnswers(first, "00")), "reply")
                        .meta())
                .containsEntry("tcp.session", "s.1");
    }

    @Test
    void answersASecondOpenRequestWithTheSameKey94() {
        FluxMap data = purchase("TERM0001", "000001");
        bench.in("alpha", bench.asked(data, "s.1"));
        Draft answer = born(bench.in("alpha", bench.asked(data, "s.2")));
        assertThat(codeOf(answer)).isEqualTo("94");
        assertThat(answer.meta()).containsEntry("tcp.session", "s.2");
    }

    @Test
    void takesTheSameKeyAgainOnceTheFirstIsAnswered() {
        FluxMap data = purchase("TERM0001", "000001");
        FluxMsg sent = emitted(bench.in("alpha", bench.asked(data, "s.1")), "alpha");
        bench.in("alpha-reply", bench.schemeAnswers(sent, "00"));
        emitted(bench.in("alpha", bench.asked(data, "s.1")), "alpha");
    }

    @Test
    void tellsUnnamedTerminalsApartByTheirConnections() {
        FluxMap data = purchase("TERM0001", "000001").without("41");
        emitted(bench.in("alpha", bench.asked(data, "s.1")), "alpha");
        emitted(bench.in("alpha", bench.asked(data, "s.2")), "alpha");
        assertThat(codeOf(born(bench.in("alpha", bench.asked(data, "s.2"))))).isEqualTo("94");
    }

    @Test
    void doesNotTakeAReversalForItsPurchase() {
        FluxMap data = purchase("TERM0001", "000001");
        emitted(bench.in("alpha", bench.asked(data, "s.1")), "alpha");
        emitted(bench.in("alpha", bench.asked(data.with("0", "0400"), "s.1")), "alpha");
    }

    @Test
    void answers96WhereARouteIsFullAndTheOtherStillGoesOn() {
        Switch narrow = new Switch(Switch.config().with("max-open", Value.of(2)));
        emitted(narrow.in("alpha", narrow.asked(purchase("TERM0001", "000001"), "s.1")), "alpha");
        emitted(narrow.in("alpha", narrow.asked(purchase("TERM0001", "000002"), "s.1")), "alpha");
        assertThat(codeOf(born(narrow.in("alpha", narrow.asked(purchase("TERM0001", "000003"), "s.1")))))
                .isEqualTo("96");
        emitted(narrow.in("beta", narrow.asked(purchase("TERM0001", "000004"), "s.1")), "beta");
    }

    @Test
    void answersWhatHasNoRoute92AndNetworkManagement00() {
        Draft unrouted = born(bench.in("unrouted", bench.asked(purchase("TERM0001", "000001"), "s.1")));
        assertThat(codeOf(unrouted)).isEqualTo("92");
        assertThat(unrouted.data().text("0")).contains("0210");
        FluxMap echo = FluxMap.builder()
                .put("0", "0800")
                .put("7", "1123181500")
                .put("11", "000002")
                .put("70", "301")
                .build();
        Draft local = born(bench.in("local", bench.asked(echo, "s.1")));
        assertThat(codeOf(local)).isEqualTo("00");
        assertThat(local.data().text("70")).contains("301");
        assertThat(local.meta()).containsEntry("tcp.session", "s.1").containsEntry("iso.mti", "0810");
    }

    @Test
    void answers30WhereTheFieldsThatPairAreMissing() {
        for (String field : List.of("7", "11")) {
            Outcome outcome =
                    bench.in("alpha", bench.asked(purchase("TERM0001", "000001").without(field), "s.1"));
            assertThat(codeOf(born(outcome))).isEqualTo("30");
        }
        assertThat(bench.clock.running()).isZero();
    }

    @Test
    void failsWhatIsNoRequestAtAll() {
        Outcome outcome =
                bench.in("alpha", bench.asked(purchase("TERM0001", "000001").with("0", "0210"), "s.1"));
        assertThat(outcome.way())
                .isInstanceOfSatisfying(
                        Outcome.Failed.class, f -> assertThat(f.code()).isEqualTo(GearError.NO_ROUTE));
    }

    @Test
    void answers91WhenTheTimeIsUpAndTakesTheLateReplyForLate() {
        FluxMsg request = bench.asked(purchase("TERM0001", "000001"), "s.1");
        FluxMsg sent = emitted(bench.in("alpha", request), "alpha");
        assertThat(bench.clock.pass(Duration.ofMillis(1999), bench.gear)).isEmpty();
        List<Outcome> outcomes = bench.clock.pass(Duration.ofMillis(1), bench.gear);
        assertThat(outcomes).hasSize(1);
        Draft answer = born(outcomes.get(0));
        assertThat(codeOf(answer)).isEqualTo("91");
        assertThat(answer.refId()).isEqualTo(request.id());
        assertThat(answer.data().text("11")).contains("000001");
        FluxMsg late = bench.schemeAnswers(sent, "00");
        assertThat(emitted(bench.in("alpha-reply", late), "late")).isSameAs(late);
        assertThat(bench.clock.counters).containsEntry("timeouts", 1).containsEntry("late", 1);
    }

    @Test
    void takesASecondReplyForLate() {
        FluxMsg sent = emitted(bench.in("alpha", bench.asked(purchase("TERM0001", "000001"), "s.1")), "alpha");
        emitted(bench.in("alpha-reply", bench.schemeAnswers(sent, "00")), "reply");
        emitted(bench.in("alpha-reply", bench.schemeAnswers(sent, "00")), "late");
    }

    @Test
    void pairsOnlyOnTheSameRouteAndInTheSameClass() {
        FluxMsg sent = emitted(bench.in("alpha", bench.asked(purchase("TERM0001", "000001"), "s.1")), "alpha");
        FluxMsg answer = bench.schemeAnswers(sent, "00");
        emitted(bench.in("beta-reply", answer), "late");
        FluxMap otherClass = answer.data().with("0", "0110");
        emitted(bench.in("alpha-reply", bench.message(otherClass, Map.of())), "late");
        FluxMap otherTime = answer.data().with("7", "1123181501");
        emitted(bench.in("alpha-reply", bench.message(otherTime, Map.of())), "late");
        emitted(bench.in("alpha-reply", answer), "reply");
    }

    @Test
    void answers91WhenTheLinkRefuses() {
        FluxMsg request = bench.asked(purchase("TERM0001", "000001"), "s.1");
        FluxMsg sent = emitted(bench.in("alpha", request), "alpha");
        FluxMsg refused = sent.toBuilder().meta("error.code", "FLX-3006").build();
        Draft answer = born(bench.in("alpha-failed", refused));
        assertThat(codeOf(answer)).isEqualTo("91");
        assertThat(answer.data().text("11")).contains("000001");
        assertThat(answer.meta()).doesNotContainKey("error.code");
        assertThat(bench.clock.running()).isZero();
        assertThat(bench.in("alpha-failed", refused)).isEqualTo(Outcome.consumed());
    }

    @Test
    void answersTheSchemesOwnEchoOnItsRoute() {
        FluxMap echo = FluxMap.builder()
                .put("0", "0800")
                .put("7", "1123181500")
                .put("11", "000002")
                .put("70", "301")
                .build();
        Outcome outcome = bench.in("alpha-reply", bench.message(echo, Map.of()));
        assertThat(outcome.births()).singleElement().satisfies(birth -> {
            assertThat(birth.port()).isEqualTo("alpha");
            assertThat(birth.draft().data().text("0")).contains("0810");
        });
    }

    @Test
    void waitsAsLongAsTheClassIsGiven() {
        Switch patient = new Switch(Switch.config().with("timeouts", FluxMap.of("1", Value.of("9s"))));
        patient.in("alpha", patient.asked(purchase("TERM0001", "000001").with("0", "0100"), "s.1"));
        patient.in("alpha", patient.asked(purchase("TERM0001", "000002"), "s.1"));
        assertThat(patient.clock.pass(Duration.ofSeconds(8), patient.gear)).hasSize(1);
        assertThat(patient.clock.pass(Duration.ofSeconds(1), patient.gear)).hasSize(1);
        assertThat(patient.gear.memory()).isGreaterThan(Duration.ofSeconds(9));
    }

    @Test
    void pairsByTheFieldsThatTheClassIsGiven() {
        Switch byReference =
                new Switch(Switch.config().with("match", FluxMap.of("2", Value.of(List.of(Value.of("37"))))));
        FluxMsg sent =
                emitted(byReference.in("alpha", byReference.asked(purchase("TERM0001", "000001"), "s.1")), "alpha");
        FluxMap strange = byReference
                .schemeAnswers(sent, "00")
                .data()
                .with("11", "999999")
                .with("7", "0101000000");
        emitted(byReference.in("alpha-reply", byReference.message(strange, Map.of())), "reply");
    }

    @Test
    void findsSettingsThatCannotWork() {
        FluxMap config = Switch.config()
                .with(
                        "routes",
                        Value.of(List.of(
                                Value.of("reply"), Value.of("a"), Value.of("a"), Value.of("No"), Value.of("a-reply"))))
                .with("timeouts", FluxMap.of("02", Value.of("1s")));
        List<Problem> problems = new CorrelatorType().check(Switch.settings(config));
        assertThat(problems)
                .extracting(Problem::path)
                .contains("routes[0]", "routes[2]", "routes[3]", "routes[4]", "timeouts.02");
        assertThat(new CorrelatorType().check(bench.settings)).isEmpty();
    }

    @Test
    void showsHowManyAreOpenOnEachRoute() {
        FluxMsg sent = emitted(bench.in("alpha", bench.asked(purchase("TERM0001", "000001"), "s.1")), "alpha");
        assertThat(bench.clock.gauges).containsEntry("open.alpha", 1L);
        bench.in("alpha-reply", bench.schemeAnswers(sent, "00"));
        assertThat(bench.clock.gauges).containsEntry("open.alpha", 0L);
    }

    @Test
    void keepsTheContractOfAllGears() {
        FluxMsg request = bench.asked(purchase("TERM0001", "000001"), "s.1");
        GearContract.of(new CorrelatorType())
                .settings(Switch.config())
                .spec("specs/payments.yaml", Payments.SPEC)
                .signal(new Signal(request, "alpha", Optional.of(Payments.SPEC)))
                .signal(new Signal(
                        bench.asked(purchase("TERM0002", "000001"), "s.2"), "beta", Optional.of(Payments.SPEC)))
                .signal(new Signal(bench.schemeAnswers(request, "00"), "alpha-reply", Optional.of(Payments.SPEC)))
                .signal(new Signal(
                        bench.asked(purchase("TERM0003", "000001"), "s.3"), "unrouted", Optional.of(Payments.SPEC)))
                .check()
                .orThrow();
    }
}
