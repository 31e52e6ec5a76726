package io.fluxrig.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FluxEntityIdTest {
    @ParameterizedTest
    @CsvSource({
        "01, cluster",
        "02, mixer",
        "03, fluxmsg",
        "04, rack",
        "05, gear",
        "06, port-in",
        "07, port-out",
        "08, wire",
        "09, snake",
        "0a, scenario",
        "0b, session",
        "0c, spec"
    })
    void everyTypeHasItsNumber(String number, String name) {
        FluxEntityId id = FluxEntityId.parse(name + "-00ff-00000000a1");
        assertThat(String.format("%016x", id.value())).isEqualTo(number + "00ff" + "00000000a1");
        assertThat(id.text()).isEqualTo(name + "-00ff-00000000a1");
        assertThat(id.machine()).isEqualTo(255);
        assertThat(id.sequence()).isEqualTo(161);
        assertThat(FluxEntityId.of(id.type(), 255, 161)).isEqualTo(id);
    }

    @Test
    void writesTheExampleOfTheFormat() {
        assertThat(FluxEntityId.of(FluxEntityId.Type.RACK, 1, 1).text()).isEqualTo("rack-0001-0000000001");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "rack",
                "rack-1-1",
                "rack-0001-000000001",
                "rack-0001-00000000001",
                "RACK-0001-0000000001",
                "rack-000A-0000000001",
                "truck-0001-0000000001",
                "-0001-0000000001",
                "rack-0001-0000000001 "
            })
    void refusesEverythingElse(String text) {
        assertThatThrownBy(() -> FluxEntityId.parse(text))
                .isInstanceOfSatisfying(
                        FluxException.class, e -> assertThat(e.code()).isEqualTo(SignalError.ENTITY_ID));
    }

    @Test
    void refusesUnknownTypesAndRanges() {
        assertThatThrownBy(() -> new FluxEntityId(0)).isInstanceOf(FluxException.class);
        assertThatThrownBy(() -> new FluxEntityId(0x0dL << 56)).isInstanceOf(FluxException.class);
        assertThatThrownBy(() -> new FluxEntityId(-1)).isInstanceOf(FluxException.class);
        assertThatThrownBy(() -> FluxEntityId.of(FluxEntityId.Type.GEAR, 65_536, 0))
                .isInstanceOf(FluxException.class);
        assertThatThrownBy(() -> FluxEntityId.of(FluxEntityId.Type.GEAR, 0, 1L << 40))
                .isInstanceOf(FluxException.class);
    }
}
