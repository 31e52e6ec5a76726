package io.fluxrig.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Attacks A07 and A09. */
class SerialRuleTest {
    private static final Bytes ONE = Bytes.ofHex("01".repeat(32));
    private static final Bytes TWO = Bytes.ofHex("02".repeat(32));

    private static boolean check(long known, long serial, Bytes identity) {
        return SerialRule.check("s", Optional.of(known), Optional.of(ONE), serial, identity);
    }

    private static void refused(ScenarioError code, long known, long serial, Bytes identity) {
        assertThatExceptionOfType(FluxException.class)
                .isThrownBy(() -> check(known, serial, identity))
                .satisfies(e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void theFirstOfANameIsNew() {
        assertThat(SerialRule.check("s", Optional.empty(), Optional.empty(), 5, ONE))
                .isTrue();
    }

    @Test
    void aHigherSerialIsNew() {
        assertThat(check(7, 8, TWO)).isTrue();
        assertThat(check(7, 8, ONE)).isTrue();
    }

    @Test
    void theSameAgainIsFineAndNotNew() {
        assertThat(check(7, 7, ONE)).isFalse();
    }

    @Test
    void aLowerSerialIsARollback() {
        refused(ScenarioError.ROLLBACK, 7, 6, TWO);
        refused(ScenarioError.ROLLBACK, 7, 6, ONE);
        refused(ScenarioError.ROLLBACK, 7, 0, ONE);
    }

    @Test
    void theSameSerialWithOtherContentIsEquivocation() {
        refused(ScenarioError.EQUIVOCATION, 7, 7, TWO);
        assertThatExceptionOfType(FluxException.class)
                .isThrownBy(() -> SerialRule.check("s", Optional.of(7L), Optional.empty(), 7, ONE))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ScenarioError.EQUIVOCATION));
    }

    @Test
    void aSerialJumpsByAMillionAtMost() {
        assertThat(check(7, 1_000_007, TWO)).isTrue();
        refused(ScenarioError.JUMP, 7, 1_000_008, TWO);
        refused(ScenarioError.JUMP, 0, Long.MAX_VALUE, TWO);
    }
}
