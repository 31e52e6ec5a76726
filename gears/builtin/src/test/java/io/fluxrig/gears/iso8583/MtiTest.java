package io.fluxrig.gears.iso8583;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxrig.gear.Intake.SignalClass;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.Value;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MtiTest {
    @ParameterizedTest
    @CsvSource({
        "0100,0110",
        "0101,0110",
        "0200,0210",
        "0220,0230",
        "0221,0230",
        "0400,0410",
        "0420,0430",
        "0421,0430",
        "0800,0810",
        "0820,0830",
        "0202,0212"
    })
    void namesTheAnswer(String request, String response) {
        assertThat(new Mti(request).response()).contains(new Mti(response));
        assertThat(new Mti(response).isResponse()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"0110", "0210", "0240", "0430", "0810", "0150"})
    void hasNoAnswerToWhatIsNotAsked(String mti) {
        assertThat(new Mti(mti).response()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0100,REQUEST",
        "0200,REQUEST",
        "0110,REPLY",
        "0210,REPLY",
        "0410,REPLY",
        "0430,REPLY",
        "0810,REPLY",
        "0400,ADVICE",
        "0420,ADVICE",
        "0220,ADVICE",
        "0120,ADVICE",
        "0240,ADVICE",
        "0800,NETWORK",
        "0820,NETWORK"
    })
    void knowsOnWhichCreditsASignalLives(String mti, SignalClass expected) {
        assertThat(new Mti(mti).signalClass()).isEqualTo(expected);
    }

    @Test
    void isAbsentWhereFourDigitsAreNotThere() {
        assertThat(Mti.of(FluxMap.EMPTY)).isEmpty();
        for (String text : new String[] {"", "020", "02000", "02a0", "٠٢٠٠"}) {
            assertThat(Mti.of(FluxMap.of("0", Value.of(text)))).isEmpty();
        }
    }

    @Test
    void repeatsNothingOfTheCardInAnAnswer() {
        FluxMap request = FluxMap.builder()
                .put("0", "0200")
                .put("2", "9999100000000006")
                .put("11", "000001")
                .put("14", "3012")
                .put("35", "9999100000000006=3012")
                .put("41", "TERM0001")
                .build();
        FluxMap answer = Answers.to(request, ResponseCode.ISSUER_UNAVAILABLE).orElseThrow();
        assertThat(answer)
                .isEqualTo(FluxMap.builder()
                        .put("0", "0210")
                        .put("11", "000001")
                        .put("39", "91")
                        .put("41", "TERM0001")
                        .build());
    }
}
