package io.fluxrig.gears.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxrig.gear.testkit.GearContract;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxId;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.FluxMsg;
import io.fluxrig.signal.Value;
import org.junit.jupiter.api.Test;

class LogGearTest {
    private static final FluxMsg MESSAGE = FluxMsg.builder()
            .id(FluxId.of(7, 1, 1))
            .meta("iso.mti", "0210")
            .meta("tcp.session", "secret.1")
            .meta("error.code", "FLX-3009")
            .meta("error.reason", "its connection is closed")
            .data(FluxMap.builder().put("2", "9999100000000006").put("39", "00").build())
            .raw(Bytes.wrap(new byte[42]))
            .build();

    @Test
    void tellsIdTypeAndSizesAndNothingElse() {
        String line = new LogGear(LogSettings.Level.INFO, "sink").line(MESSAGE);
        assertThat(line)
                .isEqualTo("sink: " + FluxId.text(MESSAGE.id())
                        + " mti=0210 code=FLX-3009 reason=its connection is closed fields=2 raw=42");
    }

    @Test
    void leavesWhatHasFailedAFailure() {
        assertThat(ToldError.parse("FLX-3009").orElseThrow().code()).isEqualTo("FLX-3009");
        assertThat(ToldError.parse("out of order")).isEmpty();
    }

    @Test
    void keepsTheContractOfAllGears() {
        GearContract.of(new LogType())
                .settings(FluxMap.of("level", Value.of("debug")))
                .signal("in", MESSAGE)
                .check()
                .orThrow();
    }
}
