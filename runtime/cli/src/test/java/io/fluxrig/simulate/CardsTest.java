package io.fluxrig.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CardsTest {
    @Test
    void areSixteenDigitsThatBeginWith9999AndPassLuhn() {
        assertThat(Cards.all())
                .hasSizeGreaterThan(100)
                .allMatch(pan -> pan.matches("9999[0-9]{12}"))
                .allMatch(CardsTest::passesLuhn);
        assertThat(new HashSet<>(Cards.all())).hasSameSizeAs(Cards.all());
    }

    /** Written anew, so that the maker of the digit does not judge itself. */
    private static boolean passesLuhn(String pan) {
        int sum = 0;
        for (int i = 0; i < pan.length(); i++) {
            int digit = Character.digit(pan.charAt(i), 10);
            if ((pan.length() - i) % 2 == 0) {
                digit = digit * 2 / 10 + digit * 2 % 10;
            }
            sum += digit;
        }
        return sum % 10 == 0;
    }

    @Test
    void sayHowTheyAreTreated() {
        for (Cards.Network network : Cards.Network.values()) {
            for (Cards.Kind kind : Cards.Kind.values()) {
                String pan = Cards.card(network, kind, 7);
                assertThat(Cards.kindOf(pan)).isEqualTo(kind);
                assertThat(pan).startsWith(network.prefix());
            }
        }
    }

    @Test
    void areDrawnFromTheSetThatASearchLooksFor() {
        SplittableRandom chance = new SplittableRandom(1);
        for (int i = 0; i < 5000; i++) {
            assertThat(Cards.all()).contains(Cards.draw(chance));
        }
    }

    @Test
    void showFirstSixAndLastFour() {
        assertThat(Cards.masked("9999100000000006")).isEqualTo("999910******0006");
        assertThat(Cards.masked("99991")).isEqualTo("*****");
    }
}
