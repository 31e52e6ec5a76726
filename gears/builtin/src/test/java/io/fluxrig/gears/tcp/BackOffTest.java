package io.fluxrig.gears.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackOffTest {
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofSeconds(5);

    @Test
    void waitsTwiceAsLongEachTimeUpToALimit() {
        BackOff backOff = new BackOff(SHORTEST, LONGEST, 42);
        long expected = 100;
        for (int i = 0; i < 10; i++) {
            assertThat(backOff.next().toMillis()).isBetween(expected * 3 / 4 - 1, expected);
            expected = Math.min(5000, 2 * expected);
        }
    }

    @Test
    void beginsAnewAfterASuccess() {
        BackOff backOff = new BackOff(SHORTEST, LONGEST, 42);
        for (int i = 0; i < 5; i++) {
            backOff.next();
        }
        backOff.reset();
        assertThat(backOff.next()).isLessThanOrEqualTo(SHORTEST);
    }

    @Test
    void differsBetweenLinksAndNotBetweenRuns() {
        assertThat(new BackOff(SHORTEST, LONGEST, 1).next()).isEqualTo(new BackOff(SHORTEST, LONGEST, 1).next());
        assertThat(new BackOff(SHORTEST, LONGEST, 1).next()).isNotEqualTo(new BackOff(SHORTEST, LONGEST, 2).next());
    }
}
