package io.fluxrig.gears.correlator;

import static io.fluxrig.gears.correlator.Switch.purchase;
import static org.assertj.core.api.Assertions.assertThat;

import io.fluxrig.gear.Outcome;
import io.fluxrig.gear.Recollection;
import io.fluxrig.signal.FluxMsg;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Random lives of a switch. {@code -Dcorrelator.seed=N} runs one again. */
class CorrelatorCampaignTest {
    private static final int STEPS = 3000;

    private final Switch bench = new Switch();
    private final List<FluxMsg> atScheme = new ArrayList<>();
    private final Map<Long, Integer> answers = new HashMap<>();
    /** Route and trace number of what is open, and the request that has it. */
    private final Map<String, Long> open = new HashMap<>();

    @Test
    void answersEveryRequestExactlyOnceAndNeverRepeatsAnOpenTraceNumber() {
        long seed = Long.getLong("correlator.seed", System.nanoTime());
        System.out.println("correlator.seed " + seed);
        SplittableRandom chance = new SplittableRandom(seed);
        // Near the end of the numbers, so that they begin anew within the run.
        bench.gear.recall(nearTheEnd(), bench.clock);
        for (int i = 0; i < STEPS; i++) {
            step(chance);
        }
        bench.clock.pass(Duration.ofSeconds(10), bench.gear).forEach(this::take);
        assertThat(answers.values()).allMatch(times -> times == 1);
        assertThat(bench.clock.running()).isZero();
        assertThat(bench.clock.gauges.remove("open-limit")).isPositive();
        assertThat(bench.clock.gauges.values()).allMatch(left -> left == 0);
    }

    private Recollection nearTheEnd() {
        FluxMsg request = bench.asked(purchase("TERM0099", "000001"), "s.99");
        FluxMsg sent =
                request.toBuilder().data(request.data().with("11", "999900")).build();
        answers.put(request.id(), 0);
        open.put(keyOf("alpha", sent), request.id());
        return new Recollection(
                bench.clock.now,
                Optional.of("alpha"),
                Optional.of(request),
                Optional.of("alpha"),
                Optional.of(sent),
                Optional.empty());
    }

    private void step(SplittableRandom chance) {
        switch (chance.nextInt(10)) {
            case 0, 1, 2, 3 -> ask(chance);
            case 4, 5, 6, 7 -> answer(chance);
            case 8 -> refuse(chance);
            default ->
                bench.clock
                        .pass(Duration.ofMillis(chance.nextInt(1, 500)), bench.gear)
                        .forEach(this::take);
        }
    }

    private void ask(SplittableRandom chance) {
        String terminal = "TERM000" + chance.nextInt(1, 6);
        FluxMsg request =
                bench.asked(purchase(terminal, String.format("%06d", chance.nextInt(1, 40))), "s." + terminal);
        answers.put(request.id(), 0);
        String route = chance.nextBoolean() ? "alpha" : "beta";
        Outcome outcome = bench.in(route, request);
        if (outcome.way() instanceof Outcome.Emitted emitted) {
            FluxMsg sent = emitted.emissions().get(0).msg();
            assertThat(open.put(keyOf(route, sent), request.id()))
                    .as("who else has this trace number")
                    .isNull();
            atScheme.add(sent.toBuilder().meta("route", route).build());
        } else {
            take(outcome);
        }
    }

    private static String keyOf(String route, FluxMsg sent) {
        return route + sent.data().text("11").orElseThrow();
    }

    private void answer(SplittableRandom chance) {
        if (!atScheme.isEmpty()) {
            FluxMsg sent = atScheme.remove(chance.nextInt(atScheme.size()));
            Outcome outcome = bench.in(sent.meta().get("route") + "-reply", bench.schemeAnswers(sent, "00"));
            take(outcome);
            if (chance.nextInt(10) == 0) {
                atScheme.add(sent);
            }
        }
    }

    private void refuse(SplittableRandom chance) {
        if (!atScheme.isEmpty()) {
            FluxMsg sent = atScheme.get(chance.nextInt(atScheme.size()));
            take(bench.in(sent.meta().get("route") + "-failed", sent));
        }
    }

    /** Counts answers; an exchange that got one is closed, and its number free again. */
    private void take(Outcome outcome) {
        outcome.births().forEach(birth -> answered(birth.draft().refId()));
        if (outcome.way() instanceof Outcome.Emitted emitted
                && emitted.emissions().get(0).port().equals("reply")) {
            answered(emitted.emissions().get(0).msg().refId());
        }
    }

    private void answered(long requestId) {
        assertThat(answers).containsKey(requestId);
        answers.merge(requestId, 1, Integer::sum);
        open.values().remove(requestId);
    }
}
