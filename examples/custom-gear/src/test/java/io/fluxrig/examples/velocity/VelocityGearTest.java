package io.fluxrig.examples.velocity;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxrig.gear.GearContext;
import io.fluxrig.gear.Outcome;
import io.fluxrig.gear.Recollection;
import io.fluxrig.gear.Signal;
import io.fluxrig.gear.testkit.GearContract;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxId;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.FluxMsg;
import io.fluxrig.spec.Spec;
import io.fluxrig.spec.Specs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VelocityGearTest {
    private static final String CARD = "9999100000000006";
    private static final String OTHER_CARD = "9999100000000014";

    private final VelocityGear gear = new VelocityGear(new VelocitySettings("2", 2, Duration.ofSeconds(10), 100));
    private final Clock clock = new Clock();
    private int number;

    @Test
    void keepsTheContractOfAllGears() {
        GearContract.of(new VelocityType())
                .settings(FluxMap.builder().put("limit", 1).build())
                .signal("in", purchase(CARD))
                .signal("in", purchase(CARD))
                .signal("in", purchase(OTHER_CARD))
                .check()
                .orThrow();
    }

    @Test
    void letsTheLimitThroughAndNoMore() {
        assertThat(portOf(handle(purchase(CARD)))).contains("out");
        assertThat(portOf(handle(purchase(CARD)))).contains("out");
        assertThat(portOf(handle(purchase(CARD)))).isEmpty();
    }

    @Test
    void declinesInTheNameOfTheSchemeAndRepeatsNothingOfTheCard() {
        Spec spec = Specs.load(Path.of("specs/payments.yaml")).orThrow();
        handle(purchase(CARD));
        handle(purchase(CARD));
        FluxMsg third = purchase(CARD).toBuilder().meta("tcp.session", "s.1").build();
        Outcome outcome = gear.handle(new Signal(third, "in", Optional.of(spec)), clock);
        assertThat(outcome.births()).singleElement().satisfies(birth -> {
            assertThat(birth.port()).isEqualTo("declined");
            assertThat(birth.draft().refId()).isEqualTo(third.id());
            assertThat(birth.draft().meta()).containsEntry("tcp.session", "s.1");
            assertThat(birth.draft().data())
                    .isEqualTo(FluxMap.builder()
                            .put("0", "0210")
                            .put("11", "000003")
                            .put("39", "65")
                            .build());
            assertThat(birth.draft().raw())
                    .isEqualTo(Bytes.wrap(spec.codec().encode(birth.draft().data())));
        });
    }

    @Test
    void countsEachCardByItself() {
        handle(purchase(CARD));
        handle(purchase(CARD));
        assertThat(portOf(handle(purchase(OTHER_CARD)))).contains("out");
    }

    @Test
    void forgetsWhatIsOlderThanTheWindow() {
        handle(purchase(CARD));
        handle(purchase(CARD));
        clock.now += Duration.ofSeconds(10).toNanos();
        assertThat(portOf(handle(purchase(CARD)))).contains("out");
    }

    @Test
    void alwaysPassesWhatIsNoRequest() {
        for (int i = 0; i < 5; i++) {
            assertThat(portOf(handle(message("0400", CARD)))).contains("out");
        }
    }

    @Test
    void remembersAcrossARestart() {
        FluxMsg before = purchase(CARD);
        Recollection past = new Recollection(
                clock.now - 1,
                Optional.of("in"),
                Optional.of(before),
                Optional.of("out"),
                Optional.empty(),
                Optional.empty());
        gear.recall(past, clock);
        gear.recall(past, clock);
        assertThat(portOf(handle(purchase(CARD)))).isEmpty();
    }

    @Test
    void watchesNoMoreCardsThanAllowed() {
        VelocityGear narrow = new VelocityGear(new VelocitySettings("2", 1, Duration.ofHours(1), 1));
        narrow.handle(new Signal(purchase(CARD), "in", Optional.empty()), clock);
        narrow.handle(new Signal(purchase(OTHER_CARD), "in", Optional.empty()), clock);
        Outcome forgotten = narrow.handle(new Signal(purchase(CARD), "in", Optional.empty()), clock);
        assertThat(portOf(forgotten)).contains("out");
    }

    private Outcome handle(FluxMsg msg) {
        return gear.handle(new Signal(msg, "in", Optional.empty()), clock);
    }

    private FluxMsg purchase(String card) {
        return message("0200", card);
    }

    private FluxMsg message(String mti, String card) {
        FluxMap data = FluxMap.builder()
                .put("0", mti)
                .put("2", card)
                .put("11", String.format("%06d", ++number))
                .build();
        return FluxMsg.builder()
                .id(FluxId.of(number, 0, 1))
                .srcId(1)
                .ts(1)
                .data(data)
                .build();
    }

    private static Optional<String> portOf(Outcome outcome) {
        return outcome.way() instanceof Outcome.Emitted emitted
                ? Optional.of(emitted.emissions().get(0).port())
                : Optional.empty();
    }

    /** A clock that stands still unless it is set, and nothing else. */
    private static final class Clock implements GearContext {
        private long now = 1_790_000_000_000_000_000L;

        @Override
        public long now() {
            return now;
        }

        @Override
        public void startTimer(String name, Duration after) {
            throw new IllegalStateException("this gear needs no timer");
        }

        @Override
        public void cancelTimer(String name) {
            throw new IllegalStateException("this gear needs no timer");
        }

        @Override
        public void count(String counter) {
            assertThat(counter).isEqualTo("declined");
        }

        @Override
        public void gauge(String name, long value) {
            throw new IllegalStateException("this gear has no gauge");
        }
    }
}
